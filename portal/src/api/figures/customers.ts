// Who is on which plan, who goes on after the founding months, and who leaves.

import { monthsIn } from '@/util/range';
import type { ReportDay } from '../types';
import { lastOf, share, sumOf, type Period } from './periods';
import { moved } from './revenue';

export const PLANS = ['founding_member', 'prospector', 'networker', 'rainmaker', 'unmapped'] as const;

export function customersOn(day: ReportDay, plan: string): number {
  return day.plans[plan]?.customers ?? 0;
}

export function customersOf(day: ReportDay): number {
  return Object.values(day.plans).reduce((sum, { customers }) => sum + customers, 0);
}

export interface PlanRow {
  period: Period;
  /** At the period's end. */
  last: ReportDay;
  total: number;
}

export function planRow(period: Period): PlanRow {
  const last = lastOf(period.days);
  return { period, last, total: customersOf(last) };
}

export interface Founding {
  begun: number;
  converted: number;
  left: number;
  /** Of those who decided, how many went on. */
  rate: number | null;
}

export function foundingOf(days: readonly ReportDay[]): Founding {
  const begun = sumOf(days, (day) => day.founding.begun);
  const converted = sumOf(days, (day) => day.founding.converted);
  const left = sumOf(days, (day) => day.founding.left);
  return { begun, converted, left, rate: share(converted, converted + left) };
}

export interface Churn {
  /** Customers whose revenue ended. */
  lost: number;
  lost_cents: number;
  /** On an average day. */
  customers: number;
  mrr_cents: number;
  /** In a month: in a longer or a shorter time, what comes of it for one. */
  rate: number | null;
  mrr_rate: number | null;
}

/**
 * Against an average day, as a month that begins with few customers and ends with many would else show more of them lost than there were.
 * `isMonthly` brings the rates to one month; a month of the calendar is shown as it is, the one that is going on too.
 */
export function churnOf(days: readonly ReportDay[], isMonthly: boolean): Churn {
  const [first, last] = [days[0], days.at(-1)];
  const { count: lost, cents } = moved(days, 'churn');
  const customers = days.length === 0 ? 0 : sumOf(days, customersOf) / days.length;
  const mrr_cents = days.length === 0 ? 0 : sumOf(days, (day) => day.mrr_cents) / days.length;
  const months = isMonthly && first && last ? monthsIn({ from: first.day, to: last.day }) : 1;
  return {
    lost, lost_cents: cents === 0 ? 0 : -cents, customers, mrr_cents,
    rate: share(lost, customers * months), mrr_rate: share(cents === 0 ? 0 : -cents, mrr_cents * months),
  };
}
