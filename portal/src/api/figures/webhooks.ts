// What became of webhooks, and how late they came in.

import type { ReportDay } from '../types';
import { sumOf, type Period } from './periods';

/** Answers that are told apart. The rest are those that were not taken. */
export const ANSWERS = ['applied', 'ignored', 'stale', 'duplicate', 'pending'] as const;

export interface WebhookRow {
  period: Period;
  deliveries: number;
  answers: Record<(typeof ANSWERS)[number] | 'other', number>;
  /** Half of the deliveries of an ordinary day took no longer. */
  usual_lag_s: number | null;
  /** Nineteen of twenty deliveries of the slowest day took no longer. */
  worst_lag_s: number | null;
}

export function webhookRow(period: Period): WebhookRow {
  const { days } = period;
  const known = ANSWERS.map((answer) => [answer, sumOf(days, (day) => day.webhooks.answers[answer])] as const);
  const deliveries = sumOf(days, (day) => day.webhooks.deliveries);
  const other = deliveries - known.reduce((sum, [, count]) => sum + count, 0);
  return {
    period, deliveries,
    answers: { ...Object.fromEntries(known), other } as WebhookRow['answers'],
    usual_lag_s: usualLag(days),
    worst_lag_s: lags(days, (day) => day.webhooks.lag_p95_s).at(-1) ?? null,
  };
}

/** What half of the deliveries took at most, on an ordinary day. */
export function usualLag(days: readonly ReportDay[]): number | null {
  return median(lags(days, (day) => day.webhooks.lag_p50_s));
}

function lags(days: readonly ReportDay[], of: (day: ReportDay) => number | null | undefined): number[] {
  return days.map(of).filter((lag) => lag !== null && lag !== undefined).sort((a, b) => a - b);
}

/** The lower one of two in the middle. */
function median(sorted: readonly number[]): number | null {
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
}
