// The product's main story, as a person goes through it on the control page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let browser;
let page;

before(async () => {
  sandbox = await startSandbox();
  browser = await startBrowser();
  page = browser.page;
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

const customer = () => page.getByRole('article', { name: 'Ada Lovelace' });

/** Waits until the customer's card shows `words` under `name`. */
async function shows(name, words) {
  const fact = customer().locator('dl > div').filter({ has: page.getByRole('term').filter({ hasText: name }) });
  await fact.getByRole('definition').filter({ hasText: words }).waitFor();
}

async function has(badge) {
  await customer().getByText(badge, { exact: true }).waitFor();
}

async function moveOnBy(words) {
  await page.getByRole('button', { name: `+ ${words}` }).click();
  await page.getByText(`Moved on by ${words}`).waitFor();
}

async function changeCard(behaves) {
  const select = customer().getByLabel('Other card');
  const option = await select.getByRole('option', { name: behaves }).first().getAttribute('value');
  await select.selectOption(option);
  await customer().getByRole('button', { name: 'Change card' }).click();
  await customer().getByText('is now on file').waitFor();
}

test('a founding member signs up and pays $25.00', async () => {
  await page.goto(sandbox.url);
  await page.getByText('Nobody has signed up yet').waitFor();
  await page.getByText('Stripe has sent nothing yet').waitFor();
  await picture(page, 'control-empty');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('radio', { name: 'Founding Member' }).check();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await page.getByRole('heading', { name: 'Subscribe to Founding Member' }).waitFor();
  await page.getByText('$25.00 for 3 months. After that the plan is Prospector at $75.00 a month').waitFor();
  await picture(page, 'pay');
  await page.getByRole('radio', { name: 'Visa, always pays' }).check();
  await page.getByRole('button', { name: 'Pay $25.00' }).click();
  await page.getByText('$25.00 charged to the card ending in 4242').waitFor();
  await picture(page, 'paid');
  await page.getByRole('link', { name: 'See what happened' }).click();
  await has('Active');
  await has('Founding Member');
  await shows('Paid so far', '$25.00');
  await shows('Next charge', '$75.00');
  await shows('Access', 'Yes');
  await picture(page, 'control-founding');
});

test('three months later the plan is Prospector, at $75.00 a month', async () => {
  await moveOnBy('3 months');
  await has('Prospector');
  await shows('Paid so far', '$100.00');
  await shows('Next charge', '$75.00');
  await has('Active');
});

test('a card that declines leaves the customer past due, with access for now', async () => {
  await changeCard('Goes on file, then declines every charge');
  await moveOnBy('1 month');
  await has('Past due');
  await shows('Owed', '$75.00');
  await shows('Access', 'until');
  await customer().getByRole('button', { name: 'Pay open invoice now' }).click();
  await customer().getByRole('alert').filter({ hasText: 'Your card was declined.' }).waitFor();
  await picture(page, 'control-past-due');
});

test('a mended card pays what is owed, and the customer is active again', async () => {
  await changeCard('Visa, always pays');
  await customer().getByRole('button', { name: 'Pay open invoice now' }).click();
  await customer().getByText('The open invoice is paid.').waitFor();
  await has('Active');
  await shows('Owed', 'Nothing');
  await shows('Paid so far', '$175.00');
  await shows('Access', 'Yes');
  await moveOnBy('1 hour');
  await picture(page, 'control-recovered');
});

test('the customer was told by mail, and the mail is shown as it was sent', async () => {
  await page.getByRole('link', { name: 'Mailbox' }).click();
  const mails = page.getByRole('navigation', { name: 'Mails' }).getByRole('link');
  await mails.first().waitFor();
  const subjects = await mails.locator('b').allTextContents();
  // The sandbox's own administrators were invited before anybody came.
  assert.deepEqual(subjects.toReversed(), [
    ...Array(3).fill("You are invited to Linky's billing"),
    'Welcome to Linky',
    'Your Linky plan is now Prospector',
    'Your Linky payment did not go through',
    'Your Linky payment went through',
  ]);
  await page.frameLocator('iframe').getByText('Ada').first().waitFor();
  await picture(page, 'mailbox');
  await page.getByRole('button', { name: 'Plain text' }).click();
  await page.getByText('Ada').first().waitFor();
  await picture(page, 'mailbox-text');
});

test('no page complained, and nothing was asked of another address', () => {
  // The declined payment is answered 402, which the browser notes by itself.
  const unexpected = browser.complaints.filter((words) => !words.includes('402'));
  assert.deepEqual(unexpected, []);
});
