// The figures on top: one for each question that is asked of a range as a whole.

import type { Range } from '@/util/range';
import type { ReportDay } from '../types';
import { churnOf, customersOf, foundingOf } from './customers';
import { isWhole, within } from './periods';
import { paymentsOf } from './payments';
import { usualLag } from './webhooks';

export interface Headlines {
  mrr_cents: number | null;
  customers: number | null;
  paid_cents: number;
  churn_rate: number | null;
  mrr_churn_rate: number | null;
  founding_rate: number | null;
  refund_rate: number | null;
  dispute_rate: number | null;
  recovery_rate: number | null;
  /** From the making of an event to its coming in, as is usual. */
  lag_s: number | null;
}

/** What a range comes to. Stocks are those at its end. */
export function headlinesOf(days: readonly ReportDay[]): Headlines {
  const last = days.at(-1);
  const churn = churnOf(days, true);
  const payments = paymentsOf(days);
  return {
    mrr_cents: last?.mrr_cents ?? null,
    customers: last ? customersOf(last) : null,
    paid_cents: payments.paid.cents,
    churn_rate: churn.rate,
    mrr_churn_rate: churn.mrr_rate,
    founding_rate: foundingOf(days).rate,
    refund_rate: payments.refund_rate,
    dispute_rate: payments.dispute_rate,
    recovery_rate: payments.recovery_rate,
    lag_s: usualLag(days),
  };
}

/** The same of a range that is held against another; null unless each of its days was counted. */
export function comparedTo(days: readonly ReportDay[], range: Range): Headlines | null {
  const counted = within(days, range);
  return isWhole(counted, range) ? headlinesOf(counted) : null;
}

export type Better = 'more' | 'less';

export interface Change {
  direction: 'more' | 'less' | 'same';
  /** By how much: of the value before where it is an amount or a count, in itself where it is a rate. */
  by: number;
}

/** From one value to another; null where there is nothing to hold it against. */
export function changeOf(before: number | null, after: number | null, isRate: boolean): Change | null {
  if (before === null || after === null || (!isRate && before === 0)) return null;
  const by = isRate ? after - before : (after - before) / Math.abs(before);
  return { direction: by === 0 ? 'same' : by > 0 ? 'more' : 'less', by: Math.abs(by) };
}
