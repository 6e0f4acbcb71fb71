// What one person alone may not do: asked for by one, decided by another.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, open, startPortal } from './portal.js';

let portal, sam, mara, left;

/** What support may refund at once in this test: less than a month of the dearest plan. */
const LIMIT_CENTS = 10_000;

before(async () => {
  portal = await startPortal();
  sam = await portal.signIn('sam');
  mara = await portal.signIn('mara');
  const tyler = await portal.signIn('tyler');
  const limits = { per_action_cents: LIMIT_CENTS, per_day_cents: 60_000, extend_days: 7 };
  await api(tyler.page, 'POST', '/policy', { role: 'support', ...limits, reason: 'A limit below the dearest plan.' });
  await tyler.close();
});

after(() => portal?.stop());

/** Sam asks for more credit than support may give alone. */
async function askForCredit(reason) {
  const { users } = await api(sam.page, 'GET', '/users?status=active&limit=50');
  const [user] = users.splice(askForCredit.asked, 1);
  askForCredit.asked += 1;
  const action = await api(sam.page, 'POST', `/users/${user.id}/subscription`, { order: { operation: 'credit', amount_cents: 25_000 }, reason });
  assert.equal(action.state, 'awaiting_approval');
  return { user, action };
}
askForCredit.asked = 0;

/** Sam asks for a refund of all that is left of a charge, which is more than the limit that was set for this. */
async function askForRefund(reason) {
  const { users } = await api(sam.page, 'GET', '/users?status=active&plan=rainmaker&limit=50');
  for (const user of users.slice(askForRefund.asked)) {
    askForRefund.asked += 1;
    const { charges } = await api(sam.page, 'GET', `/users/${user.id}/charges`);
    const charge = charges.find(({ left, disputed }) => !disputed && left.amount_cents > LIMIT_CENTS);
    if (!charge) continue;
    const amount_cents = charge.left.amount_cents;
    const body = { charge: charge.id, amount_cents, currency: 'usd', why: 'goodwill', reason, then_cancel: false };
    const action = await api(sam.page, 'POST', `/users/${user.id}/refunds`, body);
    assert.equal(action.state, 'awaiting_approval');
    return { user, action, amount: `$${(amount_cents / 100).toFixed(2)}` };
  }
  throw new Error('no charge is large enough');
}
askForRefund.asked = 0;

test('what support asks for is approved by billing, and the refund is made', async () => {
  const { user, action, amount } = await askForRefund('The renewal was not wanted.');
  const { page } = mara;
  await open(page, '/approvals');
  await page.getByRole('row', { name: new RegExp(user.name) }).getByRole('link', { name: `Refund ${amount}` }).click();
  await page.getByRole('heading', { level: 1, name: `Refund ${amount} · ${user.name}` }).waitFor();
  await page.getByText('The renewal was not wanted.').first().waitFor();
  await page.getByText('Over the limit for one refund or credit.').waitFor();
  await page.getByRole('region', { name: 'Before and after' }).getByText('Left to refund').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: `Approve: Refund ${amount}?` });
  await dialog.getByText(`${amount} goes back to ${user.name}.`).waitFor();
  await dialog.getByRole('button', { name: `Approve: Refund ${amount}` }).click();
  await page.getByText('Done. Stripe has carried it out.').waitFor();
  const ended = await api(page, 'GET', `/actions/${action.id}`);
  assert.equal(ended.state, 'succeeded');
  const { charges } = await api(page, 'GET', `/users/${user.id}/charges`);
  assert.equal(charges.find(({ id }) => id === action.order.charge).left.amount_cents, 0);
});

test('what Stripe refuses is said, and that nothing was changed', async () => {
  const { action } = await askForRefund('Asked for before it was disputed.');
  await portal.control('dispute', { charge: action.order.charge, reason: 'fraudulent' });
  await open(mara.page, `/approvals/${action.id}`);
  await mara.page.getByRole('button', { name: 'Approve' }).click();
  await mara.page.getByRole('dialog').getByRole('button', { name: /^Approve/ }).click();
  await mara.page.getByText('It failed, and nothing was changed.').waitFor();
});

test('a request is rejected with a reason that its asker reads', async () => {
  const { action } = await askForCredit('He asked nicely.');
  await open(mara.page, `/approvals/${action.id}`);
  await mara.page.getByRole('button', { name: 'Reject' }).click();
  const dialog = mara.page.getByRole('dialog');
  assert.ok(await dialog.getByRole('button', { name: 'Reject' }).isDisabled());
  await dialog.getByLabel('Why not').fill('That is no reason.');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await mara.page.getByText('Mara Voss rejected it: That is no reason.').waitFor();
  await open(sam.page, '/approvals?show=mine');
  await sam.page.getByRole('row', { name: /Rejected/ }).first().waitFor();
  await open(sam.page, `/approvals/${action.id}`);
  await sam.page.getByText('That is no reason.').first().waitFor();
});

test('nobody decides on what they asked for, but they can take it back', async () => {
  const { action } = await askForCredit('A mistake.');
  await open(sam.page, `/approvals/${action.id}`);
  await sam.page.getByText('You asked for this yourself, so somebody else has to decide on it.').waitFor();
  assert.equal(await sam.page.getByRole('button', { name: 'Approve' }).count(), 0);
  await sam.page.getByRole('button', { name: 'Withdraw the request' }).click();
  await sam.page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await sam.page.getByText('Sam Okoye took it back. Nothing was done.').waitFor();
});

test('a viewer sees the request and is told which role decides', async () => {
  const { action } = await askForCredit('Somebody else has to see this.');
  const vera = await portal.signIn('vera');
  await open(vera.page, `/approvals/${action.id}`);
  const approve = vera.page.getByRole('button', { name: 'Approve' });
  assert.equal(await approve.getAttribute('aria-disabled'), 'true');
  await vera.page.getByText('Needs the role Billing or higher. Yours is Viewer.').waitFor();
  await approve.click({ force: true });
  assert.equal(await vera.page.getByRole('dialog').count(), 0);
  assert.deepEqual(vera.complaints, []);
  await vera.close();
});

test('after a while a code is asked for in place, and the approval goes on by itself', async () => {
  const { action } = await askForCredit('Two weeks of outage.');
  left = (await askForCredit('Nobody looks at this.')).action;
  await portal.control('advance', { minutes: 6 });
  const { page } = mara;
  await open(page, `/approvals/${action.id}`);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Approve/ }).click();
  const step = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await step.getByLabel('Code of your authenticator app').fill(await portal.code('mara'));
  await page.getByText('Done. Stripe has carried it out.').waitFor();
});

test('what nobody decided on in a day has expired', async () => {
  await portal.control('advance', { days: 1, hours: 1 });
  const later = await portal.signIn('mara');
  await open(later.page, `/approvals/${left.id}`);
  await later.page.getByText('Nobody decided within 24 hours').waitFor();
  assert.equal(await later.page.getByRole('button', { name: 'Approve' }).count(), 0);
  await later.close();
});

test('nothing was logged as an error, and nobody else was asked', () => {
  assert.deepEqual([...sam.complaints, ...mara.complaints], []);
});
