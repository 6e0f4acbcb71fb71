// The demo book, and sandboxes that begin with a copy of it.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { startProcess } from '../../tests/sandbox.mjs';

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

/** Fills a folder with the book. */
export async function fillBook(folder) {
  const sandbox = await startProcess('--demo', '--data', folder);
  try {
    await filled(sandbox.url);
    // The codes of this minute were shown when the administrators were made.
    await ask(`${sandbox.url}/control/advance`, { minutes: 1 });
  } finally {
    await sandbox.stop();
  }
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

/** Starts a sandbox that has the book. A file of tests that is run by itself fills one. */
export async function startBook() {
  const folder = await mkdtemp(join(tmpdir(), 'linky-portal-'));
  if (env.LINKY_BOOK === undefined) await fillBook(folder);
  else await cp(env.LINKY_BOOK, folder, { recursive: true });
  return startAt(folder);
}

/** Starts a sandbox that goes on with what is in a folder: `{ url, folder, end(), remove() }`. */
export async function startAt(folder) {
  const { url, stop } = await startProcess('--data', folder);
  const remove = async () => {
    await stop();
    await rm(folder, { recursive: true });
  };
  return { url, folder, end: stop, remove };
}
