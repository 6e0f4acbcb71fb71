// Finding a customer, and what is done to one: that it is done once, said beforehand, and refused in the server's words.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { api, open, picture, startPortal } from './portal.js';

const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let portal, sam, page;

/** What support may refund at once here: less than a month of the dearest plan. */
const LIMIT_CENTS = 10_000;
const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>';

before(async () => {
  portal = await startPortal();
  const tyler = await portal.signIn('tyler');
  const limits = { per_action_cents: LIMIT_CENTS, per_day_cents: 60_000, extend_days: 7 };
  await api(tyler.page, 'POST', '/policy', { role: 'support', ...limits, reason: 'A limit below the dearest plan.' });
  await tyler.close();
  sam = await portal.signIn('sam');
  ({ page } = sam);
});

after(() => portal?.stop());

const taken = new Set();

/** A customer in good standing whom no other test has, with a charge of which nothing was given back. */
async function somebody(plan) {
  const { users } = await api(page, 'GET', `/users?plan=${plan}&status=active&limit=100`);
  for (const user of users) {
    if (taken.has(user.id) || user.attention.length > 0) continue;
    const { charges } = await api(page, 'GET', `/users/${user.id}/charges`);
    const { subscription } = await api(page, 'GET', `/users/${user.id}`);
    if (subscription.pending_change || charges[0]?.left.amount_cents !== charges[0]?.amount.amount_cents || charges[0]?.disputed) continue;
    taken.add(user.id);
    return { user, charge: charges[0] };
  }
  throw new Error(`nobody is left on ${plan}`);
}

const dialog = () => page.getByRole('dialog').last();
const done = () => dialog().getByText('Done', { exact: true }).waitFor();

async function fillRefund(amount, reason = 'As they asked for it.') {
  await dialog().getByLabel('Amount', { exact: true }).fill(amount);
  await dialog().getByRole('combobox', { name: 'Kind of reason' }).click();
  await page.getByRole('option', { name: 'Goodwill' }).click();
  await dialog().getByLabel('Comment').fill(reason);
}

async function leftOf(user, charge) {
  const { charges } = await api(page, 'GET', `/users/${user.id}/charges`);
  return charges.find(({ id }) => id === charge.id).left.amount_cents;
}

test('somebody is found as their name is typed, opened by key, and the address keeps the search', async () => {
  await open(page, '/users');
  const { user } = await somebody('networker');
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

test('a part is refunded, once, however often it is clicked', async () => {
  const { user, charge } = await somebody('networker');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Refund', exact: true }).first().click();
  await fillRefund('31.07');
  await dialog().getByText('You may do this by yourself.').waitFor();
  await dialog().getByText(new RegExp(`\\$31\\.07 of the charge of .* goes back to ${user.name}`)).waitFor();
  await dialog().getByRole('button', { name: 'Refund $31.07' }).dblclick();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  assert.equal(await leftOf(user, charge), charge.left.amount_cents - 3_107);
  await page.getByRole('region', { name: 'Refunds' }).getByText('$31.07').waitFor();
});

test('above the limit, approval is said before it is sent, and waited for', async () => {
  const { user, charge } = await somebody('networker');
  await open(page, `/users/${user.id}?do=refund`);
  await fillRefund('120');
  await dialog().getByText('Needs approval').waitFor();
  await dialog().getByRole('button', { name: 'Ask to refund $120.00' }).click();
  await dialog().getByText('Waits for approval').waitFor();
  await dialog().getByRole('link', { name: 'Show the request' }).waitFor();
  await page.reload();
  await dialog().getByText('Waits for approval').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('region', { name: 'Under way' }).getByRole('link', { name: 'Refund $120.00' }).waitFor();
  // What is asked for is held, and nothing is given back twice meanwhile.
  assert.ok(await leftOf(user, charge) <= charge.left.amount_cents);
});

test('more than there is, is refused at the amount in the server’s words', async () => {
  const { user } = await somebody('prospector');
  await open(page, `/users/${user.id}?do=refund`);
  await fillRefund('9000');
  await dialog().getByText(/Of this charge \$75\.00 can still be refunded, and \$9,000\.00 is more\./).waitFor();
  assert.equal(await dialog().getByRole('button', { name: 'Refund $9,000.00' }).isDisabled(), true);
});

test('an error of the server and a lost network keep what was typed, and the same order is sent once', async () => {
  const { user, charge } = await somebody('networker');
  await open(page, `/users/${user.id}?do=refund`);
  await fillRefund('12', 'Kept over everything.');
  await dialog().getByText('You may do this by yourself.').waitFor();
  const ids = [];
  const refunds = new RegExp(`/users/${user.id}/refunds$`);
  await page.route(refunds, async (route) => {
    ids.push(route.request().headers()['idempotency-key']);
    if (ids.length === 1) return route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":{"code":"internal","message":"Something went wrong on our side.","request_id":"req-7"}}' });
    // The order arrives, and its answer is lost.
    if (ids.length === 2) { await route.fetch(); return route.abort(); }
    return route.continue();
  });
  const send = dialog().getByRole('button', { name: 'Refund $12.00' });
  await send.click();
  await dialog().getByText('req-7').waitFor();
  assert.equal(await dialog().getByLabel('Comment').inputValue(), 'Kept over everything.');
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await send.click();
  // The server has it after all, which is looked up.
  await done();
  assert.equal(new Set(ids).size, 1);
  await page.unroute(refunds);
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  assert.equal(await leftOf(user, charge), charge.left.amount_cents - 1_200);
});

test('offline and back, the typed text is there, over a reload as well', async () => {
  const { user } = await somebody('networker');
  await open(page, `/users/${user.id}?do=pause_collection`);
  await dialog().getByLabel('Reason').fill('Typed on a train.');
  await page.context().setOffline(true);
  await dialog().getByRole('button', { name: 'Pause collection' }).click();
  await dialog().getByText('No connection.').waitFor();
  assert.equal(await dialog().getByLabel('Reason').inputValue(), 'Typed on a train.');
  await page.context().setOffline(false);
  await page.reload();
  await dialog().getByLabel('Reason').waitFor();
  assert.equal(await dialog().getByLabel('Reason').inputValue(), 'Typed on a train.');
  await dialog().getByRole('button', { name: 'Pause collection' }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Invoices are made, but not collected.').waitFor();
});

test('a plan is changed as it was shown, and a change to come is taken back', async () => {
  const { user } = await somebody('networker');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Change plan' }).click();
  await dialog().getByRole('radio', { name: /Rainmaker/ }).check();
  const due = dialog().getByRole('row', { name: /Charged now/ });
  await due.waitFor();
  assert.match(await due.innerText(), /\$\d/);
  await dialog().getByText(`${user.name} moves from Networker to Rainmaker now.`).waitFor();
  await dialog().getByLabel('Reason').fill('They want more.');
  await dialog().getByRole('button', { name: /^Change to Rainmaker, charge/ }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByText(/Active on Rainmaker/).waitFor();

  await page.getByRole('button', { name: 'Change plan' }).click();
  await dialog().getByRole('radio', { name: /Prospector/ }).check();
  await dialog().getByText('Nothing is charged now.').waitFor();
  await dialog().getByLabel('Reason').fill('And less after all.');
  await dialog().getByRole('button', { name: 'Change to Prospector' }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Keep the current plan' }).click();
  await dialog().getByLabel('Reason').fill('They stay.');
  await dialog().getByRole('button', { name: 'Keep the plan' }).click();
  await done();
});

test('a subscription is cancelled and that is undone; then it ends with money back', async () => {
  const { user } = await somebody('prospector');
  await open(page, `/users/${user.id}?do=cancel`);
  await dialog().getByLabel('Reason').fill('They move away.');
  await dialog().getByRole('button', { name: /^End it on/ }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await dialog().getByLabel('Reason').fill('They stay.');
  await dialog().getByRole('button', { name: 'Keep the subscription' }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Next charge of').waitFor();
  await open(page, `/users/${user.id}?do=cancel`);
  await dialog().getByRole('radio', { name: /Now, with \$/ }).check();
  await dialog().getByLabel('Reason').fill('They go after all.');
  await dialog().getByRole('button', { name: /^End it now and refund \$/ }).click();
  await done();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Cancelled').first().waitFor();
});

test('credit is given, a payment put off, a password reset', async () => {
  const { user } = await somebody('networker');
  await open(page, `/users/${user.id}?do=credit`);
  await dialog().getByLabel('Amount').fill('5');
  await dialog().getByLabel('Reason').fill('For the wait.');
  await dialog().getByRole('button', { name: 'Give $5.00 credit' }).click();
  await done();
  await open(page, `/users/${user.id}?do=extend`);
  await dialog().getByLabel('Days').fill('3');
  await dialog().getByLabel('Reason').fill('Paid on the first.');
  await dialog().getByRole('button', { name: 'Put off by 3 days' }).click();
  await done();
  await open(page, `/users/${user.id}?do=reset_password`);
  await dialog().getByText(user.email).waitFor();
  await dialog().getByLabel('Reason').fill('They asked by phone.');
  await dialog().getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(`${user.name}: password reset`).waitFor();
});

test('a note is written and put otherwise, and markup in it is only text', async () => {
  const { user } = await somebody('prospector');
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

test('a mail is shown in a frame that runs nothing', async () => {
  const { user } = await somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Welcome to Linky' }).click();
  const frame = dialog().locator('iframe');
  await frame.waitFor();
  assert.equal(await frame.getAttribute('sandbox'), '');
  await page.frameLocator('iframe').getByText(/Linky/).first().waitFor();
});

test('the record is compared with Stripe, and the palette leads to what can be done', async () => {
  const { user } = await somebody('prospector');
  await open(page, `/users/${user.id}`);
  await page.getByRole('region', { name: 'Record and Stripe' }).getByRole('button', { name: 'Compare' }).click();
  await dialog().getByText('Same as Stripe').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('resync');
  await page.getByRole('button', { name: `Resync with Stripe: ${user.name}` }).click();
  await dialog().getByText('Same as Stripe').waitFor();
});

test('somebody unknown is a page that helps, and Stripe being down leaves the rest of a page', async () => {
  await open(page, '/users/cus_none');
  await page.getByText('There is no customer cus_none').waitFor();
  const { user } = await somebody('prospector');
  await page.route(/\/charges$/, (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":{"code":"unavailable","message":"Stripe cannot be asked at this moment.","request_id":"req-8"}}' }));
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

const LOOKS = [
  ['users', () => '/users'], ['users-none', () => '/users?search=zzzz'], ['user', (id) => `/users/${id}`], ['user-unknown', () => '/users/cus_none'],
  ['user-refund', (id) => `/users/${id}?do=refund`], ['user-plan', (id) => `/users/${id}?do=change_plan`], ['user-cancel', (id) => `/users/${id}?do=cancel`],
  ['user-extend', (id) => `/users/${id}?do=extend`], ['user-credit', (id) => `/users/${id}?do=credit`], ['user-pause', (id) => `/users/${id}?do=pause_collection`],
  ['user-reset', (id) => `/users/${id}?do=reset_password`], ['user-resync', (id) => `/users/${id}?do=resync`],
];

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1024, 1440]) {
    test(`both pages and their forms are without a fault at ${width} pixels, ${colorScheme}`, async () => {
      const looker = await portal.signIn('mara', { width, colorScheme });
      const { users: [user] } = await api(looker.page, 'GET', '/users?plan=rainmaker&status=active&limit=1');
      for (const [name, path] of LOOKS) {
        await open(looker.page, path(user.id));
        if (path(user.id).includes('do=')) await looker.page.getByRole('dialog').waitFor();
        await looker.page.waitForLoadState('networkidle');
        await picture(looker.page, `${name}-${width}-${colorScheme}`);
        await looker.page.evaluate(axe);
        const faults = await looker.page.evaluate(async () => {
          const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
        });
        assert.deepEqual(faults, [], name);
        const over = await looker.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
      }
      assert.deepEqual(looker.complaints, []);
      await looker.close();
    });
  }
}

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(sam.complaints.filter((words) => !/status of 5\d\d|ERR_(FAILED|INTERNET_DISCONNECTED)/.test(words)), []);
});
