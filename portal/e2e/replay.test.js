// Events are replayed: one, several that were chosen, and those that a filter finds. What it changes is shown first.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { project } from '../../tests/sandbox.mjs';
import { api, open, startPortal } from './portal.js';

let portal, mara, page;

before(async () => {
  portal = await startPortal();
  mara = await portal.signIn('mara');
  ({ page } = mara);
});

after(() => portal?.stop());

/** An event of which nothing can be made, as it is put aside. */
async function malformed() {
  const event = JSON.parse(await readFile(join(project, 'events/stripe/invoice.paid.json'), 'utf8'));
  event.data.object = { id: event.data.object.id, object: 'invoice' };
  const { answer } = await portal.control('events', event);
  assert.equal(answer.outcome, 'quarantined');
}

test('several that were chosen are replayed, and which of them cannot be is said before and after', async () => {
  await malformed();
  await malformed();
  const { events } = await api(page, 'GET', '/events');
  const [one, other] = events.filter(({ outcome }) => outcome === 'quarantined').map(({ id }) => id);
  await open(page, '/health/events');
  const chosen = page.getByRole('button', { name: 'Replay the chosen ones' });
  assert.equal(await chosen.getAttribute('aria-description'), 'Choose events first.');
  for (const name of ['Choose checkout.session.completed', one, other]) await page.getByRole('checkbox', { name }).check();
  await page.getByText('3 events chosen').waitFor();
  await chosen.click();
  const dialog = page.getByRole('dialog', { name: 'Replay 3 events?' });
  const shown = dialog.getByRole('list', { name: 'What a replay would change' });
  await shown.getByRole('listitem').filter({ hasText: one }).getByText('Cannot be replayed').waitFor();
  await dialog.getByLabel('Reason').fill('Stripe lets us in again.');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('1 event tried anew').waitFor();
  await page.getByText('2 events cannot be replayed.').waitFor();
  await page.getByText('Choose events to replay several at once.').waitFor();
});

test('one is replayed, and its page says what became of it', async () => {
  await open(page, '/health/events');
  await page.getByRole('link', { name: 'invoice.paid' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'invoice.paid' }).waitFor();
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay 1 event?' });
  await dialog.getByText('None of them can be replayed.').waitFor();
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await portal.control('advance', { minutes: 5 });
  const { events } = await api(page, 'GET', '/events');
  assert.ok(events.every(({ kind }) => kind !== 'checkout.session.completed'), 'what was replayed is settled');
});

test('those that a filter finds are shown first, and then replayed', async () => {
  const { users: [user] } = await api(page, 'GET', '/users?status=active&plan=networker&limit=1');
  await open(page, '/health/events');
  await page.getByRole('button', { name: 'Replay by filter' }).click();
  const form = page.getByRole('dialog', { name: 'Replay events that match' });
  for (const name of ['Dead', 'Quarantined']) await form.getByLabel(name).uncheck();
  assert.ok(await form.getByRole('button', { name: 'Show what it would change' }).isDisabled());
  await form.getByLabel('Applied').check();
  await form.getByLabel('Types').fill('invoice.paid, customer.subscription.created');
  await form.getByLabel('Customer').fill('ada');
  await form.getByText('The id of a customer begins with cus_.').waitFor();
  await form.getByLabel('Customer').fill(user.id);
  await form.getByRole('button', { name: 'Show what it would change' }).click();
  const dialog = page.getByRole('dialog', { name: /^Replay \d+ events\?$/ });
  await dialog.getByText('Changes nothing').first().waitFor();
  const number = await dialog.getByRole('list').getByRole('listitem').count();
  await dialog.getByLabel('Reason').fill('To see that nothing changes.');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await page.getByText(`${String(number)} events tried anew`).waitFor();
  await portal.control('advance', { minutes: 5 });
  await open(page, '/audit');
  await page.getByRole('button', { name: 'Replay events' }).first().click();
  await page.getByRole('dialog').getByText('To see that nothing changes.').waitFor();
});

test('where none matches, nothing can be replayed', async () => {
  await open(page, '/health/events');
  await page.getByRole('button', { name: 'Replay by filter' }).click();
  const form = page.getByRole('dialog', { name: 'Replay events that match' });
  await form.getByLabel('Types').fill('charge.refunded');
  await form.getByRole('button', { name: 'Show what it would change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay 0 events?' });
  await dialog.getByText('No event matches.').first().waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Replay' }).isDisabled());
});

test('nothing was logged as an error, and nobody else was asked', () => {
  assert.deepEqual(mara.complaints, []);
});
