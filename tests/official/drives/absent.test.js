// What the simulator does not serve is listed, and refused; what it serves, Stripe serves.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CALLS, RESOURCES } from '../absent.js';
import { routes, written } from '../records.js';
import { startSandbox } from '../sandbox.js';

/** Every call that the library can make, as its own source has it: `GET /v1/customers/:id`. */
function callsOfTheLibrary() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/stripe/esm/resources');
  const sources = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.js'));
  const calls = sources.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/_makeRequest\('(\w+)', [`'](\/v1\/[^`']*)[`']/g)]);
  return new Set(calls.map(([, method, path]) => `${method} ${path.replace(/\$\{encodeURIComponent\(\w+\)\}/g, ':id')}`));
}

/** A call of Stripe's without a method: the library follows it where a charge is expanded. */
const FOLLOWED = ['GET /v1/charges/:id/refunds'];

const library = new Set([...callsOfTheLibrary(), ...FOLLOWED]);
const served = new Set(routes().map(written));
const resourceOf = (call) => call.split('/')[2];

let sandbox;
before(async () => {
  sandbox = await startSandbox('absent');
});
after(() => sandbox?.stop());

test('every call that the simulator serves is one of Stripe', () => {
  assert.ok(library.size > 500, `the library's source is written in another way now: ${library.size} calls found`);
  assert.deepEqual([...served].filter((call) => !library.has(call)), []);
});

test('every call that it does not serve is listed', (context) => {
  const here = new Set([...served].map(resourceOf));
  const missing = [...library].filter((call) => !served.has(call));
  assert.deepEqual(missing.filter((call) => here.has(resourceOf(call))).sort(), [...CALLS].sort());
  const resources = new Set(missing.map(resourceOf).filter((resource) => !here.has(resource)));
  assert.deepEqual([...resources].sort(), [...RESOURCES].sort());
  context.diagnostic(`${served.size} of the library's ${library.size} calls are served`);
});

test('what it does not serve it refuses', async () => {
  const absent = [...library].filter((call) => !served.has(call));
  assert.ok(absent.length > 0);
  const answered = await Promise.all(absent.map(async (call) => {
    const [method, path] = call.split(' ');
    const response = await fetch(`${sandbox.url}${path.replaceAll(':id', 'none')}`, { method, headers: { authorization: 'Bearer sk_test_official' } });
    return { call, status: response.status, error: (await response.json()).error };
  }));
  assert.deepEqual(answered.filter(({ status, error }) => status !== 404 || error.type !== 'invalid_request_error'), []);
});
