import { describe, expect, it } from 'vitest';
import { dayAfter } from '@/util/days';
import type { ReportDay } from '../types';
import { asked } from '../reports';
import { churnOf, customersOf, foundingOf } from './customers';
import { changeOf, comparedTo, headlinesOf } from './headlines';
import { monthlyPayments, paymentsOf, standings } from './payments';
import { periodsOf, periodTick, periodWords, usualGrain } from './periods';
import { revenueRow } from './revenue';
import { webhookRow } from './webhooks';

const none = { count: 0, cents: 0 };

function reportDay(day: string, more: Partial<ReportDay> = {}): ReportDay {
  return {
    day, counted_until: `${day}T23:59:59.000Z`, closed: true, currency: 'usd', mrr_cents: 0, plans: {}, movements: {},
    founding: { begun: 0, converted: 0, left: 0 }, payments: { paid: none, failed: none, recovered: none }, refunds: none, disputes: none,
    webhooks: { deliveries: 0, answers: {}, lag_p50_s: null, lag_p95_s: null }, ...more,
  };
}

/** So many days one after the other. */
function days(from: string, count: number, more: Partial<ReportDay> = {}): ReportDay[] {
  return Array.from({ length: count }, (_, at) => reportDay(dayAfter(from, at), more));
}

const paid = (count: number) => ({ payments: { paid: { count, cents: count * 7_500 }, failed: none, recovered: none } });

describe('periods', () => {
  it('puts days together by the calendar', () => {
    const all = days('2026-10-30', 28);
    expect(periodsOf(all, 'day')).toHaveLength(28);
    expect(periodsOf(all, 'week').map(periodTick)).toEqual(['30 Oct', '2 Nov', '9 Nov', '16 Nov', '23 Nov']);
    expect(periodsOf(all, 'month').map(periodTick)).toEqual(['Oct', 'Nov']);
  });

  it('says what is cut, and what is not over', () => {
    const all = [...days('2026-09-30', 31), ...days('2026-10-31', 2), reportDay('2026-11-02', { closed: false })];
    const months = periodsOf(all, 'month');
    expect(months.map(({ isCut, isOpen }) => [isCut, isOpen])).toEqual([[true, false], [false, false], [false, true]]);
    expect(months.map(periodWords)).toEqual(['30 Sept 2026', 'Oct 2026', 'Nov 2026, so far']);
    expect(periodsOf(all, 'day').map(periodWords).at(-1)).toBe('2 Nov 2026, so far');
  });

  it('shows a range in a sensible number of steps', () => {
    expect([30, 90, 361].map((count) => usualGrain({ from: '2026-01-01', to: dayAfter('2026-01-01', count - 1) }))).toEqual(['day', 'week', 'month']);
  });

  it('asks for the month before too, as far as the server goes', () => {
    expect(asked({ from: '2026-11-10', to: '2026-11-26' })).toEqual({ from: '2026-10-01', to: '2026-11-26' });
    expect(asked({ from: '2025-11-30', to: '2026-11-30' }).from).toBe('2025-10-27');
  });
});

describe('revenue', () => {
  it('takes the stock of the last day and adds up what moved', () => {
    const movements = { new: { count: 2, cents: 15_000 }, downgrade: { count: 1, cents: -7_000 }, churn: { count: 1, cents: -7_500 } };
    const [week] = periodsOf([reportDay('2026-11-23', { mrr_cents: 1, movements }), reportDay('2026-11-24', { mrr_cents: 501, movements })], 'week');
    const row = revenueRow(week as never);
    expect([row.mrr_cents, row.net_cents]).toEqual([501, 1_000]);
    expect(row.movements.new).toEqual({ count: 4, cents: 30_000 });
    expect(row.movements.recovered).toEqual(none);
  });
});

describe('customers', () => {
  const plans = { prospector: { customers: 90, mrr_cents: 675_000 }, networker: { customers: 10, mrr_cents: 145_000 } };
  const churn = { churn: { count: 1, cents: -7_500 } };

  it('counts each once', () => {
    expect(customersOf(reportDay('2026-11-01', { plans }))).toBe(100);
  });

  it('measures those who leave against an average day, for one month', () => {
    const month = days('2026-11-01', 30, { plans, mrr_cents: 820_000, movements: churn });
    const all = churnOf(month, true);
    expect(all).toMatchObject({ lost: 30, lost_cents: 225_000, customers: 100, mrr_cents: 820_000, rate: 0.3 });
    expect(churnOf(month.slice(0, 15), true).rate).toBeCloseTo(0.3);
    expect(churnOf(month.slice(0, 15), false).rate).toBeCloseTo(0.15);
  });

  it('has no rate of nobody', () => {
    expect(churnOf([], true)).toMatchObject({ lost: 0, lost_cents: 0, rate: null, mrr_rate: null });
    expect(foundingOf(days('2026-11-01', 3))).toEqual({ begun: 0, converted: 0, left: 0, rate: null });
  });

  it('measures conversions against those who decided', () => {
    expect(foundingOf(days('2026-11-01', 2, { founding: { begun: 5, converted: 3, left: 1 } })).rate).toBe(0.75);
  });
});

describe('payments', () => {
  it('measures refunds and disputes by payments, as cases', () => {
    const day = reportDay('2026-11-01', { ...paid(200), refunds: { count: 3, cents: 1 }, disputes: { count: 1, cents: 1 } });
    expect(paymentsOf([day])).toMatchObject({ refund_rate: 0.015, dispute_rate: 0.005, recovery_rate: null });
  });

  it('divides by the payments of the month before only where all of it is counted', () => {
    const disputes = { disputes: { count: 1, cents: 1 } };
    const each = { ...paid(10), ...disputes };
    const all = [...days('2026-09-30', 1, paid(1)), ...days('2026-10-01', 31, each), ...days('2026-11-01', 10, each)];
    const months = monthlyPayments(periodsOf(all, 'month'));
    expect(months.map((it) => it.late_dispute_rate)).toEqual([null, null, 10 / 310]);
    expect(months.at(-1)?.dispute_rate).toBe(0.1);
  });

  it.each([
    [149, 10_000, 'cases', 'none'], [150, 10_000, 'both', 'none'], [99, 6_600, 'rate', 'none'], [300, 10_000, 'both', 'both'],
    [1_500, 100_000, 'both', 'cases'],
  ])('with %i cases of %i payments reaches %s of ECM and %s of HECM', (cases, payments, ecm, hecm) => {
    const all = [...days('2026-10-01', 30), reportDay('2026-10-31', paid(payments)), reportDay('2026-11-30', { disputes: { count: cases, cents: 1 } })];
    const month = monthlyPayments(periodsOf(all, 'month')).at(-1);
    expect(standings(month as never).map((it) => it.reached).slice(1)).toEqual([ecm, hecm]);
  });

  it('takes Visa’s marks together, at the mark itself', () => {
    const [month] = monthlyPayments(periodsOf(days('2026-11-01', 1, { ...paid(100_000), disputes: { count: 1_500, cents: 1 } }), 'month'));
    expect(standings(month as never)[0]).toMatchObject({ rate: 0.015, cases: 1_500, reached: 'both' });
  });
});

describe('webhooks', () => {
  it('tells answers apart, and gathers those that were not taken', () => {
    const webhooks = (lag_p50_s: number | null, lag_p95_s: number | null) => (
      { webhooks: { deliveries: 10, answers: { applied: 7, duplicate: 1, refused: 1, quarantined: 1 }, lag_p50_s, lag_p95_s } }
    );
    const week = [reportDay('2026-11-23', webhooks(1, 9)), reportDay('2026-11-24', webhooks(3, 4)), reportDay('2026-11-25', webhooks(null, null))];
    const row = webhookRow(periodsOf(week, 'week')[0] as never);
    expect(row.answers).toEqual({ applied: 21, ignored: 0, stale: 0, duplicate: 3, pending: 0, other: 6 });
    expect([row.usual_lag_s, row.worst_lag_s]).toEqual([1, 9]);
  });
});

describe('the figures on top', () => {
  it('are held against a range only where each of its days was counted', () => {
    const range = { from: '2026-11-01', to: '2026-11-03' };
    expect(comparedTo(days('2026-11-02', 2), range)).toBeNull();
    expect(comparedTo(days('2026-10-30', 9, paid(1)), range)?.paid_cents).toBe(22_500);
    expect(headlinesOf([])).toMatchObject({ mrr_cents: null, customers: null, paid_cents: 0 });
  });

  it('change by part of what was, and rates by what they are', () => {
    expect(changeOf(200, 150, false)).toEqual({ direction: 'less', by: 0.25 });
    expect(changeOf(0, 150, false)).toBeNull();
    expect(changeOf(0, 0.5, true)).toEqual({ direction: 'more', by: 0.5 });
    expect(changeOf(null, 1, true)).toBeNull();
    expect(changeOf(7, 7, false)).toEqual({ direction: 'same', by: 0 });
  });
});
