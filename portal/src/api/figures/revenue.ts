// Monthly recurring revenue, and by what it changes.

import type { FigureSum, ReportDay } from '../types';
import { lastOf, total, type Period } from './periods';

export const MOVEMENTS = ['new', 'upgrade', 'recovered', 'downgrade', 'churn'] as const;
export type Movement = (typeof MOVEMENTS)[number];

export interface RevenueRow {
  period: Period;
  /** At the period's end. */
  mrr_cents: number;
  movements: Record<Movement, FigureSum>;
  net_cents: number;
}

export function moved(days: readonly ReportDay[], movement: Movement): FigureSum {
  return total(days, (day) => day.movements[movement]);
}

export function revenueRow(period: Period): RevenueRow {
  const sums = MOVEMENTS.map((movement) => [movement, moved(period.days, movement)] as const);
  return {
    period,
    mrr_cents: lastOf(period.days).mrr_cents,
    movements: Object.fromEntries(sums) as Record<Movement, FigureSum>,
    net_cents: sums.reduce((net, [, { cents }]) => net + cents, 0),
  };
}
