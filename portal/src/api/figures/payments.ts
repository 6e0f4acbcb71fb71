// What was paid, given back, disputed, and paid after all.

import { PROGRAMMES, type Programme } from '@/util/cardNetworks';
import type { FigureSum, ReportDay } from '../types';
import { share, total, type Period } from './periods';

export interface Payments {
  paid: FigureSum;
  refunds: FigureSum;
  disputes: FigureSum;
  failed: FigureSum;
  recovered: FigureSum;
  /** Refunds by payments, as cases. */
  refund_rate: number | null;
  /** Disputes by payments, as cases. */
  dispute_rate: number | null;
  /** Paid after a failure, by failures. */
  recovery_rate: number | null;
}

export function paymentsOf(days: readonly ReportDay[]): Payments {
  const paid = total(days, (day) => day.payments.paid);
  const failed = total(days, (day) => day.payments.failed);
  const recovered = total(days, (day) => day.payments.recovered);
  const refunds = total(days, (day) => day.refunds);
  const disputes = total(days, (day) => day.disputes);
  return {
    paid, failed, recovered, refunds, disputes,
    refund_rate: share(refunds.count, paid.count),
    dispute_rate: share(disputes.count, paid.count),
    recovery_rate: share(recovered.count, failed.count),
  };
}

export interface MonthlyPayments extends Payments {
  period: Period;
  /** Disputes by the payments of the month before; null where those are not known. */
  late_dispute_rate: number | null;
}

/** Months one after the other, each with what the networks divide by. */
export function monthlyPayments(months: readonly Period[]): MonthlyPayments[] {
  const all = months.map((period) => ({ period, ...paymentsOf(period.days) }));
  return all.map((month, at) => {
    const before = all[at - 1];
    const isKnown = before !== undefined && !before.period.isCut;
    return { ...month, late_dispute_rate: isKnown ? share(month.disputes.count, before.paid.count) : null };
  });
}

export interface Standing {
  programme: Programme;
  rate: number | null;
  cases: number;
  /** Both marks are reached, or one of them, or none. */
  reached: 'both' | 'rate' | 'cases' | 'none';
}

/** How a month stands by the networks' rules. */
export function standings(month: MonthlyPayments): Standing[] {
  return PROGRAMMES.map((programme) => {
    const rate = programme.payments_of === 'same month' ? month.dispute_rate : month.late_dispute_rate;
    const cases = month.disputes.count;
    const [isRate, isCases] = [rate !== null && rate >= programme.rate_min, cases >= programme.cases_min];
    return { programme, rate, cases, reached: isRate && isCases ? 'both' : isRate ? 'rate' : isCases ? 'cases' : 'none' };
  });
}
