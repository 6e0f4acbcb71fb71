import { describe, expect, it } from 'vitest';
import { countdown, exact, relative, utcDay } from './time';

const AT = '2026-11-26T09:26:13.000Z';
const at_ms = Date.parse(AT);

describe('times', () => {
  it.each([
    [0, 'just now'], [44, 'just now'], [46, '1 minute ago'], [60, '1 minute ago'], [3_599, '59 minutes ago'], [3_600, '1 hour ago'],
    [86_400, 'yesterday'], [3 * 86_400, '3 days ago'], [45 * 86_400, 'last month'], [-30, 'in a moment'], [-86_400, 'tomorrow'], [-7_200, 'in 2 hours'],
  ])('%i seconds ago reads as %j', (seconds, words) => {
    expect(relative(AT, at_ms + seconds * 1000)).toBe(words);
  });

  it('leaves nothing open where it is exact', () => {
    expect(exact(AT, 'Europe/Berlin')).toMatch(/Thu,? 26 Nov 2026,? (at )?10:26:13 (GMT\+1|CET)/);
  });

  it('names days in UTC, as the API does', () => {
    expect(utcDay('2026-11-26T23:59:59.999Z')).toBe('2026-11-26');
  });

  it('counts down to nothing and not below', () => {
    expect([65_000, 59_001, 1, 0, -5_000].map(countdown)).toEqual(['1:05', '1:00', '0:01', '0:00', '0:00']);
  });
});
