// A sandbox of its own for each test file, and a browser that looks at it.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { project, startProcess as startSandbox } from '../sandbox.mjs';
import { chromium } from './chromium.js';

export { startSandbox };

/** Asks a sandbox as its pages do; with a body it is a POST. */
export async function ask(url, body) {
  const response = await fetch(url, body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return response.json();
}

/** Every customer of a sandbox, from all the pages of its list. */
export async function everyCustomer(url) {
  const { customers, customers_pages: pages } = await ask(`${url}/control/state`);
  for (let page = 1; page < pages; page += 1) {
    const more = await ask(`${url}/control/state?page=${page}`);
    customers.push(...more.customers);
  }
  return customers;
}

/** A browser; what a page logs as an error, or asks of another address, is collected in `complaints`. */
export async function startBrowser(options = {}) {
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' && protocol !== 'data:') complaints.push(`asked ${request.url()}`);
  });
  return { page, complaints, stop: () => browser.close() };
}

/** Keeps what the page looks like now, to be looked at by people. */
export async function picture(page, name) {
  const folder = join(project, 'target/screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
