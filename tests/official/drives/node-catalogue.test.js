// Products and prices by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, monthlyPrice, sandboxOf } from '../node.js';

const world = sandboxOf('catalogue');

test('a product is made, found, changed and taken away', async () => {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Rainmaker', metadata: { rank: '3', old: 'yes' }, active: true });
  assert.equal(product.object, 'product');
  const changed = await stripe.products.update(product.id, { description: 'All of it', metadata: { old: '', new: 'yes' } });
  assert.deepEqual(changed.metadata, { rank: '3', new: 'yes' });
  const found = await stripe.products.retrieve(product.id);
  assert.equal(found.description, 'All of it');
  const page = await stripe.products.list({ ids: [product.id] });
  assert.deepEqual(page.data.map((one) => one.id), [product.id]);
  const search = await stripe.products.search({ query: "name:'Rainmaker' AND metadata['new']:'yes'" });
  assert.deepEqual(search.data.map((one) => one.id).filter((id) => id === product.id), [product.id]);
  const gone = await stripe.products.del(product.id);
  assert.deepEqual({ ...gone }, { id: product.id, object: 'product', deleted: true });
});

test('a price knows its amount exactly, and can be looked up by its key', async () => {
  const { stripe } = world;
  const price = await monthlyPrice(stripe, 14_500);
  assert.equal(price.unit_amount_decimal.toString(), '14500');
  const keyed = await stripe.prices.update(price.id, { lookup_key: 'official', nickname: 'By key', metadata: { plan: 'networker' } });
  assert.equal(keyed.lookup_key, 'official');
  const found = await stripe.prices.list({ lookup_keys: ['official'], expand: ['data.product'] });
  assert.equal(found.data[0].product.name, 'Prospector');
  const searched = await stripe.prices.search({ query: "lookup_key:'official'" });
  assert.deepEqual(searched.data.map((one) => one.id), [price.id]);
  const plain = await stripe.prices.retrieve(price.id);
  assert.equal(plain.product, found.data[0].product.id);
  const once = await stripe.prices.create({ currency: 'usd', unit_amount: 2500, product: plain.product });
  assert.equal(once.type, 'one_time');
});

test('a search is paged through by its own tokens', async () => {
  const { stripe } = world;
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    const product = await stripe.products.create({ name: `Paged ${number}`, metadata: { paged: 'yes' } });
    made.unshift(product.id);
  }
  const found = await all(stripe.products.search({ query: "metadata['paged']:'yes'", limit: 2 }));
  assert.deepEqual(found.map((product) => product.id), made);
});
