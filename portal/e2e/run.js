// Runs the tests in the browser: `npm run e2e`, or some files of them: `npm run e2e -- e2e/refund.test.js`.
// E2E_AT_ONCE=1 runs them one after the other.
// The demo book is filled once; each file of tests begins with a copy of it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath } from 'node:process';
import { fillBook } from './book.js';

/** Files that are run at the same time, each with a sandbox and a browser of its own. Half of the time a test waits. */
const AT_ONCE = env.E2E_AT_ONCE ?? '2';

const OPTIONS = ['--test', `--test-concurrency=${AT_ONCE}`, '--test-timeout=600000', '--test-reporter=spec'];

async function every() {
  const names = await readdir(import.meta.dirname);
  return names.filter((name) => name.endsWith('.test.js')).sort().map((name) => join(import.meta.dirname, name));
}

const book = await mkdtemp(join(tmpdir(), 'linky-book-'));
try {
  await fillBook(book);
  const files = argv.length > 2 ? argv.slice(2) : await every();
  const tests = spawn(execPath, [...OPTIONS, ...files], { stdio: 'inherit', env: { ...env, LINKY_BOOK: book } });
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await rm(book, { recursive: true });
}
