// What goes wrong is said where the person is looking, and in the server's words.

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

async function signUp(name, email, plan = 'Networker') {
  await page.goto(sandbox.url);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByRole('radio', { name: plan }).check();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
}

test('a declined card is told on the payment page, and another one can be tried', async () => {
  await signUp('Grace Hopper', 'grace@example.com');
  await page.getByRole('radio', { name: 'Declined: insufficient funds' }).check();
  await page.getByRole('button', { name: 'Pay $145.00' }).click();
  await page.getByRole('alert').filter({ hasText: 'Your card has insufficient funds.' }).waitFor();
  await picture(page, 'pay-declined');
  await page.getByRole('radio', { name: 'Mastercard, always pays' }).check();
  await page.getByRole('button', { name: 'Pay $145.00' }).click();
  await page.getByText('$145.00 charged to the card ending in 4444').waitFor();
});

test('a checkout that is paid cannot be paid again', async () => {
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'This checkout has been paid already.' }).waitFor();
  await page.goto(`${sandbox.url}/pay/cs_test_unheard_of`);
  await page.getByRole('heading', { name: 'There is nothing to pay here' }).waitFor();
});

test('who has an account is told by mail, and is not sold a second subscription', async () => {
  await page.goto(sandbox.url);
  await page.getByRole('article', { name: 'Grace Hopper' }).getByText('Active', { exact: true }).waitFor();
  for (const plan of ['Networker', 'Rainmaker']) {
    await signUp('Grace Hopper', 'grace@example.com', plan);
    await page.getByRole('heading', { name: 'Look in your mail' }).waitFor();
  }
  await picture(page, 'look-in-your-mail');
  await fetch(`${sandbox.url}/control/advance`, { method: 'POST', body: '{"minutes":1}' });
  await page.goto(`${sandbox.url}/mailbox`);
  await page.getByText('Sign in to buy a Linky plan').first().waitFor();
  await page.goto(sandbox.url);
  await page.getByRole('article', { name: 'Grace Hopper' }).waitFor();
  assert.equal(await page.getByRole('article').count(), 1);
});

test('what is not carried out is refused with what to do', async () => {
  const post = async (path, body) => {
    const response = await fetch(sandbox.url + path, { method: 'POST', body: JSON.stringify(body) });
    return [response.status, (await response.json()).error ?? null];
  };
  assert.deepEqual(await post('/control/advance', {}), [
    400, 'say how far, between a second and ten years, as in {"months": 1}',
  ]);
  const [status, words] = await post('/control/advance', { fortnights: 1 });
  assert.equal(status, 400);
  assert.match(words, /unknown field `fortnights`/);
  assert.equal((await post('/control/card', { customer: 'cus_x', card: '1234' }))[0], 400);
  assert.deepEqual(await post('/control/invoke/unheard-of', {}), [404, 'there is no function unheard-of']);
});

test('a page of another site cannot use the sandbox', async () => {
  const headers = { origin: 'https://example.com' };
  const response = await fetch(`${sandbox.url}/control/advance`, { method: 'POST', headers, body: '{"days":1}' });
  assert.equal(response.status, 403);
});
