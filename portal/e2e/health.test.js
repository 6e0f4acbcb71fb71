// How the system does: alerts, events that were given up, deliveries, and what the night found.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, open, startPortal } from './portal.js';

let portal, mara;

before(async () => {
  portal = await startPortal();
  mara = await portal.signIn('mara');
});

after(() => portal?.stop());

test('each part says how it does and what to do', async () => {
  await open(mara.page, '/health');
  const row = mara.page.getByRole('row', { name: /Dead events/ });
  await row.getByText('Degraded').waitFor();
  await row.getByRole('cell', { name: 'Mend what each alert names, then replay the events.', exact: true }).waitFor();
  await mara.page.getByText('As a table').click();
  await mara.page.getByRole('table', { name: 'What came in by day' }).waitFor();
});

test('an alert is acknowledged with what is done about it', async () => {
  await open(mara.page, '/health/alerts');
  const alert = mara.page.getByRole('listitem').filter({ hasText: 'was tried until the last attempt' }).first();
  await alert.getByRole('button', { name: /^Acknowledge/ }).click();
  const dialog = mara.page.getByRole('dialog', { name: 'Acknowledge this alert?' });
  await dialog.getByLabel('What you do about it').fill('The key is being renewed.');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await alert.getByText('by Mara Voss').waitFor();
  assert.equal(await alert.getByRole('button', { name: /^Acknowledge/ }).count(), 0);
});

test('an event that was given up is replayed after it was shown what that changes', async () => {
  await open(mara.page, '/health/events');
  await mara.page.getByRole('link', { name: 'checkout.session.completed' }).first().click();
  await mara.page.getByText('It was tried until the last attempt.').waitFor();
  await mara.page.getByRole('button', { name: 'Replay' }).click();
  const dialog = mara.page.getByRole('dialog', { name: 'Replay 1 event?' });
  await dialog.getByRole('list', { name: 'What a replay would change' }).waitFor();
  await dialog.getByLabel('Reason').fill('Stripe lets us in again.');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await mara.page.getByText('1 event tried anew').waitFor();
  await portal.control('advance', { minutes: 5 });
  await mara.page.getByText('What it told is on record.').waitFor();
});

test('the deliveries of a day are shown with their answers', async () => {
  await open(mara.page, '/health/deliveries');
  await mara.page.getByRole('button', { name: 'The day before' }).click();
  await mara.page.waitForURL(/day=/);
  await mara.page.getByRole('table', { name: /^Deliveries of/ }).getByText(/Applied|Ignored/).first().waitFor();
});

test('the nightly runs are shown with what they looked at', async () => {
  await open(mara.page, '/health/runs');
  await mara.page.getByRole('table', { name: 'Nightly runs' }).getByRole('link').first().click();
  await mara.page.getByText('Objects compared').waitFor();
  await mara.page.getByText('Nothing differed').waitFor();
});

test('what a night found is repaired, after each customer was compared again', async () => {
  const [{ day }] = (await api(mara.page, 'GET', '/runs')).runs;
  const detail = await api(mara.page, 'GET', `/runs/${day}`);
  const { customers: [{ id }] } = await portal.control('state?state=differs');
  // Nothing stays different for a night in the demo book: what the run found is told here, what differs is true.
  const fields = [{ field: 'status', ours: 'active', stripes: 'canceled' }];
  const differences = [{ object: id, customer: id, fields, cause: 'missed_event', policy: 'repair' }];
  await mara.page.route(`**/api/admin/runs/${day}`, (route) => route.fulfill({ json: { ...detail, differences } }));
  await open(mara.page, `/health/runs/${day}`);
  const table = mara.page.getByRole('table', { name: 'Differences' });
  await table.getByRole('row', { name: 'status active canceled', exact: true }).waitFor();
  await table.getByRole('checkbox').first().check();

  const repair = async () => {
    await mara.page.getByRole('button', { name: 'Repair all' }).click();
    return mara.page.getByRole('dialog', { name: 'Repair 1 customer?' });
  };
  let dialog = await repair();
  await dialog.getByRole('columnheader', { name: 'At Stripe' }).first().waitFor();
  await dialog.getByLabel('Reason').fill('Not to wait for the night.');
  await dialog.getByRole('button', { name: 'Repair 1 customer' }).click();
  await mara.page.getByText('1 customer put right').waitFor();

  await portal.control('advance', { minutes: 1 });
  dialog = await repair();
  await dialog.getByText('Same as Stripe').waitFor();
  await dialog.getByText('Nothing differs that could be repaired.').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Repair 1 customer' }).isDisabled());
});

test('a viewer sees all of it and is told which role may act', async () => {
  const vera = await portal.signIn('vera');
  await open(vera.page, '/health/events');
  const replay = vera.page.getByRole('button', { name: 'Replay by filter' });
  assert.equal(await replay.getAttribute('aria-disabled'), 'true');
  await replay.hover({ force: true });
  await vera.page.getByText('Needs the role Billing or higher. Yours is Viewer.').first().waitFor();
  await vera.close();
});

test('nothing was logged as an error, and nobody else was asked', () => {
  assert.deepEqual(mara.complaints, []);
});
