// A sandbox with the demo book and the built portal, and administrators who look at it, each in a browser window of their own.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../tests/browser/chromium.js';
import { project } from '../../tests/sandbox.mjs';
import { ask, startAt, startBook } from './book.js';

/** Starts a sandbox with the book, and a browser in front of it: what `lookAt` gives, with `restart(change)` and `stop()`. */
export async function startPortal() {
  let sandbox = await startBook();
  const portal = await lookAt(() => sandbox.url);
  return Object.assign(portal, {
    /** Ends the sandbox, has what it kept changed, and starts it again at another address. */
    restart: async (change) => {
      await sandbox.end();
      await change(sandbox.folder);
      sandbox = await startAt(sandbox.folder);
    },
    stop: async () => {
      await portal.close();
      await sandbox.remove();
    },
  });
}

/** A browser in front of a sandbox: `{ url, browser, control(path, body), code(who), signIn(who, looks), close() }`. */
export async function lookAt(address) {
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const control = (path, body) => ask(`${address()}/control/${path}`, body);
  const person = async (who) => {
    const { staff } = await control('staff');
    return staff.find(({ email }) => email.startsWith(`${who}@`));
  };
  return {
    browser, control, person,
    get url() { return address(); },
    code: (who) => freshCode(who, person, control),
    signIn: (who, looks) => signIn({ url: address(), browser, person, control }, who, looks),
    close: () => browser.close(),
  };
}

const used = new Map();

/** A code that was not shown before: the next one comes with the next half minute, to which the clock is moved. */
async function freshCode(who, person, control) {
  let { code } = await person(who);
  if (used.get(who) === code) {
    await control('advance', { seconds: 30 });
    ({ code } = await person(who));
  }
  used.set(who, code);
  return code;
}

/** Signs somebody in as they do it: `{ page, complaints, close() }`. */
async function signIn({ url, browser, person, control }, who, { width = 1280, height = 900, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = [];
  // What was refused is logged as an error by the browser, and is what some tests are about.
  page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== url && protocol !== 'data:' && protocol !== 'blob:') complaints.push(`asked ${request.url()}`);
  });
  const { email, password } = await person(who);
  await page.goto(`${url}/app/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  const code = page.getByLabel('Code of your authenticator app');
  await code.waitFor();
  await code.fill(await freshCode(who, person, control));
  await page.waitForURL((at) => !at.pathname.endsWith('/sign-in'), { waitUntil: 'commit' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, complaints, close: () => context.close() };
}

/** Leads to a page within the portal, and waits until it is there. */
export async function open(page, path) {
  await page.goto(new URL(`/app${path}`, page.url()).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Keeps what the page looks like now, to be looked at by people. */
export async function picture(page, name) {
  const folder = join(project, 'target/screenshots/portal');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Asks the API as the page does, with its session; a change carries an action id of its own. */
export function api(page, method, path, body) {
  return page.evaluate(async ([verb, at, sent]) => {
    const random = crypto.getRandomValues(new Uint8Array(16));
    const id = `act_${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const headers = sent && { 'content-type': 'application/json', 'x-linky-client': 'portal', 'Idempotency-Key': id };
    const response = await fetch(`/api/admin${at}`, { method: verb, headers, body: sent && JSON.stringify(sent) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${verb} ${at}: ${JSON.stringify(answer)}`);
    return answer;
  }, [method, path, body]);
}

/** Without what the browser itself says of errors and lost connections that a test brought about. */
export function quiet(complaints) {
  return complaints.filter((words) => !/status of 5\d\d|ERR_(FAILED|INTERNET_DISCONNECTED)/.test(words));
}
