// Stripe's Node library on a sandbox, and the customers the drives begin with.

import { after, before } from 'node:test';
import Stripe from 'stripe';
import { startSandbox } from './sandbox.js';

/** A sandbox for the tests of one file. What is given here is filled in before the first of them. */
export function sandboxOf(drive) {
  const world = {};
  before(async () => {
    world.sandbox = await startSandbox(`node-${drive}`);
    world.stripe = clientOf(world.sandbox);
  });
  after(() => world.sandbox?.stop());
  return world;
}

/** The library with its own settings, but for the address. */
export function clientOf({ api }, settings = {}) {
  const { hostname, port } = new URL(api);
  return new Stripe('sk_test_official', { protocol: 'http', host: hostname, port, maxNetworkRetries: 0, ...settings });
}

/** A customer with a card as the default: a token of Stripe's test cards. */
export function customerWith(stripe, card) {
  return stripe.customers.create({ payment_method: card, invoice_settings: { default_payment_method: card } });
}

/** A monthly price of its own product. */
export function monthlyPrice(stripe, amount = 7500) {
  return stripe.prices.create({ currency: 'usd', unit_amount: amount, recurring: { interval: 'month' }, product_data: { name: 'Prospector' } });
}

/** A subscription of a customer with that card, paid at once where the card is good. */
export async function subscribed(stripe, { card = 'pm_card_visa', ...more } = {}) {
  const customer = await customerWith(stripe, card);
  const price = await monthlyPrice(stripe);
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
}

/** Every element that auto-paging gives. */
export async function all(list) {
  const found = [];
  for await (const element of list) found.push(element);
  return found;
}

/** What a call was refused with. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the call was not refused');
}
