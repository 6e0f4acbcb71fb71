import { expect, it } from 'vitest';
import { dayAfter, dayWords, duration, utcDayOf } from './days';

it('takes a day that there is, and nothing else', () => {
  expect(utcDayOf('2026-11-26')).toBe('2026-11-26');
  expect(utcDayOf('2026-02-30')).toBeUndefined();
  expect(utcDayOf('26.11.2026')).toBeUndefined();
  expect(utcDayOf(20261126)).toBeUndefined();
});

it('goes over the ends of months and years', () => {
  expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28');
  expect(dayWords('2026-11-26')).toBe('26 Nov 2026');
});

it('tells how long something took', () => {
  expect([0, 89, 120, 3_600, 3_900, 25_200].map(duration)).toEqual(['0 s', '89 s', '2 min', '1 h', '1 h 5 min', '7 h']);
});
