// What every call has in common, by Stripe's Node library: keys, replays, refusals, retries, versions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOf, customerWith, refusal, sandboxOf } from '../node.js';

const world = sandboxOf('wire');

test('the library and the simulator speak the same version', async () => {
  const { stripe } = world;
  assert.equal(stripe.getApiField('version'), '2026-09-30.endive');
  const customer = await stripe.customers.create();
  assert.equal(customer.lastResponse.apiVersion, '2026-09-30.endive');
  assert.match(customer.lastResponse.requestId, /^req_/);
});

test('a call under the same key is carried out once, and answers alike', async () => {
  const { stripe } = world;
  const once = { idempotencyKey: 'official-1' };
  const first = await stripe.customers.create({ name: 'Once' }, once);
  const second = await stripe.customers.create({ name: 'Once' }, once);
  assert.equal(second.id, first.id);
  assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal((await stripe.customers.search({ query: "name:'Once'" })).data.length, 1);
  const other = await refusal(stripe.customers.create({ name: 'Twice' }, once));
  assert.deepEqual([other.type, other.statusCode, other.rawType], ['StripeIdempotencyError', 400, 'idempotency_error']);
});

test('a decline is kept under its key too', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create();
  const attach = () => refusal(stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }, { idempotencyKey: 'official-2' }));
  const [first, second] = [await attach(), await attach()];
  assert.deepEqual([second.type, second.code, second.message], [first.type, 'card_declined', first.message]);
  assert.equal(second.headers['idempotent-replayed'], 'true');
});

test('each refusal becomes the class of the library that it should', async () => {
  const { stripe, sandbox } = world;
  const customer = await customerWith(stripe, 'pm_card_chargeCustomerFail');
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 100, recurring: { interval: 'month' }, product_data: { name: 'Refused' } });
  for (const [what, call, type, status, code, param] of [
    ['another key', () => clientOf(sandbox).customers.list({}, { apiKey: 'pk_live_wrong' }), 'StripeAuthenticationError', 401, undefined, undefined],
    ['an unknown id', () => stripe.customers.retrieve('cus_none'), 'StripeInvalidRequestError', 404, 'resource_missing', 'id'],
    ['an unknown parameter', () => stripe.customers.create({ nmae: 'Ada' }), 'StripeInvalidRequestError', 400, 'parameter_unknown', 'nmae'],
    ['a nested one', () => stripe.subscriptions.create({ customer: customer.id, items: [{ prize: price.id }] }), 'StripeInvalidRequestError', 400, 'parameter_unknown', 'items[0][prize]'],
    ['a missing parameter', () => stripe.prices.create({ currency: 'usd', product_data: { name: 'None' } }), 'StripeInvalidRequestError', 400, 'parameter_missing', 'unit_amount'],
    ['no number', () => stripe.customers.list({ limit: 'x' }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer', 'limit'],
    ['a foreign word', () => stripe.subscriptions.list({ status: 'asleep' }), 'StripeInvalidRequestError', 400, undefined, 'status'],
    ['a card that declines', () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], payment_behavior: 'error_if_incomplete' }), 'StripeCardError', 402, 'card_declined', undefined],
  ]) {
    const error = await refusal(call());
    assert.deepEqual([error.type, error.statusCode, error.code, error.param], [type, status, code, param], what);
    assert.ok(error.message.length > 10, what);
    assert.match(error.requestId, /^req_/, what);
  }
});

test('a later version of the interface is refused by name', async () => {
  const { sandbox } = world;
  const error = await refusal(clientOf(sandbox, { apiVersion: '2027-03-31.later' }).customers.list());
  assert.deepEqual([error.type, error.statusCode], ['StripeInvalidRequestError', 400]);
  assert.match(error.message, /2027-03-31\.later/);
});
