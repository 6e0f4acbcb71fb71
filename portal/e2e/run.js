// Runs the tests in the browser: `npm run e2e`, or some files of them: `npm run e2e -- e2e/refund.test.js`.
// The demo book is filled once; each file of tests begins with a copy of it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath } from 'node:process';
import { fillBook } from './book.js';

const OPTIONS = ['--test', '--test-concurrency=1', '--test-timeout=600000', '--test-reporter=spec'];

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
