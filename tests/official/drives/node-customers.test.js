// Customers and their cards by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, customerWith, refusal, sandboxOf } from '../node.js';

const world = sandboxOf('customers');

test('a customer is made, found, changed, and leaves a tombstone', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    address: { line1: '12 St James Square', city: 'London', country: 'GB' },
    shipping: { name: 'Ada', address: { line1: '12 St James Square' } },
    preferred_locales: ['en'],
    metadata: { user_id: 'user_1', old: 'yes' },
  });
  const changed = await stripe.customers.update(customer.id, { phone: '+44 20 7946 0000', metadata: { old: '', new: 'yes' } });
  assert.deepEqual(changed.metadata, { user_id: 'user_1', new: 'yes' });
  const listed = await stripe.customers.list({ email: 'ada@example.com', created: { gte: customer.created } });
  assert.deepEqual(listed.data.map((one) => one.id), [customer.id]);
  const searched = await stripe.customers.search({ query: "email:'ada@example.com' AND metadata['user_id']:'user_1'" });
  assert.deepEqual(searched.data.map((one) => one.id), [customer.id]);
  const gone = await stripe.customers.del(customer.id);
  assert.equal(gone.deleted, true);
  const tombstone = await stripe.customers.retrieve(customer.id);
  assert.deepEqual({ ...tombstone }, { id: customer.id, object: 'customer', deleted: true });
});

test('clearing metadata takes every key away, and null clears a field', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ name: 'Ada', metadata: { one: '1', two: '2' } });
  const cleared = await stripe.customers.update(customer.id, { name: '', metadata: '' });
  assert.equal(cleared.name, null);
  assert.deepEqual({ ...cleared.metadata }, {});
});

test('a card is made, put on file, changed and taken off', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ email: 'cards@example.com' });
  const card = await stripe.paymentMethods.create({
    type: 'card',
    card: { token: 'tok_visa' },
    billing_details: { name: 'Ada', address: { country: 'GB' } },
    metadata: { from: 'official' },
  });
  assert.equal(card.card.last4, '4242');
  const attached = await stripe.paymentMethods.attach(card.id, { customer: customer.id });
  assert.equal(attached.customer, customer.id);
  const changed = await stripe.paymentMethods.update(card.id, { card: { exp_month: 1, exp_year: 2031 } });
  assert.deepEqual([changed.card.exp_month, changed.card.exp_year], [1, 2031]);
  const found = await stripe.paymentMethods.retrieve(card.id, { expand: ['customer'] });
  assert.equal(found.customer.email, 'cards@example.com');
  const own = await stripe.customers.retrievePaymentMethod(customer.id, card.id);
  assert.equal(own.id, card.id);
  const byCustomer = await stripe.customers.listPaymentMethods(customer.id, { type: 'card' });
  const byKind = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
  assert.deepEqual([byCustomer.data[0].id, byKind.data[0].id], [card.id, card.id]);
  const detached = await stripe.paymentMethods.detach(card.id);
  assert.equal(detached.customer, null);
  const again = await refusal(stripe.paymentMethods.attach(card.id, { customer: customer.id }));
  assert.equal(again.type, 'StripeInvalidRequestError');
});

test('a card that its bank refuses is a card error with the reason', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create();
  for (const [card, code, declineCode] of [
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    // The library's word for none is an empty one.
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
  ]) {
    const error = await refusal(stripe.paymentMethods.attach(card, { customer: customer.id }));
    assert.deepEqual([error.type, error.statusCode, error.code, error.decline_code], ['StripeCardError', 402, code, declineCode]);
  }
});

test('lists are paged through, forward and backward', async () => {
  const { stripe } = world;
  const first = await customerWith(stripe, 'pm_card_visa');
  const made = [first.id];
  for (let number = 0; number < 6; number += 1) made.push((await stripe.customers.create({ name: `Paged ${number}` })).id);
  const later = made.slice(1);
  const backward = await all(stripe.customers.list({ limit: 2, ending_before: first.id }));
  assert.deepEqual(backward.map((customer) => customer.id), later);
  const forward = await all(stripe.customers.list({ limit: 2, starting_after: made.at(-1) }));
  assert.deepEqual(forward.slice(0, 6).map((customer) => customer.id), made.slice(0, -1).reverse());
});
