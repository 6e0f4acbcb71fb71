// What befalls a payment after it was made, as a person lets it happen on the control page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, everyCustomer, picture, startBrowser, startSandbox } from './sandbox.js';

let sandbox;
let browser;
let page;

before(async () => {
  sandbox = await startSandbox();
  browser = await startBrowser();
  page = browser.page;
  for (const name of ['Ada', 'Ben', 'Cleo']) {
    const person = { name, email: `${name.toLowerCase()}@example.com`, plan: 'prospector' };
    const { checkout_url: url } = await ask(`${sandbox.url}/checkout`, person);
    await ask(`${sandbox.url}/control/checkout/${url.split('/').at(-1)}`, { card: '4242424242424242' });
  }
  await page.goto(sandbox.url);
});

after(async () => {
  await browser?.stop();
  await sandbox?.stop();
});

const customer = (name) => page.getByRole('article', { name });

async function open(name) {
  await customer(name).getByText('Payments, refunds and disputes').click();
}

/** Presses a button of a customer's card and waits for the words it says. */
async function press(name, words, said) {
  await customer(name).getByRole('button', { name: words, exact: true }).click();
  await customer(name).getByText(said).waitFor();
}

async function has(name, badge) {
  await customer(name).getByText(badge, { exact: true }).waitFor();
}

/** The latest payment of a customer, as the control page is told of it. */
async function charge(name) {
  const all = await everyCustomer(sandbox.url);
  return all.find((customer) => customer.name === name).charges[0];
}

test('a pending refund is settled, and another fails', async () => {
  await open('Ada');
  await press('Ada', 'Refund, pending', '$75.00 on the way back');
  await has('Ada', 'Refund pending');
  await picture(page, 'charges-refund-pending');
  await press('Ada', 'Settle the refund of $75.00', 'The refund of $75.00 has arrived.');
  await has('Ada', 'Refunded');
  assert.deepEqual((await charge('Ada')).refunds.map(({ status }) => status), ['succeeded']);

  await open('Ben');
  await press('Ben', 'Refund, pending', '$75.00 on the way back');
  await press('Ben', 'Let the refund of $75.00 fail', 'The refund failed after all.');
  await has('Ben', 'Refund failed');
  // What came back can be given back again.
  await customer('Ben').getByRole('button', { name: 'Refund $75.00', exact: true }).waitFor();
});

test('an inquiry is closed, and another becomes a dispute that is lost', async () => {
  await open('Cleo');
  await press('Cleo', 'Inquire', 'The bank asks what this payment is.');
  await has('Cleo', 'Inquiry');
  await press('Cleo', 'Close inquiry', 'The bank dropped its inquiry.');
  await has('Cleo', 'Inquiry closed');
  await press('Cleo', 'Inquire', 'The bank asks what this payment is.');
  await press('Cleo', 'Escalate', 'The bank made a dispute of its inquiry.');
  await has('Cleo', 'Disputed');
  assert.equal(await customer('Cleo').getByRole('button', { name: /^Refund/ }).count(), 0);
  await press('Cleo', 'Lose it', 'The bank decided for the cardholder.');
  await has('Cleo', 'Dispute lost');
});

test('an issuer warns of fraud, once', async () => {
  await press('Ben', 'Warn of fraud', 'The issuer warned that this was fraud.');
  await has('Ben', 'Fraud warning');
  assert.equal(await customer('Ben').getByRole('button', { name: 'Warn of fraud' }).count(), 0);
  await picture(page, 'charges');
});

test('what cannot happen is refused in words', async () => {
  const { id, dispute } = await charge('Cleo');
  const refused = async (call, body, words) => assert.match((await ask(`${sandbox.url}/control/${call}`, body)).error, words);
  await refused('inquiry/escalate', { dispute: dispute.id }, /is not an open inquiry/);
  await refused('inquiry/close', { dispute: 'du_none' }, /No such dispute/);
  await refused('inquiry', { charge: id }, /cannot be disputed/);
  await refused('fraud-warning', { charge: 'ch_none' }, /No such charge/);
  await refused('fraud-warning', { charge: id, fraud_type: 'bad_mood' }, /unknown variant `bad_mood`/);
  await refused('refund', { charge: id, arrives: 'when_settled' }, /has been charged back/);
  const { refunds: [{ id: refund }] } = await charge('Ada');
  await refused('refund/settle', { refund }, /its status is `succeeded`/);
  const { id: other } = await charge('Ben');
  await refused('refund', { charge: other, arrives: 'when_settled', amount_cents: 7501 }, /greater than unrefunded amount/);
  await refused('refund', { charge: other, arrives: 'when_settled', amount_cents: 0 }, /Invalid positive integer/);
});

test('no page complained, and nothing was asked of another address', () => {
  assert.deepEqual(browser.complaints, []);
});
