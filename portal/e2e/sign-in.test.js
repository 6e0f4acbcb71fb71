// Signing in: what is wrong is said at its field, an authenticator is set up by its QR code, a lost one is replaced by a recovery code.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { open, startPortal } from './portal.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_S = 30;

let portal, page, context;

before(async () => {
  portal = await startPortal();
  context = await portal.browser.newContext();
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
});

after(() => portal?.stop());

/** The code an app shows for a key at the sandbox's time (RFC 6238). */
async function codeOf(key) {
  const bits = [...key].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const { now } = await portal.control('state');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(now) / 1_000 / STEP_S)));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 0x0f) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function password(email, typed) {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(typed);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a wrong password and a wrong code are said where they were typed, and what was typed stays', async () => {
  const { email, password: right } = await portal.person('vera');
  await page.goto(`${portal.url}/app/users?status=past_due`);
  await page.waitForURL(/sign-in/);
  await password(email, 'not the right password');
  await page.getByRole('textbox', { name: 'Password' }).and(page.locator('[aria-invalid=true]')).waitFor();
  assert.equal(await page.getByLabel('Email').inputValue(), email);
  await password(email, right);
  await page.getByLabel('Code of your authenticator app').fill('000000');
  await page.getByLabel('Code of your authenticator app').and(page.locator('[aria-invalid=true]')).waitFor();
  await page.getByLabel('Code of your authenticator app').fill(await portal.code('vera'));
  // They are led to where they wanted to go.
  await page.waitForURL(/\/app\/users\?status=past_due$/);
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
});

let codes;

test('a new app is set up by its key, and the recovery codes have to be kept', async () => {
  await open(page, '/sessions');
  await page.getByRole('button', { name: 'Set up anew' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
  await dialog.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const key = (await dialog.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText()).replaceAll(' ', '');
  await dialog.getByLabel('Code of your authenticator app').fill(await codeOf(key));
  const list = dialog.getByRole('list', { name: 'Recovery codes' });
  await list.waitFor();
  codes = await list.getByRole('listitem').allInnerTexts();
  assert.equal(new Set(codes).size, 10);
  assert.ok(await dialog.getByRole('button', { name: /^Go on/ }).isDisabled());
  await dialog.getByLabel('I have kept them where I find them without this device').check();
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('You have 10 recovery codes left.').waitFor();
});

test('a recovery code signs in once, and the session that is left over is ended', async () => {
  const { email, password: right } = await portal.person('vera');
  await context.clearCookies();
  await page.goto(`${portal.url}/app/sign-in`);
  await password(email, right);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForURL((at) => !at.pathname.endsWith('/sign-in'));
  await open(page, '/sessions');
  await page.getByText('You have 9 recovery codes left.').waitFor();
  const table = page.getByRole('table', { name: 'Your sessions' });
  const ends = table.getByRole('button', { name: /^End the session of/ });
  await ends.first().click();
  const others = await ends.count();
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await ends.nth(others - 1).waitFor({ state: 'detached' });
});

test('a forgotten password is set anew by the link of a mail, and only once', async () => {
  const { email } = await portal.person('sam');
  await context.clearCookies();
  await page.goto(`${portal.url}/app/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  await page.getByRole('status').filter({ hasText: /\w/ }).first().waitFor();
  await portal.control('advance', { minutes: 1 });
  const { mails } = await portal.control('mails');
  const [link] = /http\S*\/set-password#\S+/.exec(mails.find(({ to }) => to.includes(email)).text);
  const path = `${portal.url}/app/set-password${new URL(link).hash}`;
  await page.goto(path);
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: '10 more characters' }).waitFor();
  await page.getByLabel('New password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your password is set').waitFor();
  await page.goto('about:blank');
  await page.goto(path);
  await page.getByLabel('New password').fill('correct horse battery staple again');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('alert').waitFor();
});
