// What is done to a subscription: each confirmed in words, and told until it has ended.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk } from './customer.js';
import { api, open, quiet, startPortal } from './portal.js';

let portal, sam, page, at;

before(async () => {
  portal = await startPortal();
  sam = await portal.signIn('sam');
  ({ page } = sam);
  at = desk(page);
});

after(() => portal?.stop());

const sentence = (words) => page.getByText(words).first().waitFor();

test('a plan is changed as it was shown, and a change to come is taken back', async () => {
  const { user } = await at.somebody('networker');
  await open(page, `/users/${user.id}`);
  await page.getByRole('button', { name: 'Change plan' }).click();
  await at.dialog().getByRole('radio', { name: /Rainmaker/ }).check();
  const due = at.dialog().getByRole('row', { name: /Charged now/ });
  await due.waitFor();
  const [charged] = /\$\d[\d.,]*/.exec(await due.innerText());
  await at.dialog().getByText(`${user.name} moves from Networker to Rainmaker now.`).waitFor();
  await at.dialog().getByLabel('Reason').fill('They want more.');
  await at.send(/^Change to Rainmaker, charge/);
  await sentence(/Active on Rainmaker/);
  // Why they were charged that much: the charge says for what, and the invoice of what it is made.
  const row = (table) => page.getByRole('table', { name: table }).getByRole('row', { name: /Change of plan/ }).first();
  await row('Charges').getByText(charged, { exact: true }).first().waitFor();
  const lines = row('Invoices').getByRole('list', { name: 'What it is made of' }).getByRole('listitem');
  await lines.filter({ hasText: 'Unused time on Networker' }).filter({ hasText: '-$' }).waitFor();
  await lines.filter({ hasText: 'Remaining time on Rainmaker' }).waitFor();
  await row('Invoices').getByText(charged, { exact: true }).first().waitFor();

  await page.getByRole('button', { name: 'Change plan' }).click();
  await at.dialog().getByRole('radio', { name: /Prospector/ }).check();
  await at.dialog().getByText('Nothing is charged now.').waitFor();
  await at.dialog().getByLabel('Reason').fill('And less after all.');
  await at.send('Change to Prospector');
  await page.getByRole('button', { name: 'Keep the current plan' }).click();
  await at.dialog().getByLabel('Reason').fill('They stay.');
  await at.send('Keep the plan');
});

test('a subscription is cancelled and that is undone; then it ends with money back', async () => {
  const { user } = await at.somebody('prospector');
  await at.begin(user, 'cancel', 'They move away.');
  await at.send(/^End it on/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await at.dialog().getByLabel('Reason').fill('They stay.');
  await at.dialog().getByText(`The subscription of ${user.name} goes on after the period that is running.`).waitFor();
  await at.send('Keep the subscription');
  await sentence('Next charge of');
  await open(page, `/users/${user.id}?do=cancel`);
  await at.dialog().getByRole('radio', { name: /Now, with \$/ }).check();
  await at.dialog().getByLabel('Reason').fill('They go after all.');
  await at.send(/^End it now and refund \$/);
  await sentence('Cancelled');
});

test('collection is paused, which is said everywhere, and resumed', async () => {
  const { user } = await at.somebody('networker');
  await at.begin(user, 'pause_collection', 'They are in hospital.');
  await at.dialog().getByText(`Nothing is collected from ${user.name} until somebody resumes it.`).waitFor();
  await at.send('Pause collection');
  await sentence('Invoices are made, but not collected.');
  await page.getByRole('banner').or(page.locator('header')).getByText('Collection paused').first().waitFor();
  const change = page.getByRole('button', { name: 'Change plan' });
  assert.match(await change.getAttribute('aria-description'), /Payments are not collected\. Resume that first\./);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await at.dialog().getByLabel('Reason').fill('They are back.');
  await at.dialog().getByText(`Payments are collected from ${user.name} again.`).waitFor();
  await at.send('Resume collection');
  await page.getByText('Invoices are made, but not collected.').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Pause collection' }).waitFor();
  await page.keyboard.press('Escape');
});

test('a failed payment is retried: it fails and nothing moved, then a good card pays it', async () => {
  const { users } = await api(page, 'GET', '/users?attention=past_due&limit=50');
  const [user] = users.filter(({ status }) => status === 'past_due');
  await at.begin(user, 'retry_payment', 'They say the card works again.');
  const amount = /^Charge \$[\d.]+ now$/;
  await at.dialog().getByRole('button', { name: amount }).click();
  await at.dialog().getByText('Not done', { exact: true }).waitFor();
  await at.dialog().getByText('No money moved').waitFor();
  await at.dialog().getByText(/declined|failed|refused/i).first().waitFor();
  await portal.control('card', { customer: user.id, card: '4242424242424242' });
  await at.dialog().getByRole('button', { name: 'Try again' }).click();
  await at.dialog().getByText(new RegExp(`is charged to ${user.name} now\\.`)).waitFor();
  // What was typed for the first try is there for the second.
  assert.equal(await at.dialog().getByLabel('Reason').inputValue(), 'They say the card works again.');
  await at.send(amount);
  await sentence(/^Active on/);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const retry = page.getByRole('menuitem', { name: /^Retry payment/ });
  await retry.getByText('No invoice is open.').waitFor();
  await page.keyboard.press('Escape');
});

test('credit is given, a payment put off, a password reset', async () => {
  const { user } = await at.somebody('networker');
  await at.begin(user, 'credit', 'For the wait.');
  await at.dialog().getByLabel('Amount').fill('5');
  await at.send('Give $5.00 credit');
  await at.begin(user, 'extend', 'Paid on the first.');
  await at.dialog().getByLabel('Days').fill('3');
  await at.send('Put off by 3 days');
  await page.getByRole('region', { name: 'Subscription' }).getByText('Payment put off to').waitFor();
  await at.begin(user, 'reset_password', 'They asked by phone.');
  await at.dialog().getByText(user.email).waitFor();
  await at.dialog().getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(`${user.name}: password reset`).waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  for (const done of [/^Credit/, /^Extend/, /^Reset password/]) await timeline.getByText(done).first().waitFor();
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(quiet(sam.complaints), []);
});
