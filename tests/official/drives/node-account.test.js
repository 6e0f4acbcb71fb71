// The account, its webhook endpoints and its events by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, refusal, sandboxOf, subscribed } from '../node.js';

const world = sandboxOf('account');

test('an endpoint shows its secret once, is changed, and goes', async () => {
  const { stripe } = world;
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'https://example.com/hook',
    enabled_events: ['customer.created', 'invoice.paid'],
    api_version: '2026-09-30.endive',
    description: 'By the library',
    metadata: { from: 'official' },
  });
  assert.match(endpoint.secret, /^whsec_/);
  const found = await stripe.webhookEndpoints.retrieve(endpoint.id);
  assert.equal(found.secret, undefined);
  const changed = await stripe.webhookEndpoints.update(endpoint.id, { disabled: true, enabled_events: ['*'] });
  assert.deepEqual([changed.status, changed.enabled_events], ['disabled', ['*']]);
  const listed = await stripe.webhookEndpoints.list({ limit: 1 });
  assert.equal(listed.data[0].id, endpoint.id);
  const gone = await stripe.webhookEndpoints.del(endpoint.id);
  assert.equal(gone.deleted, true);
  const error = await refusal(stripe.webhookEndpoints.retrieve(endpoint.id));
  assert.deepEqual([error.type, error.statusCode, error.code], ['StripeInvalidRequestError', 404, 'resource_missing']);
});

test('events are found by their types, and paged through in the order they happened', async () => {
  const { stripe, sandbox } = world;
  const before = (await stripe.events.list({ limit: 1 })).data[0];
  const subscription = await subscribed(stripe);
  const newer = await all(stripe.events.list({ limit: 3, ending_before: before.id }));
  assert.ok(newer.length > 5, `${newer.length} events`);
  const types = newer.map((event) => event.type);
  assert.ok(types.indexOf('customer.created') < types.indexOf('customer.subscription.created'));
  const older = await all(stripe.events.list({ limit: 3, starting_after: newer.at(-1).id }));
  assert.deepEqual(older.slice(0, newer.length - 1).map((event) => event.id), newer.slice(0, -1).map((event) => event.id).reverse());
  const some = await stripe.events.list({ types: ['customer.subscription.created', 'invoice.paid'], created: { gte: subscription.created } });
  assert.deepEqual(new Set(some.data.map((event) => event.type)), new Set(['customer.subscription.created', 'invoice.paid']));
  const [event] = (await stripe.events.list({ type: 'customer.subscription.created' })).data;
  const found = await stripe.events.retrieve(event.id);
  assert.equal(found.data.object.id, subscription.id);
  await sandbox.control('advance', { minutes: 1 });
  const missed = await stripe.events.list({ delivery_success: false });
  assert.deepEqual(missed.data, []);
});

test('the account and its balance are told', async () => {
  const { stripe } = world;
  const account = await stripe.accounts.retrieveCurrent();
  assert.equal(account.object, 'account');
  const before = (await stripe.balance.retrieve()).pending[0].amount;
  await subscribed(stripe);
  const after = (await stripe.balance.retrieve()).pending[0].amount;
  assert.equal(after - before, 7500);
});
