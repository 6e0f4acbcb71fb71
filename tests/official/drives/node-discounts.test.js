// Coupons, promotion codes, credit notes and balances by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, refusal, sandboxOf, subscribed } from '../node.js';

const world = sandboxOf('discounts');

test('a coupon is made, redeemed by its code, and taken off again', async () => {
  const { stripe } = world;
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever', name: 'Early', metadata: { from: 'official' } });
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'EARLY20', max_redemptions: 5 });
  const subscription = await subscribed(stripe, { discounts: [{ promotion_code: code.id }], expand: ['latest_invoice', 'discounts'] });
  assert.equal(subscription.latest_invoice.amount_paid, 6000);
  const gone = await stripe.subscriptions.deleteDiscount(subscription.id);
  assert.equal(gone.deleted, true);
  assert.deepEqual((await stripe.subscriptions.retrieve(subscription.id)).discounts, []);
  const off = await stripe.promotionCodes.update(code.id, { active: false });
  assert.equal(off.active, false);
  assert.equal((await stripe.promotionCodes.retrieve(code.id)).times_redeemed, 1);
  assert.deepEqual((await stripe.promotionCodes.list({ code: 'EARLY20' })).data.map((one) => one.id), [code.id]);
  assert.equal((await stripe.coupons.update(coupon.id, { name: 'Late' })).name, 'Late');
  assert.equal((await stripe.coupons.retrieve(coupon.id)).times_redeemed, 1);
  assert.deepEqual((await all(stripe.coupons.list({ limit: 1 }))).map((one) => one.id), [coupon.id]);
  assert.equal((await stripe.coupons.del(coupon.id)).deleted, true);
  const found = await stripe.subscriptions.search({ query: "status:'active'" });
  assert.deepEqual(found.data.map((one) => one.id), [subscription.id]);
});

test('a paid invoice is credited in part, as the preview said', async () => {
  const { stripe } = world;
  const { latest_invoice: invoice, customer } = await subscribed(stripe);
  const wanted = { invoice, amount: 1000, credit_amount: 1000, reason: 'order_change' };
  const preview = await stripe.creditNotes.preview(wanted);
  const lines = await stripe.creditNotes.listPreviewLineItems(wanted);
  const note = await stripe.creditNotes.create({ ...wanted, memo: 'Sorry' });
  assert.deepEqual([note.amount, note.lines.data.length], [preview.amount, lines.data.length]);
  assert.equal((await stripe.creditNotes.update(note.id, { memo: 'Very sorry' })).memo, 'Very sorry');
  assert.equal((await stripe.creditNotes.retrieve(note.id)).type, 'post_payment');
  assert.deepEqual((await stripe.creditNotes.list({ invoice })).data.map((one) => one.id), [note.id]);
  assert.equal((await stripe.creditNotes.listLineItems(note.id, { limit: 1 })).data[0].amount, 1000);
  const [credited] = (await stripe.customers.listBalanceTransactions(customer)).data;
  assert.deepEqual([credited.amount, credited.credit_note], [-1000, note.id]);
});

test('a note before payment can be voided', async () => {
  const { stripe } = world;
  const subscription = await subscribed(stripe, { card: 'pm_card_chargeCustomerFail' });
  const note = await stripe.creditNotes.create({ invoice: subscription.latest_invoice, amount: 500 });
  assert.equal((await stripe.creditNotes.voidCreditNote(note.id)).status, 'void');
});

test('a balance moves by its transactions', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create();
  const moved = await stripe.customers.createBalanceTransaction(customer.id, { amount: -500, currency: 'usd', description: 'A gift' });
  assert.equal((await stripe.customers.retrieveBalanceTransaction(customer.id, moved.id)).ending_balance, -500);
  assert.equal((await stripe.customers.retrieve(customer.id)).balance, -500);
  const error = await refusal(stripe.customers.createBalanceTransaction(customer.id, { currency: 'usd' }));
  assert.deepEqual([error.code, error.param], ['parameter_missing', 'amount']);
});
