import { expect, it } from 'vitest';
import type { Charge, Order, User } from '@/api/types';
import { whatChanges } from './whatChanges';

const usd = (amount_cents: number) => ({ amount_cents, currency: 'usd' });
const user = { status: 'active', subscription: { period_end: '2026-12-03T09:00:00.000Z' } } as User;

it('shows what is left of the charge after a refund', () => {
  const order: Order = { operation: 'refund', charge: 'ch_1', amount: usd(3_107), why: 'paid_twice' };
  const charge = { refunded: usd(0), left: usd(7_500) } as Charge;
  expect(whatChanges(order, user, charge)).toEqual({
    before: { 'Refunded of the charge': '$0.00', 'Left to refund': '$75.00' },
    after: { 'Refunded of the charge': '$31.07', 'Left to refund': '$43.93' },
  });
});

it('shows nothing of a charge that could not be read', () => {
  const order: Order = { operation: 'refund', charge: 'ch_1', amount: usd(3_107), why: 'paid_twice', then_cancel: 'sub_1' };
  expect(whatChanges(order, user, undefined)).toEqual({ before: { Subscription: 'Active' }, after: { Subscription: 'Cancelled' } });
});

it('shows to when a payment is put off', () => {
  const order: Order = { operation: 'extend', subscription: 'sub_1', days: 7, until: '2026-12-10T09:00:00.000Z' };
  expect(whatChanges(order, user, undefined)).toEqual({ before: { 'Next payment': '3 Dec 2026' }, after: { 'Next payment': '10 Dec 2026' } });
});
