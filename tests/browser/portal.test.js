// The billing portal: a customer changes the card, cancels, takes it back, and sees the invoices.

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
  await page.goto(sandbox.url);
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('radio', { name: 'Networker' }).check();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await page.getByRole('button', { name: 'Pay $145.00' }).click();
  await page.getByText('$145.00 charged').waitFor();
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

test('the control page leads to the portal of a customer', async () => {
  await page.goto(sandbox.url);
  await page.getByRole('article', { name: 'Ada Lovelace' }).getByRole('button', { name: 'Billing portal' }).click();
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await page.getByRole('article', { name: 'Networker' }).getByText('Renews on').waitFor();
  await page.getByRole('row').filter({ hasText: '$145.00' }).getByText('Paid').waitFor();
  await picture(page, 'portal');
});

test('the card is changed, and one that declines is refused in Stripe’s words', async () => {
  await page.getByRole('radio', { name: 'Declined: reported stolen' }).check();
  await page.getByRole('button', { name: 'Use this card' }).click();
  await page.getByRole('alert').filter({ hasText: 'Your card was declined.' }).waitFor();
  await page.getByText('•••• 4242').waitFor();
  await page.getByRole('radio', { name: 'Mastercard, always pays' }).check();
  await page.getByRole('button', { name: 'Use this card' }).click();
  await page.getByText('•••• 4444').waitFor();
  await page.getByText('The card ending in 4444 pays from now on.').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('a subscription is cancelled for the end of its period, and kept after all', async () => {
  const plan = page.getByRole('article', { name: 'Networker' });
  await plan.getByRole('button', { name: 'Cancel the subscription' }).click();
  await plan.getByRole('button', { name: 'Yes, cancel the subscription' }).click();
  await plan.getByText('Ends on').waitFor();
  await picture(page, 'portal-cancelled');
  await page.reload();
  await plan.getByRole('button', { name: 'Keep the subscription' }).click();
  await plan.getByText('Renews on').waitFor();
});

test('a renewal for which the bank asks is paid once the customer says so', async () => {
  const advance = (body) => fetch(`${sandbox.url}/control/advance`, { method: 'POST', body });
  await page.getByRole('radio', { name: 'Asks for authentication' }).check();
  await page.getByRole('button', { name: 'Use this card' }).click();
  await page.getByText('•••• 3184').waitFor();
  assert.equal((await advance('{"months":1}')).status, 200);
  await page.goto(sandbox.url);
  await page.getByRole('article', { name: 'Ada Lovelace' }).getByRole('button', { name: 'Billing portal' }).click();
  await page.getByText('Your bank asks whether it is you who pays $145.00.').waitFor();
  await page.getByRole('row').getByText('Open').waitFor();
  await picture(page, 'portal-authentication');
  await page.getByRole('button', { name: 'Yes, pay' }).click();
  await page.getByText('$145.00 is paid.').waitFor();
  assert.equal(await page.getByRole('row').getByText('Paid').count(), 2);
  assert.equal(await page.getByRole('article', { name: 'Your bank asks' }).count(), 0);
});

test('a session that is none, or has ended, opens nothing', async () => {
  const link = page.url();
  await page.goto(`${sandbox.url}/portal/bps_unheard_of`);
  await page.getByRole('heading', { name: 'This page cannot be opened' }).waitFor();
  const moved = await fetch(`${sandbox.url}/control/advance`, { method: 'POST', body: '{"hours":2}' });
  assert.equal(moved.status, 200);
  await page.goto(link);
  await page.getByRole('alert').filter({ hasText: 'This billing portal session has expired.' }).waitFor();
});

test('the session of Stripe’s API leads to the same page', async () => {
  const headers = { authorization: 'Bearer sk_test_any', 'content-type': 'application/x-www-form-urlencoded' };
  const found = await fetch(`${sandbox.url}/v1/customers?email=ada@example.com`, { headers });
  const [{ id }] = (await found.json()).data;
  const made = await fetch(`${sandbox.url}/v1/billing_portal/sessions`, {
    method: 'POST', headers, body: new URLSearchParams({ customer: id, return_url: `${sandbox.url}/mailbox` }),
  });
  await page.goto((await made.json()).url);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.waitForURL(`${sandbox.url}/mailbox`);
});
