// What somebody waits for in the portal. Prints a line of JSON for each figure: {"name","value","unit"}.
//
//   node e2e/bench.js http://127.0.0.1:4242    measures in front of the sandbox that is running there
//   node e2e/bench.js                          starts one with the demo book, of the program that SANDBOX names
//
// portal.js_kb_gz             JavaScript of the first load, with the page of users, compressed
// portal.users_first_rows_ms  from the address of the users until the first row of them is there
// portal.user_page_ms       from the address of a customer until their name, invoices and charges are there
//
// Each time is the median of ten loads in Chromium, by an administrator who is signed in and has the files in the browser's cache.

import { argv } from 'node:process';
import { gzipSync } from 'node:zlib';
import { startBook } from './book.js';
import { api, lookAt } from './portal.js';

const LOADS = 10;

const BYTES_IN_KB = 1_000;

function print(name, value, unit) {
  console.log(JSON.stringify({ name, value: Math.round(value * 10) / 10, unit }));
}

/** The middle of several: of an even number, between the two in the middle. */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (below + above) / 2;
}

/** Every script a browser asks for until the first rows of the users are there. */
async function firstLoadKb(page, load) {
  const scripts = new Set();
  const note = (request) => { if (request.url().endsWith('.js')) scripts.add(request.url()); };
  page.on('request', note);
  await load();
  page.off('request', note);
  const sizes = await Promise.all([...scripts].map(async (script) => {
    const answer = await fetch(script);
    return gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
  }));
  return sizes.reduce((sum, size) => sum + size, 0) / BYTES_IN_KB;
}

/** Loads an address several times, each until what counts is there. */
async function load_ms(page, address, isThere) {
  const times = [];
  for (let load = 0; load < LOADS; load += 1) {
    await page.goto('about:blank');
    const began_ms = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await isThere();
    times.push(performance.now() - began_ms);
  }
  return median(times);
}

const given = argv[2];
const sandbox = given === undefined ? await startBook() : { url: given.replace(/\/$/, ''), remove: () => undefined };
const portal = await lookAt(() => sandbox.url);
try {
  // A code that was shown already is refused.
  await portal.control('advance', { seconds: 30 });
  const { page } = await portal.signIn('sam');
  const { users: [user] } = await api(page, 'GET', '/users?status=active&limit=1');
  const users = `${sandbox.url}/app/users`;
  const firstRows = () => page.getByRole('table', { name: 'Users' }).getByRole('link').first().waitFor();
  print('portal.js_kb_gz', await firstLoadKb(page, async () => { await page.goto(users); await firstRows(); }), 'kB');
  const users_ms = await load_ms(page, users, firstRows);
  print('portal.users_first_rows_ms', users_ms, 'ms');
  const user_ms = await load_ms(page, `${sandbox.url}/app/users/${user.id}`, async () => {
    await page.getByRole('heading', { level: 1, name: user.name ?? user.email ?? user.id }).waitFor();
    await page.getByRole('table', { name: 'Invoices' }).or(page.getByText('No invoice has been made.')).waitFor();
    await page.getByRole('table', { name: 'Charges' }).or(page.getByText('Nothing was ever charged.')).waitFor();
  });
  print('portal.user_page_ms', user_ms, 'ms');
} finally {
  await portal.close();
  await sandbox.remove();
}
