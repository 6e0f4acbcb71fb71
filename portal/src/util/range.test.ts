import { expect, it } from 'vitest';
import { PRESETS, presetRange, type Preset } from './presets';
import { daysIn, monthEnd, monthsIn, rangeBefore, rangeFault, rangeWords, weekEnd, weekStart } from './range';

const range = (from: string, to: string) => ({ from, to });

it('counts both ends', () => {
  expect(daysIn(range('2026-11-26', '2026-11-26'))).toBe(1);
  expect(daysIn(range('2026-02-01', '2026-03-01'))).toBe(29);
});

it('begins weeks on Monday and ends months where they end', () => {
  expect([weekStart('2026-11-26'), weekEnd('2026-11-26')]).toEqual(['2026-11-23', '2026-11-29']);
  expect(weekStart('2026-11-23')).toBe('2026-11-23');
  expect(weekStart('2026-11-29')).toBe('2026-11-23');
  expect([monthEnd('2028-02-10'), monthEnd('2026-12-31')]).toEqual(['2028-02-29', '2026-12-31']);
});

it('names ranges by which day it is', () => {
  const all = Object.fromEntries((Object.keys(PRESETS) as Preset[]).map((it) => [it, presetRange(it, '2026-01-26')]));
  expect(all).toEqual({
    month: range('2026-01-01', '2026-01-26'), last_month: range('2025-12-01', '2025-12-31'), '30_days': range('2025-12-28', '2026-01-26'),
    '90_days': range('2025-10-29', '2026-01-26'), '12_months': range('2025-02-01', '2026-01-26'),
  });
});

it.each([
  ['as many days', '2026-10-28', '2026-11-26', '2026-09-28', '2026-10-27'],
  ['the same days of the month before', '2026-11-01', '2026-11-26', '2026-10-01', '2026-10-26'],
  ['a whole month by a whole month', '2026-02-01', '2026-02-28', '2026-01-01', '2026-01-31'],
  ['a day that the month before does not have', '2026-03-01', '2026-03-30', '2026-02-01', '2026-02-28'],
  ['twelve months', '2025-12-01', '2026-11-26', '2024-12-01', '2025-11-26'],
])('holds a range against %s', (_, from, to, before, until) => {
  expect(rangeBefore(range(from, to))).toEqual(range(before, until));
});

it('takes a whole month for one month, however long it is', () => {
  expect(monthsIn(range('2026-02-01', '2026-02-28'))).toBe(1);
  expect(monthsIn(range('2026-01-01', '2026-12-31'))).toBe(12);
  expect(monthsIn(range('2026-02-15', '2026-03-31'))).toBe(1.5);
});

it('says why a range cannot be shown', () => {
  const today = '2026-11-26';
  expect(rangeFault('2026-11-26', '2026-11-26', today)).toBeNull();
  expect(rangeFault('2025-11-26', '2026-11-26', today)).toBeNull();
  expect(rangeFault('2025-11-25', '2026-11-26', today)).toBe('At most 366 days can be shown.');
  expect(rangeFault('2026-11-26', '2026-11-25', today)).toBe('The first day is after the last one.');
  expect(rangeFault('2026-11-26', '2026-11-27', today)).toBe('The last day is not there yet.');
  expect(rangeFault('', '2026-11-25', today)).toBe('Both days are needed.');
});

it('says a range in words', () => {
  expect(rangeWords(range('2026-11-01', '2026-11-26'))).toMatch(/^1\s?–\s?26 Nov 2026$/);
});
