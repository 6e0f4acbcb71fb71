// The demo book, as somebody sees who has just started the sandbox.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, picture, startBrowser, startSandbox } from './sandbox.js';

/** Longest time the book takes to be filled in: seconds, on a busy machine minutes. */
const FILLED_MS_MAX = 300_000;

let sandbox;
let browser;
let page;

before(async () => {
  sandbox = await startSandbox('--demo');
  browser = await startBrowser();
  page = browser.page;
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

const customers = () => page.getByRole('article');

async function shows(words) {
  await page.getByRole('heading', { name: `Customers ${words}`, exact: true }).waitFor();
}

test('the page shows how far the book has come, and then three hundred customers', { timeout: FILLED_MS_MAX }, async () => {
  await page.goto(sandbox.url);
  await page.getByText('On the way to').waitFor();
  await picture(page, 'demo-filling');
  await page.getByRole('heading', { name: 'Customers 300', exact: true }).waitFor({ timeout: FILLED_MS_MAX });
  const { now, journey } = await filled();
  assert.equal(journey, null);
  assert.ok(Math.abs(new Date(now) - Date.now()) < 60_000, `the book ends now, not at ${now}`);
  await picture(page, 'demo');
});

async function filled() {
  for (let waited = 0; waited < FILLED_MS_MAX; waited += 500) {
    const state = await ask(`${sandbox.url}/control/state`);
    if (state.journey == null) return state;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  throw new Error('the book was not filled in');
}

test('the list has pages', async () => {
  await page.getByText('Page 1 of 30').waitFor();
  assert.equal(await customers().count(), 10);
  assert.equal(await page.getByRole('button', { name: 'Newer' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Older' }).click();
  await page.getByText('Page 2 of 30').waitFor();
  await page.getByRole('button', { name: 'Newer' }).click();
  await page.getByText('Page 1 of 30').waitFor();
});

test('those past due are found by their state, and one of them by her address', async () => {
  await page.getByLabel('State').selectOption('Past due');
  await shows('9 of 300');
  assert.equal(await page.getByText('Past due', { exact: true }).count() - 1, 9);
  await picture(page, 'demo-past-due');
  const address = await customers().first().getByText('@example.').textContent();
  await page.getByRole('searchbox').fill(address);
  await shows('1 of 300');
  await page.getByRole('searchbox').fill('nobody of that name');
  await page.getByText('No customer matches.').waitFor();
  await page.getByRole('searchbox').fill('');
});

test('three differ from Stripe, until the night has found them', async () => {
  await page.getByLabel('State').selectOption('Differs from Stripe');
  await shows('3 of 300');
  assert.equal(await page.getByText('On Linky’s record. Stripe says').count(), 3);
  await picture(page, 'demo-differs');
  await page.getByRole('button', { name: '+ 1 day' }).click();
  await page.getByText('Moved on by 1 day').waitFor({ timeout: FILLED_MS_MAX });
  await shows('0 of 300');
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(browser.complaints, []);
});
