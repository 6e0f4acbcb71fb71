// The audit log as it is read, filtered, kept as a file and verified.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { api, open, picture, startPortal } from './portal.js';

let portal, tyler;

before(async () => {
  portal = await startPortal();
  tyler = await portal.signIn('tyler');
});

after(() => portal?.stop());

test('a change is shown with how it was before and after', async () => {
  const limits = { per_action_cents: 21_000, per_day_cents: 60_000, extend_days: 7 };
  await api(tyler.page, 'POST', '/policy', { role: 'support', ...limits, reason: 'Fewer questions.' });
  await open(tyler.page, '/audit');
  await tyler.page.getByRole('button', { name: 'Change limits' }).first().click();
  const entry = tyler.page.getByRole('dialog', { name: 'Change limits' });
  await entry.getByRole('row', { name: 'per_action_cents 20000 21000' }).waitFor();
  await entry.getByText('Fewer questions.').waitFor();
  await entry.getByRole('button', { name: 'Copy the request id' }).click();
  const copied = await tyler.page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^[0-9a-f-]{16,}$/);
  // The address names the entry: whoever is sent it sees the same.
  await tyler.page.reload();
  await tyler.page.getByRole('dialog', { name: 'Change limits' }).waitFor();
});

test('the filters stand in the address', async () => {
  await open(tyler.page, '/audit');
  await tyler.page.getByText('By somebody').click();
  await tyler.page.getByRole('combobox', { name: 'By whom' }).click();
  await tyler.page.getByRole('option', { name: 'The operator' }).click();
  await tyler.page.waitForURL(/actor=operator/);
  await tyler.page.getByRole('button', { name: 'Make the first owner' }).waitFor();
  await tyler.page.getByText('About', { exact: true }).first().click();
  await tyler.page.getByLabel('About whom or what, by id').fill('limits#support');
  await tyler.page.keyboard.press('Enter');
  await tyler.page.waitForURL(/subject=/);
  await tyler.page.getByRole('button', { name: 'Change limits' }).waitFor();
});

test('the log is handed over as a file', async () => {
  await open(tyler.page, '/audit');
  const [file] = await Promise.all([tyler.page.waitForEvent('download'), tyler.page.getByRole('button', { name: 'Export' }).click()]);
  assert.match(file.suggestedFilename(), /^audit-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /change_limits/);
});

test('the log is verified to its end', async () => {
  await open(tyler.page, '/audit');
  await tyler.page.getByRole('button', { name: 'Verify the log' }).click();
  await tyler.page.getByText('The log is whole.').waitFor();
  assert.deepEqual(tyler.complaints, []);
});

test('an entry that was changed behind the system’s back is found, and named', async () => {
  const limits = { per_action_cents: 22_000, per_day_cents: 60_000, extend_days: 7 };
  await api(tyler.page, 'POST', '/policy', { role: 'support', ...limits, reason: 'Written as it was.' });
  await tyler.close();
  await portal.restart((folder) => forge(join(folder, 'tables.sqlite'), 'Written as it was.', 'Written otherwise.'));
  tyler = await portal.signIn('tyler');
  await open(tyler.page, '/audit');
  await tyler.page.getByRole('button', { name: 'Verify the log' }).click();
  const found = tyler.page.getByRole('status').filter({ hasText: 'The log is broken.' });
  await found.waitFor();
  assert.match(await found.innerText(), /In the chain of Tyler Reed, /);
  await picture(tyler.page, 'audit-broken-1280-light');
});

/** Puts other words of the same length into the table's file. */
async function forge(file, was, is) {
  assert.equal(was.length, is.length);
  const table = await readFile(file);
  let at = table.indexOf(was);
  assert.ok(at >= 0, 'the words are in the table');
  for (; at >= 0; at = table.indexOf(was, at)) table.write(is, at);
  await writeFile(file, table);
}
