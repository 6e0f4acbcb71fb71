// Customers are found, filtered, kept as a view and handed over as a file.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, MARKUP, refusal } from './customer.js';
import { api, open, quiet, startPortal } from './portal.js';

let portal, sam, page;

before(async () => {
  portal = await startPortal();
  sam = await portal.signIn('sam');
  ({ page } = sam);
});

after(() => portal?.stop());

test('somebody is found as their name is typed, opened by key, and the address keeps the search', async () => {
  await open(page, '/users');
  const { user } = await desk(page).somebody('networker');
  await page.keyboard.press('/');
  await page.keyboard.type(user.name);
  await page.getByRole('row', { name: new RegExp(user.email) }).waitFor();
  await page.waitForURL(/search=/);
  await page.reload();
  await page.getByRole('row', { name: new RegExp(user.email) }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'Users' }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: user.name }).waitFor();
});

test('a view is kept in this browser and taken away again, and nobody found says what to do', async () => {
  await open(page, '/users');
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Cancelled' }).click();
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByLabel('Name of the view').fill('Gone');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Past due' }).click();
  await page.waitForURL(/attention=past_due/);
  await page.reload();
  await page.getByRole('link', { name: 'Gone', exact: true }).click();
  await page.waitForURL(/status=canceled/);
  await page.getByRole('button', { name: 'Forget the view Gone' }).click();
  assert.equal(await page.getByRole('link', { name: 'Gone', exact: true }).count(), 0);
  await open(page, '/users?search=zzzz');
  await page.getByRole('button', { name: 'Show everybody' }).click();
  await page.getByText('50 users so far').waitFor();
});

test('more rows come at a click, and by name they begin with A', async () => {
  await open(page, '/users');
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.getByText('100 users so far').waitFor();
  await page.getByRole('button', { name: 'Name' }).click();
  await page.waitForURL(/sort=name/);
  await page.getByRole('columnheader', { name: 'Name', exact: true }).and(page.locator('[aria-sort=ascending]')).waitFor();
  await page.getByRole('row').nth(1).getByRole('link', { name: /^A/ }).waitFor();
});

test('the whole filter is handed over as a file', async () => {
  await open(page, '/users?status=past_due');
  const waited = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const { users } = await api(page, 'GET', '/users?status=past_due&limit=100');
  const chunks = [];
  for await (const chunk of await (await waited).createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split('\r\n');
  assert.equal(lines.length, users.length + 1);
  assert.match(lines[1], /Past due/);
});

test('on a phone a row tells all of it, one below the other', async () => {
  const { users: [user] } = await api(page, 'GET', '/users?limit=1&status=active');
  await open(page, '/users?status=active');
  await page.setViewportSize({ width: 390, height: 844 });
  const row = page.getByRole('row', { name: new RegExp(user.email) });
  for (const name of ['Plan', 'Next charge', 'Customer since']) await row.getByRole('term').filter({ hasText: name }).waitFor();
  await row.getByText('Active').waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('columnheader', { name: 'Next charge' }).waitFor();
  assert.equal(await row.getByRole('term').count(), 0);
});

test('a name with markup is only text, in the list and on the page', async () => {
  const { checkout_url: url } = await (await fetch(`${portal.url}/checkout`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: MARKUP, email: 'markup@example.com', plan: 'prospector' }),
  })).json();
  await portal.control(`checkout/${url.split('/').at(-1)}`, { card: '4242424242424242' });
  await open(page, '/users?search=markup@example.com');
  await page.getByRole('link', { name: MARKUP }).click();
  await page.getByRole('heading', { level: 1, name: MARKUP }).waitFor();
  assert.equal(await page.locator('h1 img, h1 b').count(), 0);
});

test('a list that does not come says so, and comes at a click', async () => {
  await page.route(/\/api\/admin\/users\?/, (route) => route.fulfill(refusal(503, 'unavailable', 'The list cannot be read at this moment.', 'req-1')));
  await open(page, '/users?status=unpaid');
  await page.getByText('The list cannot be read at this moment.').waitFor();
  await page.getByText('req-1').waitFor();
  await page.unroute(/\/api\/admin\/users\?/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Users' }).or(page.getByText('Nobody matches')).waitFor();
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(quiet(sam.complaints), []);
});
