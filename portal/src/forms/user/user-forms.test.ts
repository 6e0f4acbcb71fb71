import { expect, it } from 'vitest';
import type { Charge, User } from '@/api/types';
import { quickAmounts } from './amounts';
import { isRunning, offers } from './offers';

const usd = (amount_cents: number) => ({ amount_cents, currency: 'usd' });
const charge = (id: string, cents: number, left: number, at: string): Charge => (
  {
    id, asked: usd(cents), amount: usd(cents), refunded: usd(cents - left), left: usd(left), status: 'succeeded', failure: null, invoice: null,
    disputed: false, created_at: at,
  }
);
const subscription = {
  id: 'sub_1', status: 'active', plan: 'networker', price: null, amount: usd(14_500), period_start: null, period_end: null, cancel_at_period_end: false,
  cancel_at: null, ended_at: null, trial_end: null, collection_paused: false, update_pending: false, started_at: '2026-01-01T00:00:00.000Z',
  past_due_since: null, latest_invoice: 'in_1', pending_change: null,
} as const;
const user: User = {
  id: 'cus_1', user_id: 'user_1', name: 'Ada', email: 'ada@example.com', deleted: false, created_at: null, sentence: '', status: 'active', plan: 'networker',
  standing: { access: true, access_until: null, revenue: true, days_past_due: null }, subscription, earlier_subscriptions: [], card: null,
  totals: [{ currency: 'usd', paid_cents: 14_500, refunded_cents: 0, disputed_cents: 0 }], notes: [], stripe_url: '',
};
const all = { role: 'owner', policy: undefined, money: undefined } as const;
const off = (of: User, doing: string, circumstances: Parameters<typeof offers>[1] = all) => offers(of, circumstances).find((it) => it.doing === doing)?.off;

it('offers what makes sense while all is well, and not its opposite', () => {
  const open = offers(user, all).filter((it) => it.off === null).map((it) => it.doing);
  expect(open).toEqual(['refund', 'change_plan', 'cancel', 'pause_collection', 'extend', 'retry_payment', 'credit', 'reset_password', 'resync']);
});

it('says to a viewer that their role is too low, for everything', () => {
  expect(offers(user, { ...all, role: 'viewer' }).every((it) => it.off?.includes('Support'))).toBe(true);
});

it('offers to take back an end, and no change of plan before that', () => {
  const ending = { ...user, subscription: { ...subscription, cancel_at_period_end: true } };
  expect(off(ending, 'undo_cancel')).toBeNull();
  expect(off(ending, 'change_plan')).toMatch(/going to end/);
});

it('offers nothing of a subscription that is over', () => {
  const over = { ...user, subscription: { ...subscription, status: 'canceled', cancel_at_period_end: true } };
  expect(isRunning(over)).toBe(false);
  expect(off(over, 'cancel')).toMatch(/No subscription/);
  expect(off(over, 'undo_cancel')).toBeUndefined();
  expect(off(over, 'refund')).toBeNull();
});

it('retries only an invoice that is open', () => {
  const money = { invoices: [], refunds: [], disputes: [], truncated: false };
  expect(off(user, 'retry_payment', { ...all, money })).toMatch(/No invoice/);
});

it('knows the amounts that are refunded most often', () => {
  const [late, early] = [charge('ch_2', 14_500, 14_500, '2026-11-01'), charge('ch_1', 7_500, 1, '2026-10-01')];
  const charges = [late, early];
  expect(quickAmounts(late, charges).map((it) => it.amount_cents)).toEqual([14_500, 7_250, 7_000]);
  expect(quickAmounts(early, charges).map((it) => it.amount_cents)).toEqual([1]);
  expect(quickAmounts(charge('ch_3', 100, 0, '2026-12-01'), charges)).toEqual([]);
});
