// A sandbox with a folder goes on where it was ended.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary, project } from '../sandbox.mjs';
import { ask, startSandbox } from './sandbox.js';

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linky-'));
});

after(() => rm(folder, { recursive: true }));

test('customers, clock, mails and deliveries to come outlive the process', async () => {
  const first = await startSandbox('--data', folder);
  const form = { name: 'Ada Lovelace', email: 'ada@example.com', plan: 'founding_member' };
  const { checkout_url: page } = await ask(`${first.url}/checkout`, form);
  await ask(`${first.url}/control/checkout/${page.split('/').pop()}`, { card: '4242424242424242' });
  await ask(`${first.url}/control/advance`, { days: 10 });
  const before = await ask(`${first.url}/control/state`);
  assert.equal(await first.stop(), 0);

  const second = await startSandbox('--data', folder);
  const after = await ask(`${second.url}/control/state`);
  assert.deepEqual(after.customers, before.customers);
  assert.deepEqual(after.mails, before.mails);
  assert.equal(after.mails[0].subject, 'Welcome to Linky');
  assert.ok(after.now >= before.now, `${after.now} is before ${before.now}`);
  await ask(`${second.url}/control/advance`, { months: 3 });
  const { customers: [ada] } = await ask(`${second.url}/control/state`);
  assert.deepEqual([ada.record.plan, ada.record.status, ada.paid_cents], ['Prospector', 'active', 10000]);
  assert.equal(await second.stop(), 0);
});

test('a port that is taken is told in one line, with what to do', async () => {
  const running = await startSandbox();
  const port = new URL(running.url).port;
  const { status, stderr } = spawnSync(binary, ['--port', port, '--project', project], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stderr, `sandbox: port ${port} is taken; choose another one with --port, or any free one with --port 0\n`);
  await running.stop();
});

test('a folder without the templates is told in one line, with what to do', () => {
  const { status, stderr } = spawnSync(binary, ['--port', '0', '--project', folder], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^sandbox: infra\/data.yaml: cannot be read \(.*\); start the sandbox in the project's folder, or name it with --project\n$/);
});
