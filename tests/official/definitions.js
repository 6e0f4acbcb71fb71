// The definitions of Stripe's Node library, with closed enumerations, and the compiler over them.
//
// The library leaves its enumerations open for words that are newer than itself. Here they are closed, by one line in a copy
// of its definitions: at its own version neither the simulator nor we have any business saying anything else.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');
const OPEN = 'export type OtherString = string & Record<never, never>;';

/** Makes `folder` anew, with a copy of the definitions in `stripe`. */
export async function closedDefinitions(folder) {
  const copy = join(folder, 'stripe');
  await rm(copy, { recursive: true, force: true });
  await cp(join(modules, 'stripe/esm'), copy, { recursive: true, filter: (path) => !/\.(js|map)$/.test(path) });
  const shared = join(copy, 'shared.d.ts');
  const text = await readFile(shared, 'utf8');
  assert.ok(text.includes(OPEN), 'the library opens its enumerations in another way now');
  await writeFile(shared, text.replace(OPEN, 'export type OtherString = never;'));
}

/** What the compiler says of files in `folder`: `{ file: [{ line, words }] }`. */
export async function compiled(folder, ...files) {
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--types', '', '--pretty', 'false'];
  const said = await promisify(execFile)(process.execPath, [join(modules, 'typescript/bin/tsc'), ...options, ...files], {
    cwd: folder, maxBuffer: 1 << 26,
  }).catch((failed) => failed);
  const complaints = Object.fromEntries(files.map((file) => [file, []]));
  for (const [, file, line, words] of said.stdout.matchAll(/^(\S+\.ts)\((\d+),\d+\): error (.*(?:\n {2}.*)*)/gm)) {
    complaints[file].push({ line: Number(line), words });
  }
  if (said.code) assert.ok(Object.values(complaints).flat().length, `the compiler failed: ${said.stdout}${said.stderr}`);
  return complaints;
}
