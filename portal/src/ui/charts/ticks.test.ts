import { expect, it } from 'vitest';
import { ticks } from './ticks';

it('steps by round numbers', () => {
  expect(ticks(0, 325, 'count')).toEqual([0, 100, 200, 300, 400]);
  expect(ticks(0, 3, 'count')).toEqual([0, 1, 2, 3]);
  expect(ticks(0, 17, 'count')).toEqual([0, 5, 10, 15, 20]);
  expect(ticks(0, 3_936_565, 'money')).toEqual([0, 1_000_000, 2_000_000, 3_000_000, 4_000_000]);
  expect(ticks(0, 0.018, 'rate').map((it) => it.toFixed(4))).toEqual(['0.0000', '0.0050', '0.0100', '0.0150', '0.0200']);
  expect(ticks(0, 97, 'seconds')).toEqual([0, 60, 120]);
  expect(ticks(0, 6, 'seconds')).toEqual([0, 2, 4, 6]);
});

it('goes below zero by the same steps', () => {
  expect(ticks(-65_000, 135_000, 'money')).toEqual([-100_000, -50_000, 0, 50_000, 100_000, 150_000]);
});

it('has an axis of nothing', () => {
  expect(ticks(0, 0, 'count')).toEqual([0, 1]);
});
