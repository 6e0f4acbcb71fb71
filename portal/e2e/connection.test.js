// What is on screen, and what was typed, when the connection, the session or another tab comes between.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, lowerLimit, refusal } from './customer.js';
import { api, open, quiet, startPortal } from './portal.js';

let portal, sam, page, at;

before(async () => {
  portal = await startPortal();
  await lowerLimit(portal);
  sam = await portal.signIn('sam');
  ({ page } = sam);
  at = desk(page);
});

after(() => portal?.stop());

/** Signs in again over the page. */
async function signInAgain(on) {
  const again = on.getByRole('dialog', { name: 'Sign in again' });
  const { staff } = await portal.control('staff');
  await again.getByRole('textbox', { name: 'Password' }).fill(staff.find(({ email }) => email.startsWith('sam@')).password);
  await again.getByRole('button', { name: 'Continue' }).click();
  await again.getByLabel('Code of your authenticator app').fill(await portal.code('sam'));
  await again.waitFor({ state: 'detached' });
}

test('offline and back, the typed text is there, over a reload as well', async () => {
  const { user } = await at.somebody('networker');
  await at.begin(user, 'pause_collection', 'Typed on a train.');
  await page.context().setOffline(true);
  await at.dialog().getByRole('button', { name: 'Pause collection' }).click();
  await at.dialog().getByText('No connection.').waitFor();
  await page.getByText('You are offline.').waitFor();
  assert.equal(await at.dialog().getByLabel('Reason').inputValue(), 'Typed on a train.');
  await page.context().setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
  await page.reload();
  await at.dialog().getByLabel('Reason').waitFor();
  assert.equal(await at.dialog().getByLabel('Reason').inputValue(), 'Typed on a train.');
  await at.send('Pause collection');
  await page.getByText('Invoices are made, but not collected.').waitFor();
});

test('a server that fails while somebody looks leaves what is there, and goes on by itself', async () => {
  const { user } = await at.somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('table', { name: 'Invoices' }).waitFor();
  const failing = /\/api\/admin\/users\//;
  await page.route(failing, (route) => route.fulfill(refusal(500, 'internal', 'Something went wrong on our side.', 'req-9')));
  const asked = page.waitForResponse((response) => response.status() === 500);
  await asked;
  await page.getByRole('heading', { level: 1, name: user.name }).waitFor();
  await page.getByRole('table', { name: 'Invoices' }).waitFor();
  await page.unroute(failing);
  const note = 'Written by a colleague.';
  const mara = await portal.signIn('mara');
  await api(mara.page, 'POST', `/users/${user.id}/notes`, { text: note });
  await mara.close();
  await page.getByRole('region', { name: 'Notes' }).getByText(note).waitFor({ timeout: 30_000 });
});

test('in two tabs, the second shows what the first did, and refuses to do it twice', async () => {
  const { user, charge } = await at.somebody('networker');
  const other = await page.context().newPage();
  const there = desk(other);
  await open(page, `/users/${user.id}`);
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Refund of the charge of $145.00' }).first().click();
  await there.fillRefund('100');
  await other.getByText('You may do this by yourself.').waitFor();
  await page.getByRole('button', { name: 'Refund of the charge of $145.00' }).first().click();
  await at.fillRefund('100', 'In the first tab.');
  await at.dialog().getByText('You may do this by yourself.').waitFor();
  await at.send('Refund $100.00');
  await there.dialog().getByRole('button', { name: /efund \$100\.00$/ }).click();
  await there.dialog().getByText(/Of this charge \$45\.00 can still be refunded/).first().waitFor();
  await there.dialog().getByRole('button', { name: 'Not now' }).click();
  await other.getByRole('table', { name: 'Refunds' }).getByText('In the first tab.').waitFor();
  assert.equal(await at.leftOf(user, charge), 4_500);
  await other.close();
});

test('a session that ended is begun again over the form, which keeps what was typed and is then sent', async () => {
  const { user } = await at.somebody('networker');
  await at.begin(user, 'credit', 'Typed before lunch.');
  await at.dialog().getByLabel('Amount').fill('7');
  await portal.control('advance', { minutes: 31 });
  await at.dialog().getByRole('button', { name: 'Give $7.00 credit' }).click();
  await signInAgain(page);
  await at.done();
  await at.dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Typed before lunch.').first().waitFor();
});

test('whoever signs out in one tab is signed out in the other', async () => {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button', { name: /Sam Okoye/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/sign-in/);
  await other.getByRole('dialog', { name: 'Sign in again' }).or(other.getByRole('button', { name: 'Continue' })).first().waitFor();
  await other.close();
});

test('nothing was asked of another address', () => {
  assert.deepEqual(quiet(sam.complaints), []);
});
