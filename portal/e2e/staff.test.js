// Who administers: invited, changed, kept out; and the limits of each role.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, open, startPortal } from './portal.js';

let portal, tyler;

before(async () => {
  portal = await startPortal();
  tyler = await portal.signIn('tyler');
});

after(() => portal?.stop());

const row = (name) => tyler.page.getByRole('table', { name: 'Administrators' }).getByRole('row', { name: new RegExp(name) });

async function change(name, item) {
  await tyler.page.getByRole('button', { name: `Change ${name}` }).click();
  await tyler.page.getByRole('menuitem', { name: item }).click();
  return tyler.page.getByRole('dialog');
}

test('somebody is invited, and the mail is on its way', async () => {
  await open(tyler.page, '/staff');
  await tyler.page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = tyler.page.getByRole('dialog', { name: 'Invite an administrator' });
  await dialog.getByLabel('Name').fill('Ines Duarte');
  await dialog.getByLabel('Email').fill('ines@uselinky.app');
  await dialog.getByLabel('Reason').fill('Helps with disputes.');
  await dialog.getByRole('button', { name: 'Invite Ines Duarte' }).click();
  await row('Ines Duarte').getByText('Invited').waitFor();
  await portal.control('advance', { minutes: 2 });
  const { mails } = await portal.control('mails');
  assert.ok(JSON.stringify(mails).includes('ines@uselinky.app'));
});

test('an address that somebody has already is refused at its field', async () => {
  await open(tyler.page, '/staff');
  await tyler.page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = tyler.page.getByRole('dialog', { name: 'Invite an administrator' });
  await dialog.getByLabel('Name').fill('Another Sam');
  await dialog.getByLabel('Email').fill('sam@uselinky.app');
  await dialog.getByLabel('Reason').fill('Helps with disputes.');
  await dialog.getByRole('button', { name: 'Invite Another Sam' }).click();
  await dialog.getByText('There is an administrator with this address already.').first().waitFor();
  assert.equal(await dialog.getByLabel('Email').getAttribute('aria-invalid'), 'true');
  await dialog.getByRole('button', { name: 'Not now' }).click();
});

test('a role is changed, and somebody is kept out and let in again', async () => {
  await open(tyler.page, '/staff');
  let dialog = await change('Vera Lind', 'Change role…');
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await tyler.page.getByRole('option', { name: 'Support' }).click();
  await dialog.getByLabel('Reason').fill('Starts to help customers.');
  await dialog.getByRole('button', { name: 'Make Vera Lind Support' }).click();
  await row('Vera Lind').getByText('Support').waitFor();

  dialog = await change('Vera Lind', 'Disable…');
  await dialog.getByLabel('Reason').fill('On leave.');
  await dialog.getByRole('button', { name: 'Disable Vera Lind' }).click();
  await row('Vera Lind').getByText('Disabled').waitFor();

  dialog = await change('Vera Lind', 'Enable…');
  await dialog.getByLabel('Reason').fill('Back again.');
  await dialog.getByRole('button', { name: 'Enable Vera Lind' }).click();
  await row('Vera Lind').getByText('Password and app').waitFor();
});

test('the last owner cannot be kept out, and is told so where they are', async () => {
  await open(tyler.page, '/staff');
  const dialog = await change('Tyler Reed', 'Disable…');
  await dialog.getByLabel('Reason').fill('Leaving.');
  await dialog.getByRole('button', { name: 'Disable Tyler Reed' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Not now' }).click();
});

test('one owner asks for an authenticator to be reset, and the second has to confirm it', async () => {
  await open(tyler.page, '/staff');
  const dialog = await change('Sam Okoye', 'Reset authenticator…');
  await dialog.getByText('Two owners have to ask for this within a day').waitFor();
  await dialog.getByLabel('Reason').fill('Lost his phone; I called him.');
  await dialog.getByRole('button', { name: 'Ask for the reset' }).click();
  await row('Sam Okoye').getByText('Reset asked for').waitFor();
});

test('whoever asked cannot confirm it as well; a second owner does, and the app is off', async () => {
  let dialog = await change('Sam Okoye', 'Confirm the reset…');
  await dialog.getByLabel('Reason').fill('Nobody else is here.');
  await dialog.getByRole('button', { name: 'Reset it' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Not now' }).click();

  const { staff } = await api(tyler.page, 'GET', '/staff');
  const { id } = staff.find(({ name }) => name === 'Mara Voss');
  await api(tyler.page, 'POST', `/staff/${id}/role`, { role: 'owner', reason: 'A second owner is needed.' });
  const mara = await portal.signIn('mara');
  await open(mara.page, '/staff');
  await mara.page.getByRole('button', { name: 'Change Sam Okoye' }).click();
  await mara.page.getByRole('menuitem', { name: 'Confirm the reset…' }).click();
  dialog = mara.page.getByRole('dialog');
  await dialog.getByText('Tyler Reed has asked for this.').waitFor();
  await dialog.getByLabel('Reason').fill('I called him as well.');
  await dialog.getByRole('button', { name: 'Reset it' }).click();
  await mara.page.getByRole('row', { name: /Sam Okoye/ }).getByText('No authenticator yet').waitFor();
  assert.deepEqual(mara.complaints, []);
  await mara.close();
  await api(tyler.page, 'POST', `/staff/${id}/role`, { role: 'billing', reason: 'As it was.' });
});

test('an owner changes the limits of a role', async () => {
  await open(tyler.page, '/staff');
  await tyler.page.getByRole('button', { name: 'Change the limits of Support' }).click();
  const dialog = tyler.page.getByRole('dialog', { name: 'Limits of Support' });
  await dialog.getByLabel('A refund or credit').fill('20000');
  await dialog.getByText('At most $10,000.00.').waitFor();
  await dialog.getByLabel('A refund or credit').fill('250.00');
  await dialog.getByLabel('Reason').fill('Fewer questions.');
  await dialog.getByRole('button', { name: 'Change the limits' }).click();
  await tyler.page.getByRole('table', { name: 'Limits' }).getByText('$250.00').waitFor();
});

test('whoever is no owner sees all of it and is told why nothing can be changed', async () => {
  const mara = await portal.signIn('mara');
  await open(mara.page, '/staff');
  await mara.page.getByText('changing it takes an Owner, and your role is Billing').waitFor();
  for (const name of ['Invite somebody', 'Change Sam Okoye', 'Change the limits of Support']) {
    assert.equal(await mara.page.getByRole('button', { name }).getAttribute('aria-disabled'), 'true', name);
  }
  assert.deepEqual(mara.complaints, []);
  await mara.close();
});

test('nothing was logged as an error, and nobody else was asked', () => {
  assert.deepEqual(tyler.complaints, []);
});
