// A sandbox with the demo book and the built portal, and administrators who look at it, each in a browser window of their own.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../tests/browser/chromium.js';
import { project, startProcess } from '../../tests/sandbox.mjs';

/** Longest time the demo book takes to be filled on a busy machine. */
const FILL_MS_MAX = 90_000;

/** One of each role. */
const ADMINISTRATORS = 4;

/** Asks a sandbox as its own pages do; with a body it is a POST. */
export async function ask(url, body) {
  const response = await fetch(url, body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${url}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Starts the sandbox: `{ url, signIn(who), code(who), control(path, body), stop() }`. */
export async function startPortal(...options) {
  const sandbox = await startProcess('--demo', ...options);
  const { url } = sandbox;
  await filled(url);
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const control = (path, body) => ask(`${url}/control/${path}`, body);
  // The codes of this minute were shown when the administrators were made.
  await control('advance', { minutes: 1 });
  const person = async (who) => {
    const { staff } = await control('staff');
    return staff.find(({ email }) => email.startsWith(`${who}@`));
  };
  return {
    url, browser, control,
    code: (who) => freshCode(who, person, control),
    signIn: (who, looks) => signIn({ url, browser, person, control }, who, looks),
    stop: async () => {
      await browser.close();
      await sandbox.stop();
    },
  };
}

/** The administrators are made once the book is filled. */
async function filled(url) {
  const late_ms = Date.now() + FILL_MS_MAX;
  while (Date.now() < late_ms) {
    const { staff } = await ask(`${url}/control/staff`).catch(() => ({ staff: [] }));
    const { journey } = await ask(`${url}/control/state`);
    if (staff.length >= ADMINISTRATORS && !journey) return;
    await new Promise((resolve) => { setTimeout(resolve, 250); });
  }
  throw new Error('the demo book was not filled');
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
