// Everything about one customer on one page: notes, mails, what differs from Stripe, and what cannot be shown.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask } from './book.js';
import { desk, MARKUP, refusal } from './customer.js';
import { api, open, picture, quiet, startPortal } from './portal.js';

let portal, sam, page, at;

before(async () => {
  portal = await startPortal();
  sam = await portal.signIn('sam');
  ({ page } = sam);
  at = desk(page);
});

after(() => portal?.stop());

test('a note is written and put otherwise, and markup in it is only text', async () => {
  const { user } = await at.somebody('prospector');
  await open(page, `/users/${user.id}`);
  const notes = page.getByRole('region', { name: 'Notes' });
  await notes.getByLabel('Note').fill(MARKUP);
  await notes.getByRole('button', { name: 'Add note' }).click();
  await notes.getByRole('listitem').getByText(MARKUP).waitFor();
  await notes.getByRole('button', { name: 'Edit' }).click();
  await notes.getByLabel('The note').fill(`${MARKUP} again`);
  await notes.getByRole('button', { name: 'Save' }).click();
  await notes.getByText(`${MARKUP} again`).waitFor();
  assert.equal(await notes.locator('img, b').count(), 0);
});

test('a mail is shown in a frame that runs nothing', async () => {
  const { user } = await at.somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Welcome to Linky' }).click();
  const frame = at.dialog().locator('iframe');
  await frame.waitFor();
  assert.equal(await frame.getAttribute('sandbox'), '');
  await page.frameLocator('iframe').getByText(/Linky/).first().waitFor();
});

test('a mail that came back says why, where the customer and the alerts are looked at', async () => {
  const email = 'bounce+grace@simulator.amazonses.com';
  const { checkout_url: url } = await ask(`${portal.url}/checkout`, { name: 'Grace Hopper', email, plan: 'prospector' });
  await portal.control(`checkout/${url.split('/').at(-1)}`, { card: '4242424242424242' });
  await portal.control('advance', { minutes: 2 });
  await open(page, `/users?search=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: 'Grace Hopper' }).click();
  const mails = page.getByRole('region', { name: 'Mails' });
  await mails.getByText('Came back', { exact: true }).waitFor();
  await mails.getByText('It came back: the address does not take mail').waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Came back', { exact: true }).waitFor();
  await mails.scrollIntoViewIfNeeded();
  await picture(page, 'mail-came-back');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  await open(page, '/health/alerts');
  await page.getByText(new RegExp(`^Mail welcome#.+ to ${id}: it came back`)).first().waitFor();
  await picture(page, 'mail-came-back-alert');
});

test('the record is compared with Stripe, and the palette leads to what can be done', async () => {
  const { user } = await at.somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('region', { name: 'Record and Stripe' }).getByRole('button', { name: 'Compare' }).click();
  await at.dialog().getByText('Same as Stripe').waitFor();
  await page.keyboard.press('Escape');
  await at.dialog().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  // What is typed before it is there runs no command.
  await page.keyboard.press('r');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  await page.getByRole('searchbox').or(page.getByRole('textbox', { name: 'Search people, pages and actions' })).last().fill('resync');
  await page.getByRole('button', { name: `Resync with Stripe: ${user.name}` }).click();
  await at.dialog().getByText('Same as Stripe').waitFor();
});

test('what differs from Stripe is shown, and put right where it is shown', async () => {
  const { customers: [{ id, name }] } = await portal.control('state?state=differs');
  await open(page, `/users/${id}`);
  await page.getByRole('region', { name: 'Record and Stripe' }).getByRole('button', { name: 'Compare' }).click();
  const dialog = page.getByRole('dialog', { name: `Resync with Stripe: ${name}` });
  await dialog.getByRole('columnheader', { name: 'On record' }).first().waitFor();
  await dialog.getByRole('columnheader', { name: 'At Stripe' }).first().waitFor();
  const repair = dialog.getByRole('button', { name: `Repair ${name}` });
  assert.ok(await repair.isDisabled());
  await dialog.getByLabel('Reason').fill('Not to wait for the night.');
  await repair.click();
  await page.getByText(`${name} put right`).waitFor();
  await portal.control('advance', { minutes: 1 });
  await page.getByRole('region', { name: 'Record and Stripe' }).getByRole('button', { name: 'Compare' }).click();
  await dialog.getByText('Same as Stripe').waitFor();
  await dialog.getByText('Nothing differs that could be repaired.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Timeline' }).getByText('Not to wait for the night.').waitFor();
});

test('the timeline is filtered, by its address, and leads to what it tells of', async () => {
  const { user } = await at.somebody('networker');
  const order = { operation: 'credit', amount_cents: 1_000 };
  const action = await api(page, 'POST', `/users/${user.id}/subscription`, { order, reason: 'For the outage.' });
  await open(page, `/users/${user.id}`);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('Actions', { exact: true }).click();
  await page.waitForURL(/kind=action/);
  await timeline.getByText('Invoice paid').first().waitFor({ state: 'detached' });
  await page.reload();
  await timeline.getByRole('link', { name: 'Credit' }).first().click();
  await page.waitForURL(new RegExp(`/approvals/${action.id}`));
  await open(page, `/users/${user.id}?kind=event`);
  await timeline.getByRole('link', { name: 'Invoice paid' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'invoice.paid' }).waitFor();
});

test('somebody unknown is a page that helps, and Stripe being down leaves the rest of a page', async () => {
  await open(page, '/users/cus_none');
  await page.getByText('There is no customer cus_none').waitFor();
  const { user } = await at.somebody('prospector');
  await page.route(/\/charges$/, (route) => route.fulfill(refusal(503, 'unavailable', 'Stripe cannot be asked at this moment.', 'req-8')));
  await open(page, `/users/${user.id}`);
  await page.getByRole('region', { name: 'Charges' }).getByText('Stripe cannot be asked at this moment.').waitFor();
  await page.getByRole('table', { name: 'Invoices' }).waitFor();
  await page.unroute(/\/charges$/);
});

test('a viewer is told why nothing can be done', async () => {
  const vera = await portal.signIn('vera');
  const { users } = await api(vera.page, 'GET', '/users?status=active&limit=1');
  await open(vera.page, `/users/${users[0].id}`);
  const refund = vera.page.getByRole('button', { name: 'Refund', exact: true });
  assert.match(await refund.getAttribute('aria-description'), /Needs the role Support/);
  assert.deepEqual(vera.complaints, []);
  await vera.close();
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(quiet(sam.complaints), []);
});
