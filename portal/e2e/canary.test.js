// Markup that is typed into any field is text there, and wherever it is shown afterwards.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, MARKUP } from './customer.js';
import { api, open, startPortal } from './portal.js';

let portal, tyler, page, user;

before(async () => {
  portal = await startPortal();
  tyler = await portal.signIn('tyler');
  ({ page } = tyler);
  ({ user } = await desk(page).somebody('networker'));
});

after(() => portal?.stop());

/** Types it into every field there is, and looks whether anything was made of it. */
async function fillAll(page) {
  const fields = await page.getByRole('textbox').or(page.getByRole('searchbox')).all();
  for (const field of fields) if (await field.isEditable()) await field.fill(MARKUP);
  await onlyText(page);
  return fields.length;
}

async function onlyText(page) {
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.notEqual(await page.title(), '1');
}

const click = (name) => () => page.getByRole('button', { name, exact: true }).first().click();
const item = (menu, name) => async () => {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
};

/** Every form with a field for text. */
const FORMS = [
  ['/users', null], ['/users?status=active', click('Save view')], ['/users', () => page.keyboard.press('Control+k')], ['/audit?subject=cus_1', null],
  ...['refund', 'credit', 'cancel', 'extend', 'pause_collection', 'change_plan', 'reset_password', 'resync']
    .map((doing) => [() => `/users/${user.id}?do=${doing}`, null]),
  ['/health/alerts', () => page.getByRole('button', { name: /^Acknowledge/ }).first().click()], ['/health/events', click('Replay by filter')],
  ['/staff', click('Invite somebody')], ['/staff', click('Change the limits of Support')], ['/staff', item('Change Vera Lind', 'Change role…')],
  ['/staff', item('Change Vera Lind', 'Disable…')], ['/staff', item('Change Vera Lind', 'Reset authenticator…')],
];

test('in every field it is text, and nothing is made of it', async () => {
  for (const [path, go] of FORMS) {
    const at = typeof path === 'string' ? path : path();
    await open(page, at);
    await go?.();
    if (go || at.includes('do=')) await page.getByRole('dialog').first().waitFor();
    assert.ok(await fillAll(page) > 0, at);
  }
});

test('before somebody is signed in, it is text as well', async () => {
  const outside = await portal.browser.newPage();
  for (const path of ['sign-in', 'set-password#token']) {
    await outside.goto(`${portal.url}/app/${path}`);
    await outside.getByRole('textbox').first().waitFor();
    assert.ok(await fillAll(outside) > 0, path);
  }
  await outside.close();
});

test('a reason is text in the request, at its asker, in the audit log and in the customer’s timeline', async () => {
  const sam = await portal.signIn('sam');
  const order = { operation: 'credit', amount_cents: 25_000 };
  const action = await api(sam.page, 'POST', `/users/${user.id}/subscription`, { order, reason: MARKUP });
  await sam.close();
  await open(page, '/approvals');
  await page.getByRole('row', { name: new RegExp(user.name) }).getByText(MARKUP).waitFor();
  await open(page, `/approvals/${action.id}`);
  await page.getByText(MARKUP).first().waitFor();
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('dialog').getByLabel('Why not').fill(`${MARKUP} not`);
  await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await page.getByText(`Tyler Reed rejected it: ${MARKUP} not`).waitFor();
  await onlyText(page);
  await open(page, `/audit?subject=${user.id}`);
  await page.getByRole('button', { name: 'Give credit' }).first().click();
  await page.getByRole('dialog').getByText(MARKUP).first().waitFor();
  await onlyText(page);
  await open(page, `/users/${user.id}?kind=action`);
  await page.getByRole('region', { name: 'Timeline' }).getByText(MARKUP).first().waitFor();
  await onlyText(page);
});

test('an administrator’s name is text among the staff, in their mail and at what they did', async () => {
  await open(page, '/staff');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite an administrator' });
  await dialog.getByLabel('Name').fill(MARKUP);
  await dialog.getByLabel('Email').fill('markup@uselinky.app');
  await dialog.getByLabel('Reason').fill(MARKUP);
  await dialog.getByRole('button', { name: `Invite ${MARKUP}` }).click();
  await page.getByRole('table', { name: 'Administrators' }).getByText(MARKUP).waitFor();
  await onlyText(page);
  await open(page, '/audit?actor=operator');
  await page.getByRole('combobox', { name: 'By whom' }).click();
  await page.getByRole('option', { name: MARKUP }).waitFor();
  await onlyText(page);
});

test('an alert is acknowledged with it', async () => {
  await open(page, '/health/alerts');
  await page.getByRole('button', { name: /^Acknowledge/ }).first().click();
  await page.getByRole('dialog').getByLabel('What you do about it').fill(MARKUP);
  await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('by Tyler Reed').first().waitFor();
  await onlyText(page);
});

test('in an address it is text as well', async () => {
  const markup = encodeURIComponent(MARKUP);
  for (const path of [`/users?search=${markup}`, `/users/${markup}`, `/audit?subject=${markup}`, `/health/deliveries?day=${markup}`, `/${markup}`]) {
    await open(page, path);
    await page.waitForLoadState('networkidle');
    await onlyText(page);
  }
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(tyler.complaints, []);
});
