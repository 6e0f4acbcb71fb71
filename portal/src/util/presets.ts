// The ranges that have names.

import { dayAfter } from './days';
import { monthAfter, monthEnd, monthStart, type Range } from './range';

export const PRESETS = {
  month: 'This month',
  last_month: 'Last month',
  '30_days': '30 days',
  '90_days': '90 days',
  '12_months': '12 months',
} as const;

export type Preset = keyof typeof PRESETS;

export const USUAL: Preset = '90_days';

/** The days that a name stands for, by which day it is. */
export function presetRange(preset: Preset, today: string): Range {
  const before = monthAfter(today, -1);
  switch (preset) {
    case 'month': return { from: monthStart(today), to: today };
    case 'last_month': return { from: before, to: monthEnd(before) };
    case '30_days': return { from: dayAfter(today, -29), to: today };
    case '90_days': return { from: dayAfter(today, -89), to: today };
    // The one that is going on is the twelfth, so that no other is cut.
    case '12_months': return { from: monthAfter(today, -11), to: today };
  }
}
