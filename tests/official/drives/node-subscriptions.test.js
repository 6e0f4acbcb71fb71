// Subscriptions and their schedules by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, customerWith, monthlyPrice, refusal, sandboxOf, subscribed } from '../node.js';

const world = sandboxOf('subscriptions');

test('a subscription begins, changes its plan by a preview that holds, and ends', async () => {
  const { stripe } = world;
  const subscription = await subscribed(stripe, { metadata: { user_id: 'user_1' }, description: 'By the library' });
  assert.equal(subscription.status, 'active');
  const dearer = await monthlyPrice(stripe, 14_500);
  const [item] = subscription.items.data;
  const change = { items: [{ id: item.id, price: dearer.id }], proration_behavior: 'always_invoice', proration_date: item.current_period_start };
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change });
  const changed = await stripe.subscriptions.update(subscription.id, { ...change, expand: ['latest_invoice'] });
  assert.equal(preview.amount_due, 7000);
  assert.equal(changed.latest_invoice.amount_paid, preview.amount_due);
  const items = await stripe.subscriptionItems.list({ subscription: subscription.id });
  assert.equal(items.data[0].price.id, dearer.id);
  const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  assert.equal(ending.cancel_at_period_end, true);
  const ended = await stripe.subscriptions.cancel(subscription.id, { cancellation_details: { comment: 'Enough', feedback: 'too_expensive' }, prorate: true });
  assert.deepEqual([ended.status, ended.cancellation_details.feedback], ['canceled', 'too_expensive']);
});

test('a trial without a card pauses, and goes on when there is one', async () => {
  const { stripe, sandbox } = world;
  const customer = await stripe.customers.create();
  const price = await monthlyPrice(stripe);
  const trial = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id, quantity: 2 }],
    trial_period_days: 5,
    trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  });
  assert.equal(trial.status, 'trialing');
  await sandbox.control('advance', { days: 5, hours: 1 });
  assert.equal((await stripe.subscriptions.retrieve(trial.id)).status, 'paused');
  await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  const resumed = await stripe.subscriptions.resume(trial.id, { billing_cycle_anchor: 'now' });
  assert.equal(resumed.status, 'active');
});

test('collection is paused and taken up again by an empty text', async () => {
  const { stripe } = world;
  const subscription = await subscribed(stripe);
  const paused = await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void' } });
  assert.equal(paused.pause_collection.behavior, 'void');
  const resumed = await stripe.subscriptions.update(subscription.id, { pause_collection: '' });
  assert.equal(resumed.pause_collection, null);
});

test('a change that is not paid for waits, and does not happen', async () => {
  const { stripe, sandbox } = world;
  const subscription = await subscribed(stripe);
  await sandbox.control('card', { customer: subscription.customer, card: '4000000000000341' });
  const dearer = await monthlyPrice(stripe, 19_900);
  const items = [{ id: subscription.items.data[0].id, price: dearer.id }];
  const pending = await stripe.subscriptions.update(subscription.id, {
    items, payment_behavior: 'pending_if_incomplete', proration_behavior: 'always_invoice',
  });
  assert.ok(pending.pending_update);
  assert.equal(pending.items.data[0].price.unit_amount, 7500);
  const refused = await refusal(stripe.subscriptions.update(subscription.id, {
    items, payment_behavior: 'error_if_incomplete', proration_behavior: 'always_invoice',
  }));
  assert.deepEqual([refused.type, refused.decline_code], ['StripeCardError', 'generic_decline']);
});

test('a first payment that declines leaves the subscription incomplete', async () => {
  const { stripe } = world;
  const incomplete = await subscribed(stripe, { card: 'pm_card_chargeCustomerFail', expand: ['latest_invoice.payments'] });
  assert.equal(incomplete.status, 'incomplete');
  assert.equal(incomplete.latest_invoice.payments.data[0].status, 'open');
  const waiting = await subscribed(stripe, { payment_behavior: 'default_incomplete', payment_settings: { save_default_payment_method: 'on_subscription' } });
  assert.equal(waiting.status, 'incomplete');
});

test('every subscription of a customer is paged through', async () => {
  const { stripe } = world;
  const customer = await customerWith(stripe, 'pm_card_visa');
  const price = await monthlyPrice(stripe);
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    made.push((await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })).id);
  }
  const forward = await all(stripe.subscriptions.list({ customer: customer.id, status: 'all', limit: 2 }));
  assert.deepEqual(forward.map((one) => one.id), [...made].reverse());
  const backward = await all(stripe.subscriptions.list({ customer: customer.id, status: 'all', limit: 2, ending_before: made[0] }));
  assert.deepEqual(backward.map((one) => one.id), made.slice(1));
});

test('the items of a subscription are paged through', async () => {
  const { stripe } = world;
  const customer = await customerWith(stripe, 'pm_card_visa');
  const prices = [await monthlyPrice(stripe, 100), await monthlyPrice(stripe, 200), await monthlyPrice(stripe, 300)];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: prices.map(({ id }) => ({ price: id })) });
  const whole = await stripe.subscriptionItems.list({ subscription: subscription.id });
  const first = await stripe.subscriptionItems.list({ subscription: subscription.id, limit: 1 });
  assert.deepEqual([first.data.length, first.has_more], [1, true]);
  const paged = await all(stripe.subscriptionItems.list({ subscription: subscription.id, limit: 1 }));
  assert.deepEqual(paged.map((item) => item.id), whole.data.map((item) => item.id));
});

test('a schedule turns one plan into another, and is released', async () => {
  const { stripe, sandbox } = world;
  const subscription = await subscribed(stripe);
  const after = await monthlyPrice(stripe, 14_500);
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  const [phase] = schedule.phases;
  const planned = await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    metadata: { from: 'official' },
    phases: [
      { items: phase.items.map(({ price, quantity }) => ({ price, quantity })), start_date: phase.start_date, end_date: phase.end_date },
      { items: [{ price: after.id, quantity: 1 }], duration: { interval: 'month', interval_count: 2 }, proration_behavior: 'none', discounts: [{ coupon: coupon.id }] },
    ],
  });
  assert.equal(planned.phases.length, 2);
  await sandbox.control('advance', { months: 1 });
  const running = await stripe.subscriptionSchedules.retrieve(schedule.id, { expand: ['subscription'] });
  assert.equal(running.subscription.items.data[0].price.id, after.id);
  const [half] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  assert.equal(half.total, 7250);
  const released = await stripe.subscriptionSchedules.release(schedule.id);
  assert.deepEqual([released.status, released.released_subscription], ['released', subscription.id]);
  const listed = await stripe.subscriptionSchedules.list({ customer: subscription.customer });
  assert.deepEqual(listed.data.map((one) => one.id), [schedule.id]);
});

test('cancelling a schedule cancels its subscription', async () => {
  const { stripe } = world;
  const customer = await customerWith(stripe, 'pm_card_visa');
  const price = await monthlyPrice(stripe);
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: 'now',
    end_behavior: 'cancel',
    phases: [{ items: [{ price: price.id }], duration: { interval: 'month', interval_count: 3 } }],
  });
  const canceled = await stripe.subscriptionSchedules.cancel(schedule.id, { invoice_now: false, prorate: false });
  assert.equal(canceled.status, 'canceled');
  assert.equal((await stripe.subscriptions.retrieve(schedule.subscription)).status, 'canceled');
});
