// Checkout sessions and the billing portal by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customerWith, monthlyPrice, refusal, sandboxOf } from '../node.js';

const world = sandboxOf('checkout');

async function opened(stripe, more = {}) {
  const price = await monthlyPrice(stripe);
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: 'https://example.com/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://example.com/back',
    client_reference_id: 'user_1',
    metadata: { order: 'order_1' },
    subscription_data: { metadata: { order: 'order_1' }, description: 'By the library' },
    custom_text: { submit: { message: 'Then $75 a month' } },
    ...more,
  });
}

test('a session is opened, paid on its page, and shows what came of it', async () => {
  const { stripe, sandbox } = world;
  const session = await opened(stripe, { customer_email: 'ada@example.com' });
  assert.equal(session.status, 'open');
  await sandbox.control(`checkout/${session.id}`, { card: '4242424242424242' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription.latest_invoice', 'customer', 'line_items'] });
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.subscription.latest_invoice.amount_paid, 7500);
  assert.equal(paid.customer.email, 'ada@example.com');
  assert.equal(paid.line_items.data[0].amount_total, 7500);
  const lines = await stripe.checkout.sessions.listLineItems(session.id, { limit: 5 });
  assert.equal(lines.data[0].price.unit_amount, 7500);
  const bySubscription = await stripe.checkout.sessions.list({ subscription: paid.subscription.id });
  assert.deepEqual(bySubscription.data.map((one) => one.id), [session.id]);
});

test('a session is closed, and cannot be closed twice', async () => {
  const { stripe } = world;
  const session = await opened(stripe, {
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    after_expiration: { recovery: { enabled: true } },
  });
  const expired = await stripe.checkout.sessions.expire(session.id);
  assert.equal(expired.status, 'expired');
  const error = await refusal(stripe.checkout.sessions.expire(session.id));
  assert.equal(error.type, 'StripeInvalidRequestError');
});

test('a session takes a payment once, and tells where its goods are sent', async () => {
  const { stripe, sandbox } = world;
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 1500, product_data: { name: 'Printed map' } });
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://example.com/done',
    customer_email: 'ada@example.com',
    customer_creation: 'always',
    submit_type: 'pay',
    payment_intent_data: {
      description: 'By the library', setup_future_usage: 'off_session', metadata: { order: 'order_2' },
      shipping: { name: 'Ada', address: { line1: '1 Main St', city: 'London', country: 'GB' } },
    },
  });
  assert.deepEqual([session.amount_total, session.payment_intent], [3000, null]);
  await sandbox.control(`checkout/${session.id}`, { card: '4242424242424242' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge', 'customer'] });
  assert.equal(paid.payment_intent.latest_charge.shipping.name, 'Ada');
  assert.deepEqual([paid.payment_status, paid.customer.email], ['paid', 'ada@example.com']);
  const found = await stripe.checkout.sessions.list({ payment_intent: paid.payment_intent.id });
  assert.deepEqual(found.data.map((one) => one.id), [session.id]);
  const error = await refusal(opened(stripe, { payment_intent_data: { description: 'none' } }));
  assert.deepEqual([error.type, error.param], ['StripeInvalidRequestError', 'payment_intent_data']);
});

test('a session puts a card on file', async () => {
  const { stripe, sandbox } = world;
  const customer = await stripe.customers.create();
  const session = await stripe.checkout.sessions.create({
    mode: 'setup', currency: 'usd', customer: customer.id, success_url: 'https://example.com/done', setup_intent_data: { metadata: { from: 'official' } },
  });
  await sandbox.control(`checkout/${session.id}`, { card: '5555555555554444' });
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] });
  assert.deepEqual([done.status, done.payment_status], ['complete', 'no_payment_required']);
  assert.equal(done.setup_intent.payment_method.customer, customer.id);
});

test('a code typed on the page takes its coupon off', async () => {
  const { stripe, sandbox } = world;
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'once' });
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'TYPED20' });
  const session = await opened(stripe, { allow_promotion_codes: true });
  await sandbox.control(`checkout/${session.id}/code`, { code: 'typed20' });
  const { amount_total: total, line_items: lines } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
  assert.deepEqual([total, lines.data[0].amount_discount], [6000, 1500]);
  await sandbox.control(`checkout/${session.id}`, { card: '4242424242424242' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] });
  assert.equal(paid.invoice.amount_paid, 6000);
});

test('the billing portal is configured and opened', async () => {
  const { stripe } = world;
  const { configurations, sessions } = stripe.billingPortal;
  const configuration = await configurations.create({
    business_profile: { headline: 'Linky' },
    default_return_url: 'https://example.com/account',
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      customer_update: { enabled: true, allowed_updates: ['email', 'name'] },
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
    },
    metadata: { from: 'official' },
  });
  const changed = await configurations.update(configuration.id, { features: { customer_update: { enabled: false } } });
  assert.equal(changed.features.customer_update.enabled, false);
  const listed = await configurations.list({ active: true });
  assert.ok(listed.data.some((one) => one.id === configuration.id));
  const found = await configurations.retrieve(configuration.id);
  assert.equal(found.business_profile.headline, 'Linky');
  const customer = await customerWith(stripe, 'pm_card_visa');
  const session = await sessions.create({ customer: customer.id, configuration: configuration.id, return_url: 'https://example.com/back' });
  assert.equal(session.object, 'billing_portal.session');
  const flow = await sessions.create({ customer: customer.id, flow_data: { type: 'payment_method_update' } });
  assert.equal(flow.flow.type, 'payment_method_update');
});
