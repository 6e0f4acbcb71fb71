// Stripe's own command line against the simulator: fixtures, the commands of its resources, and the events it can trigger.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { clientOf } from '../node.js';
import { routes, written } from '../records.js';
import { records, startSandbox } from '../sandbox.js';
import { NEED, SEND } from './cli/triggers.js';

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '../node_modules/.bin/stripe');
const home = join(records, 'home');

let sandbox;
before(async () => {
  await mkdir(home, { recursive: true });
  sandbox = await startSandbox('cli');
});
after(() => sandbox?.stop());

/** Runs a command of the command line; what it writes, to either side. It has a home of its own and tells nobody of it. */
async function cli(...args) {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, STRIPE_CLI_TELEMETRY_OPTOUT: '1' };
  const told = await promisify(execFile)(program, [...args, '--color', 'off', '--api-key', 'sk_test_official0123456789', '--api-base', sandbox.api], {
    env, maxBuffer: 1 << 26,
  }).catch((failed) => failed);
  return told.stdout + told.stderr;
}

test('fixtures run from the first to the last', async () => {
  const file = join(here, 'cli/fixtures.json');
  const told = await cli('fixtures', file);
  const { fixtures } = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual([...told.matchAll(/^Running fixture for: (\S+)$/gm)].map(([, name]) => name), fixtures.map(({ name }) => name), told);
  assert.doesNotMatch(told, /failed/i);
  const stripe = clientOf(sandbox);
  const [customer] = (await stripe.customers.list({ email: 'cli@example.com' })).data;
  const [subscription] = (await stripe.subscriptions.list({ customer: customer.id, status: 'canceled', expand: ['data.latest_invoice'] })).data;
  assert.equal(subscription.latest_invoice.total, 7000);
  assert.deepEqual((await stripe.refunds.list()).data.map((refund) => refund.amount), [2500]);
});

test('each resource is listed by its command', async () => {
  const found = {};
  await each([
    'customers', 'products', 'prices', 'subscriptions', 'subscription_schedules', 'invoices', 'invoiceitems', 'invoice_payments', 'charges',
    'payment_intents', 'refunds', 'disputes', 'webhook_endpoints', 'events', 'checkout sessions', 'billing_portal configurations',
  ], async (resource) => {
    const told = await cli(...resource.split(' '), 'list', '--limit', '1');
    const { object, url } = JSON.parse(told);
    found[resource] = [object, url];
  });
  const expected = Object.keys(found).map((resource) => [resource, ['list', `/v1/${resource.replace(' ', '/')}`]]);
  assert.deepEqual(found, Object.fromEntries(expected));
});

test('an object is made, changed, found and deleted by its commands, and a refusal shows in full', async () => {
  const made = JSON.parse(await cli('customers', 'create', '--email', 'ada@example.com', '-d', 'metadata[user_id]=user_1'));
  assert.deepEqual([made.email, made.metadata], ['ada@example.com', { user_id: 'user_1' }]);
  const changed = JSON.parse(await cli('customers', 'update', made.id, '--name', 'Ada'));
  assert.equal(changed.name, 'Ada');
  assert.equal(JSON.parse(await cli('get', `/v1/customers/${made.id}`)).name, 'Ada');
  // It says first on which account.
  const deleted = await cli('customers', 'delete', made.id, '--confirm');
  assert.equal(JSON.parse(deleted.slice(deleted.indexOf('{'))).deleted, true);
  const { error } = JSON.parse(await cli('customers', 'retrieve', 'cus_none'));
  assert.deepEqual([error.type, error.code, error.param], ['invalid_request_error', 'resource_missing', 'id']);
});

/** Runs `act` on each, four at a time: the command line spends most of its time on starting. */
async function each(all, act) {
  const waiting = [...all];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) await act(one);
  }));
}

const OURS = /^(billing_portal|charge|checkout|customer|invoice|invoiceitem|payment_intent|payment_method|price|product|subscription|subscription_schedule)\./;

test('events of our resources are triggered, or refused for what is listed', async (context) => {
  const types = [...(await cli('trigger', '--help')).matchAll(/^ {2}([a-z_]+(?:\.[a-z_]+)+)$/gm)].map(([, type]) => type).filter((type) => OURS.test(type));
  const listed = [...Object.values(NEED), ...Object.values(SEND)].flat();
  assert.deepEqual(listed.filter((type) => !types.includes(type)), [], 'these cannot be triggered at all');
  const served = routes().map(written);
  const absent = Object.entries(NEED).filter(([call]) => !served.includes(call)).flatMap(([, all]) => all);
  const wrong = [];
  const run = async (type) => {
    const told = await cli('trigger', type);
    const [refusal] = Object.entries(SEND).find(([, all]) => all.includes(type)) ?? ['Trigger succeeded'];
    if (!told.includes(refusal)) wrong.push(`${type}: ${told.replace(/\s+/g, ' ').slice(-400)}`);
  };
  const wanted = types.filter((type) => !absent.includes(type));
  // Each of these looks for the latest dispute that there is, and means its own.
  const disputes = wanted.filter((type) => type.startsWith('charge.dispute.'));
  for (const type of disputes) await run(type);
  await each(wanted.filter((type) => !disputes.includes(type)), run);
  assert.deepEqual(wrong, []);
  context.diagnostic(`${types.length - absent.length - Object.values(SEND).flat().length} of ${types.length} events triggered`);
});
