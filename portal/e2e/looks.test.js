// Every page and every dialog as it looks: pictures for people, and axe, at three widths in both themes. The reports have
// their own in reports.test.js.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { look } from './looks.js';
import { api, open, startPortal } from './portal.js';

let portal, user, late, action, event, day;

before(async () => {
  portal = await startPortal();
  const sam = await portal.signIn('sam');
  ({ users: [user] } = await api(sam.page, 'GET', '/users?plan=rainmaker&status=active&limit=1'));
  ({ users: [late] } = await api(sam.page, 'GET', '/users?attention=past_due&limit=1'));
  const order = { operation: 'credit', amount_cents: 25_000 };
  ({ id: action } = await api(sam.page, 'POST', `/users/${user.id}/subscription`, { order, reason: 'Three weeks of outage in October.' }));
  ([{ id: event }] = (await api(sam.page, 'GET', '/events')).events);
  ([{ day }] = (await api(sam.page, 'GET', '/runs')).runs);
  await sam.close();
});

after(() => portal?.stop());

const click = (name, exact = false) => (page) => page.getByRole('button', { name, exact }).first().click();
const press = (key) => (page) => page.keyboard.press(key);
const wait = () => Promise.resolve();
const form = (doing, of = () => user) => [`user-${doing.replaceAll('_', '-')}`, () => `/users/${of().id}?do=${doing}`, wait];

/** Every page, and every dialog by the way to it. */
const VIEWS = {
  customers: [
    ['users', '/users'], ['users-none', '/users?search=zzzz'], ['user', () => `/users/${user.id}`], ['user-late', () => `/users/${late.id}`],
    ['user-unknown', '/users/cus_none'], ['palette', '/users', press('Control+k')], ['keys', '/users', press('?')], ['nowhere', '/nowhere'],
  ],
  'forms on a customer': [
    ...['refund', 'change_plan', 'cancel', 'extend', 'credit', 'pause_collection', 'reset_password', 'resync'].map((doing) => form(doing)),
    form('retry_payment', () => late),
  ],
  approvals: [
    ['approvals', '/approvals'], ['approvals-all', '/approvals?show=all'], ['approval', () => `/approvals/${action}`],
    ['approval-approve', () => `/approvals/${action}`, click('Approve')], ['approval-reject', () => `/approvals/${action}`, click('Reject')],
    ['approval-none', '/approvals/act_00000000000000000000000000000000'],
  ],
  health: [
    ['health', '/health'], ['health-alerts', '/health/alerts'], ['health-acknowledge', '/health/alerts', click(/^Acknowledge/)],
    ['health-events', '/health/events'], ['health-filter', '/health/events', click('Replay by filter')], ['health-deliveries', '/health/deliveries'],
    ['health-runs', '/health/runs'], ['health-run', () => `/health/runs/${day}`], ['event', () => `/events/${event}`],
    ['event-replay', () => `/events/${event}`, click('Replay')],
  ],
  'the audit log and staff': [
    ['audit', '/audit'], ['audit-verified', '/audit', click('Verify the log')], ['audit-entry', '/audit?actor=operator', click('Make the first owner')],
    ['staff', '/staff'], ['staff-invite', '/staff', click('Invite somebody')], ['staff-limits', '/staff', click('Change the limits of Support')],
    ['staff-role', '/staff', async (page) => {
      await click('Change Vera Lind')(page);
      await page.getByRole('menuitem', { name: 'Change role…' }).click();
    }],
    ['sessions', '/sessions'], ['sessions-anew', '/sessions', click('Set up anew')],
  ],
};

for (const [of, views] of Object.entries(VIEWS)) {
  test(`${of}: without a fault in any width and theme`, async () => {
    // Anew for each, so that the code shown at sign-in is still good for what asks for one.
    const { page, complaints, close } = await portal.signIn('tyler');
    const faults = [];
    for (const [name, path, go] of views) {
      await open(page, typeof path === 'string' ? path : path());
      await go?.(page);
      if (go) await page.getByRole('dialog').or(page.getByText('The log is whole.')).first().waitFor();
      faults.push(...await look(page, name));
    }
    assert.deepEqual([...faults, ...complaints], []);
    await close();
  });
}

test('signing in: without a fault in any width and theme', async () => {
  const page = await portal.browser.newPage();
  await page.goto(`${portal.url}/app/sign-in`);
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const faults = await look(page, 'sign-in');
  await page.goto(`${portal.url}/app/set-password#token`);
  await page.getByLabel('New password').waitFor();
  faults.push(...await look(page, 'set-password'));
  assert.deepEqual(faults, []);
});
