// The hosted checkout page beyond our own plans: a promotion code, a single payment, a card put on file.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let browser;
let page;

before(async () => {
  sandbox = await startSandbox();
  browser = await startBrowser();
  page = browser.page;
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

/** Asks the simulated Stripe as its libraries do. */
async function stripe(path, form) {
  const response = await fetch(`${sandbox.url}/v1/${path}`, {
    method: 'POST', headers: { authorization: 'Bearer sk_test_browser' }, body: new URLSearchParams(form),
  });
  const answer = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

async function open(form) {
  const { id } = await stripe('checkout/sessions', { success_url: 'https://example.com', ...form });
  await page.goto(`${sandbox.url}/pay/${id}`);
}

async function item(form) {
  const { id } = await stripe('prices', { currency: 'usd', unit_amount: '1500', 'product_data[name]': 'Printed map', ...form });
  return { 'line_items[0][price]': id, 'line_items[0][quantity]': '2' };
}

test('a promotion code takes its coupon off, and can be taken off again', async () => {
  await stripe('coupons', { id: 'fifth', percent_off: '20' });
  await stripe('promotion_codes', { 'promotion[type]': 'coupon', 'promotion[coupon]': 'fifth', code: 'FIFTH' });
  await open({ mode: 'subscription', allow_promotion_codes: 'true', ...await item({ 'recurring[interval]': 'month' }) });
  await page.getByLabel('Promotion code').fill('SIXTH');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('alert').filter({ hasText: 'This code is invalid.' }).waitFor();
  await page.getByLabel('Promotion code').fill('fifth');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('$6.00 off.').waitFor();
  await page.getByRole('button', { name: 'Pay $24.00' }).waitFor();
  await picture(page, 'pay-code');
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Pay $30.00' }).waitFor();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Pay $24.00' }).click();
  await page.getByText('$24.00 charged to the card ending in 4242').waitFor();
});

test('a payment is made once', async () => {
  await open({ mode: 'payment', ...await item() });
  await page.getByRole('heading', { name: 'Pay for 2 × Printed map' }).waitFor();
  assert.equal(await page.getByLabel('Promotion code').isVisible(), false);
  await page.getByRole('button', { name: 'Pay $30.00' }).click();
  await page.getByText('$30.00 charged to the card ending in 4242').waitFor();
});

test('a card is put on file', async () => {
  await open({ mode: 'setup', currency: 'usd' });
  await page.getByRole('heading', { name: 'Put a card on file' }).waitFor();
  await picture(page, 'pay-setup');
  await page.getByRole('button', { name: 'Save card' }).click();
  await page.getByText('Put on file: the card ending in 4242').waitFor();
});

test('no page complained, and nothing was asked of another address', () => {
  // The code that is none is answered 400, which the browser notes by itself.
  assert.deepEqual(browser.complaints.filter((words) => !words.includes('400')), []);
});
