// Signatures both ways: what the simulator signs, Stripe's libraries accept, and what they sign, the deployed webhook accepts.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Stripe from 'stripe';
import { python } from '../python.js';
import { project, startSandbox } from '../sandbox.js';

const { webhooks } = new Stripe('sk_test_official');
const signatures = join(dirname(fileURLToPath(import.meta.url)), 'python/signatures.py');
const signedDeliveries = process.env.SIGNED_DELIVERIES ?? join(project, 'target/debug/examples/signed-deliveries');

let sandbox;
let folder;
let secret;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linky-official-'));
  sandbox = await startSandbox('signatures', '--data', folder);
  // The secret that Stripe shows once, when the endpoint is made, is in what the sandbox keeps of the account.
  const account = JSON.parse(await readFile(join(folder, 'stripe.json'), 'utf8'));
  [{ current: secret }] = Object.values(account.endpoint_secrets);
});
after(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

const now = () => Math.floor(Date.now() / 1000);

/** Whether each of `[{ body, header, secret }]` is accepted by a library. */
const BY = {
  node: async (signed) => signed.map(({ body, header, secret: key }) => {
    try {
      return webhooks.constructEvent(body, header, key).object === 'event';
    } catch (error) {
      assert.equal(error.type, 'StripeSignatureVerificationError');
      return false;
    }
  }),
  python: async (signed) => JSON.parse(await python([signatures, 'verify'], {}, JSON.stringify(signed))),
};

test('what the simulator delivers is accepted by both libraries, and nothing that was tampered with', async () => {
  const { stdout } = await promisify(execFile)(signedDeliveries, [String(now())]);
  const deliveries = JSON.parse(stdout);
  const good = deliveries.flatMap(({ secrets, ...delivery }) => secrets.map((key) => ({ ...delivery, secret: key })));
  assert.ok(deliveries.some(({ header }) => header.split('v1=').length === 3), 'one is signed with two secrets');
  const bad = good.flatMap((one) => [
    { ...one, secret: `${one.secret}x` },
    { ...one, body: one.body.replace('"livemode":false', '"livemode":true') },
    { ...one, header: one.header.replace(/t=\d+/, `t=${now() - 1}`) },
    { ...one, header: one.header.replaceAll('v1=', 'v0=') },
  ]);
  for (const [name, verify] of Object.entries(BY)) {
    assert.deepEqual(await verify(good), good.map(() => true), name);
    assert.deepEqual(await verify(bad), bad.map(() => false), name);
  }
});

/** How each library signs a body: `[{ body, secret, timestamp }]` to headers. */
const SIGN = {
  node: async (wanted) => wanted.map(({ body, secret: key, timestamp }) => webhooks.generateTestHeaderString({ payload: body, secret: key, timestamp })),
  python: async (wanted) => JSON.parse(await python([signatures, 'sign'], {}, JSON.stringify(wanted))),
};

for (const [name, sign] of Object.entries(SIGN)) {
  test(`what the ${name} library signs is accepted by the deployed webhook, and nothing that was tampered with`, async () => {
    const event = (id) => JSON.stringify({ ...sample, id: `evt_official_${name}_${id}`, created: now() });
    const sample = JSON.parse(await readFile(join(project, 'events/stripe/customer.updated.json'), 'utf8'));
    const signed = async (body, key = secret, timestamp = now()) => (await sign([{ body, secret: key, timestamp }]))[0];
    const body = event('good');
    const header = await signed(body);
    for (const [what, post, status, code] of [
      ['as it was signed', [body, header], 200],
      ['a second time', [body, header], 200],
      ['with another signature before it', [event('two'), (await signed(event('two'))).replace(',v1=', `,v1=${'0'.repeat(64)},v1=`)], 200],
      ['another body', [event('other'), header], 400, 'signature_mismatch'],
      ['one byte more', [`${body} `, header], 400, 'signature_mismatch'],
      ['by another secret', [body, await signed(body, 'whsec_other')], 400, 'signature_mismatch'],
      ['at another time', [body, header.replace(/t=\d+/, `t=${now() - 100}`)], 400, 'signature_mismatch'],
      ['five minutes and a bit ago', [body, await signed(body, secret, now() - 310)], 400, 'signature_too_old'],
      ['under a scheme of no use', [body, header.replace('v1=', 'v0=')], 400],
      ['without a signature', [body, undefined], 400, 'signature_missing'],
    ]) {
      const response = await fetch(`${sandbox.url}/stripe/webhook`, {
        method: 'POST', body: post[0], headers: { 'content-type': 'application/json', ...(post[1] && { 'stripe-signature': post[1] }) },
      });
      const answer = await response.json();
      assert.equal(response.status, status, `${what}: ${JSON.stringify(answer)}`);
      if (code) assert.equal(answer.error.code, code, what);
    }
  });
}

test('the signature that Stripe publishes in the tests of its .NET library is the one that both make', async () => {
  // github.com/stripe/stripe-dotnet, src/StripeTests/Infrastructure/Public/EventUtilityTest.cs and its event_test_signature.json,
  // read in November 2026. The Rust tests hold the simulator and the webhook against the same.
  const body = await readFile(join(project, 'tests/official/published-signature.json'), 'utf8');
  const published = 't=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7';
  for (const [name, sign] of Object.entries(SIGN)) {
    assert.deepEqual(await sign([{ body, secret: 'webhook_secret', timestamp: 1_533_204_620 }]), [published], name);
  }
});
