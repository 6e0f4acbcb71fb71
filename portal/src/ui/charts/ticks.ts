// Round numbers for an axis.

import type { Unit } from './types';

/** So many steps between zero and the highest number, or a few less. */
const STEPS = 4;

/** Round in hours and minutes; above them it goes on by doubling. */
const SECONDS = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/** Zero, all that is drawn, and a round number at either end. */
export function ticks(low: number, high: number, unit: Unit): number[] {
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  if (bottom === top) return [0, unit === 'rate' ? 0.01 : unit === 'money' ? 100 : 1];
  const step = stepOf((top - bottom) / STEPS, unit);
  const [first, last] = [Math.floor(bottom / step), Math.ceil(top / step)];
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function stepOf(least: number, unit: Unit): number {
  if (unit === 'seconds') return SECONDS.find((it) => it >= least) ?? 2 ** Math.ceil(Math.log2(least));
  if (unit === 'count' && least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  // Half a customer is no step.
  const isWhole = unit !== 'count' || power >= 10;
  const round = (isWhole ? [1, 2, 2.5, 5, 10] : [1, 2, 5, 10]).find((it) => it * power >= least * 0.999) ?? 10;
  return round * power;
}
