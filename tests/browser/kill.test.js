// Killed in the middle of anything, again and again, the system loses nothing that it answered, and does nothing twice, but
// for the mail that SES had just taken: mails are sent at least once.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { ask, everyCustomer, startSandbox } from './sandbox.js';

const LIVES = 16;

/** How much longer each life is than the one before, in milliseconds. */
const LONGER_MS = 17;

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linky-'));
});

after(() => rm(folder, { recursive: true }));

/** Signs a customer up and pays, while the clock moves on by less than a checkout lasts. True if the payment was answered. */
async function signUpAndPay({ url }, name) {
  ask(`${url}/control/advance`, { hours: 20 }).catch(() => null);
  try {
    const form = { name, email: `${name}@example.com`, plan: 'prospector' };
    const { checkout_url: page } = await ask(`${url}/checkout`, form);
    const session = await ask(`${url}/control/checkout/${page.split('/').pop()}`, { card: '4242424242424242' });
    return session.payment_status === 'paid';
  } catch {
    return false;
  }
}

test('killed sixteen times in the middle of its work, it ends with everybody as Stripe has them', async () => {
  const paid = [];
  for (let life = 0; life < LIVES; life += 1) {
    const sandbox = await startSandbox('--data', folder);
    const name = `killed-${life}`;
    const payment = signUpAndPay(sandbox, name);
    // Every other one dies with its answer, the others a little later each time.
    await (life % 2 ? sleep(life * LONGER_MS) : payment);
    sandbox.process.removeAllListeners('exit');
    sandbox.process.kill('SIGKILL');
    await once(sandbox.process, 'exit');
    if (await payment) paid.push(name);
  }

  const sandbox = await startSandbox('--data', folder);
  await ask(`${sandbox.url}/control/advance`, { days: 4 });
  const { mails, mails_all, queues } = await ask(`${sandbox.url}/control/state`);
  const customers = await everyCustomer(sandbox.url);
  await sandbox.stop();

  const subscribed = customers.filter((customer) => customer.status);
  const names = subscribed.map((customer) => customer.name);
  assert.deepEqual(paid.filter((name) => !names.includes(name)), [], 'who paid is a customer');
  assert.ok(paid.length > 0 && paid.length < LIVES, `${paid.length} of ${LIVES} payments were answered before the end`);
  for (const { name, status, plan, record } of subscribed) {
    assert.deepEqual([name, record?.status, record?.plan], [name, status, plan]);
  }
  assert.equal(mails.length, mails_all, 'every mail is shown');
  const welcomed = mails.filter((mail) => mail.subject === 'Welcome to Linky').map((mail) => mail.to[0]);
  assert.deepEqual([...new Set(welcomed)].toSorted(), names.map((name) => `${name}@example.com`).toSorted());
  const sentAgain = welcomed.filter((address, place) => welcomed.indexOf(address) < place);
  assert.equal(new Set(sentAgain).size, sentAgain.length, 'a mail is sent again once, if ever');
  assert.deepEqual(queues.filter((queue) => queue.visible + queue.in_flight + queue.delayed > 0), []);
});
