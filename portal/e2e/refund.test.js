// Money is given back: once, said beforehand, and refused in the server's words.

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

test('a part is refunded, once, however often it is clicked', async () => {
  const { user, charge } = await at.somebody('networker');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Refund', exact: true }).first().click();
  await at.fillRefund('31.07', 'Two weeks without service.');
  await at.dialog().getByText('You may do this by yourself.').waitFor();
  await at.dialog().getByText(new RegExp(`\\$31\\.07 of the charge of .* goes back to ${user.name}`)).waitFor();
  await at.dialog().getByRole('button', { name: 'Refund $31.07' }).dblclick();
  await at.done();
  await at.dialog().getByRole('button', { name: 'Close' }).last().click();
  assert.equal(await at.leftOf(user, charge), charge.left.amount_cents - 3_107);
  // Which charge it is of, and why it was made, is told beside it.
  const row = page.getByRole('table', { name: 'Refunds' }).getByRole('row', { name: /\$31\.07/ });
  await row.getByText('$145.00').waitFor();
  await row.getByText('Two weeks without service.').waitFor();
});

test('above the limit, approval is said before it is sent, and waited for', async () => {
  const { user, charge } = await at.somebody('networker');
  await at.begin(user, 'refund');
  await at.fillRefund('120');
  await at.dialog().getByText('Needs approval').waitFor();
  await at.dialog().getByRole('button', { name: 'Ask to refund $120.00' }).click();
  await at.dialog().getByText('Waits for approval').waitFor();
  await at.dialog().getByRole('link', { name: 'Show the request' }).waitFor();
  await page.reload();
  await at.dialog().getByText('Waits for approval').waitFor();
  await at.dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('region', { name: 'Under way' }).getByRole('link', { name: 'Refund $120.00' }).waitFor();
  // What is asked for is held, and nothing is given back twice meanwhile.
  assert.ok(await at.leftOf(user, charge) <= charge.left.amount_cents);
});

test('more than there is, is refused at the amount in the server’s words', async () => {
  const { user } = await at.somebody('prospector');
  await at.begin(user, 'refund');
  await at.fillRefund('9000');
  await at.dialog().getByText(/Of this charge \$75\.00 can still be refunded, and \$9,000\.00 is more\./).waitFor();
  assert.equal(await at.dialog().getByRole('button', { name: 'Refund $9,000.00' }).isDisabled(), true);
});

test('the first field is where somebody types, and a charge is chosen by its button', async () => {
  const { user, charge } = await at.somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Refund of the charge of $75.00' }).first().click();
  await at.dialog().getByLabel('Amount', { exact: true }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('12.50');
  await at.dialog().getByRole('button', { name: 'Refund $12.50' }).waitFor();
  await at.dialog().getByRole('button', { name: 'All: $75.00' }).click();
  await at.dialog().getByRole('button', { name: 'Refund $75.00' }).waitFor();
  assert.equal(await at.leftOf(user, charge), 7_500);
});

test('an error of the server and a lost network keep what was typed, and the same order is sent once', async () => {
  const { user, charge } = await at.somebody('networker');
  await at.begin(user, 'refund');
  await at.fillRefund('12', 'Kept over everything.');
  await at.dialog().getByText('You may do this by yourself.').waitFor();
  const ids = [];
  const refunds = new RegExp(`/users/${user.id}/refunds$`);
  await page.route(refunds, async (route) => {
    ids.push(route.request().headers()['idempotency-key']);
    if (ids.length === 1) return route.fulfill(refusal(500, 'internal', 'Something went wrong on our side.', 'req-7'));
    // The order arrives, and its answer is lost.
    if (ids.length === 2) { await route.fetch(); return route.abort(); }
    return route.continue();
  });
  const send = at.dialog().getByRole('button', { name: 'Refund $12.00' });
  await send.click();
  await at.dialog().getByText('req-7').waitFor();
  assert.equal(await at.dialog().getByLabel('Comment').inputValue(), 'Kept over everything.');
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await send.click();
  // The server has it after all, which is looked up.
  await at.done();
  assert.equal(new Set(ids).size, 1);
  await page.unroute(refunds);
  await at.dialog().getByRole('button', { name: 'Close' }).last().click();
  assert.equal(await at.leftOf(user, charge), charge.left.amount_cents - 1_200);
});

test('where Stripe’s answer is lost, it is looked up, and the refund was made once', async () => {
  const { user, charge } = await at.somebody('networker');
  await at.begin(user, 'refund');
  await at.fillRefund('10');
  await at.dialog().getByText('You may do this by yourself.').waitFor();
  await portal.control('faults', { on: 'stripe', fault: 'lost_answer', operation: 'POST /v1/refunds', times: 1 });
  await at.dialog().getByRole('button', { name: 'Refund $10.00' }).click();
  // Whether it was done is looked up, and it was done once.
  await portal.control('advance', { minutes: 10 });
  await at.done();
  assert.equal(await at.leftOf(user, charge), charge.left.amount_cents - 1_000);
  const { refunds } = await api(page, 'GET', `/users/${user.id}/money`);
  assert.equal(refunds.length, 1);
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(quiet(sam.complaints), []);
});
