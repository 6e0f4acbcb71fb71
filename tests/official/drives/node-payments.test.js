// Invoices, and the money behind them, by Stripe's Node library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, customerWith, monthlyPrice, refusal, sandboxOf, subscribed } from '../node.js';

const world = sandboxOf('payments');

/** The invoice of a first payment that declined: open. */
async function openInvoice(stripe) {
  const subscription = await subscribed(stripe, { card: 'pm_card_chargeCustomerFail' });
  return stripe.invoices.retrieve(subscription.latest_invoice);
}

/** A paid charge, and the intent that made it. */
async function paidCharge(stripe, card = 'pm_card_visa') {
  const subscription = await subscribed(stripe, { card });
  const charges = await stripe.charges.list({ customer: subscription.customer });
  return charges.data[0];
}

test('a renewal is a draft for an hour, and can be finalized and paid before', async () => {
  const { stripe, sandbox } = world;
  const subscription = await subscribed(stripe);
  const end = subscription.items.data[0].current_period_end;
  await sandbox.control('advance', { seconds: end - (await sandboxNow(stripe)) + 60 });
  const [draft] = (await stripe.invoices.list({ subscription: subscription.id, status: 'draft' })).data;
  const told = await stripe.invoices.update(draft.id, { description: 'The second month', metadata: { from: 'official' }, auto_advance: true });
  assert.equal(told.description, 'The second month');
  const refused = await refusal(stripe.invoices.del(draft.id));
  assert.deepEqual([refused.type, refused.code], ['StripeInvalidRequestError', 'invoice_not_editable']);
  const final = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false });
  assert.equal(final.status, 'open');
  const paid = await stripe.invoices.pay(draft.id, { expand: ['payments.data.payment.payment_intent'] });
  assert.equal(paid.status, 'paid');
  assert.equal(paid.payments.data[0].payment.payment_intent.amount_received, 7500);
});

/** What the sandbox's clock says: the time of something just made. */
async function sandboxNow(stripe) {
  return (await stripe.products.create({ name: 'Now' })).created;
}

test('an open invoice declines, and is then paid by another card', async () => {
  const { stripe } = world;
  const invoice = await openInvoice(stripe);
  const declined = await refusal(stripe.invoices.pay(invoice.id));
  assert.deepEqual(
    [declined.type, declined.statusCode, declined.code, declined.decline_code],
    ['StripeCardError', 402, 'card_declined', 'generic_decline'],
  );
  const paid = await stripe.invoices.pay(invoice.id, { payment_method: 'pm_card_visa' });
  assert.equal(paid.status, 'paid');
  const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id, status: 'paid' })).data;
  const found = await stripe.invoicePayments.retrieve(payment.id, { expand: ['payment.payment_intent'] });
  assert.equal(found.payment.payment_intent.amount_received, 7500);
});

test('an open invoice is paid by other means, voided or written off', async () => {
  const { stripe } = world;
  const [outside, voided, lost] = [await openInvoice(stripe), await openInvoice(stripe), await openInvoice(stripe)];
  assert.equal((await stripe.invoices.pay(outside.id, { paid_out_of_band: true })).status, 'paid');
  assert.equal((await stripe.invoices.voidInvoice(voided.id)).status, 'void');
  assert.equal((await stripe.invoices.markUncollectible(lost.id)).status, 'uncollectible');
});

test('prorations wait as invoice items, and lines are paged through', async () => {
  const { stripe, sandbox } = world;
  const customer = await customerWith(stripe, 'pm_card_visa');
  const [one, two, three] = [await monthlyPrice(stripe, 100), await monthlyPrice(stripe, 200), await monthlyPrice(stripe, 300)];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: one.id }, { price: two.id }, { price: three.id }] });
  const whole = await stripe.invoices.listLineItems(subscription.latest_invoice);
  const first = await stripe.invoices.listLineItems(subscription.latest_invoice, { limit: 1 });
  assert.deepEqual([first.data.length, first.has_more], [1, true]);
  const paged = await all(stripe.invoices.listLineItems(subscription.latest_invoice, { limit: 1 }));
  assert.deepEqual(paged.map((line) => line.id), whole.data.map((line) => line.id));
  assert.equal(paged.length, 3);
  await sandbox.control('advance', { days: 3 });
  await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0].id, quantity: 2 }] });
  const waiting = await all(stripe.invoiceItems.list({ customer: customer.id, pending: true, limit: 1 }));
  assert.equal(waiting.length, 2);
  const item = await stripe.invoiceItems.retrieve(waiting[0].id, { expand: ['customer'] });
  assert.equal(item.customer.id, customer.id);
});

test('a charge is given back in parts, never more than is left', async () => {
  const { stripe } = world;
  const charge = await paidCharge(stripe);
  const part = await stripe.refunds.create({ charge: charge.id, amount: 2500, reason: 'requested_by_customer', metadata: { case: '1' } });
  assert.equal(part.status, 'succeeded');
  const tooMuch = await refusal(stripe.refunds.create({ charge: charge.id, amount: 5001 }));
  assert.deepEqual([tooMuch.type, tooMuch.statusCode, tooMuch.param], ['StripeInvalidRequestError', 400, 'amount']);
  const rest = await stripe.refunds.create({ payment_intent: charge.payment_intent });
  assert.equal(rest.amount, 5000);
  const again = await refusal(stripe.refunds.create({ charge: charge.id }));
  assert.equal(again.code, 'charge_already_refunded');
  const told = await stripe.refunds.update(rest.id, { metadata: { case: '2' } });
  assert.equal((await stripe.refunds.retrieve(rest.id)).metadata.case, told.metadata.case);
  const listed = await all(stripe.refunds.list({ charge: charge.id, limit: 1 }));
  assert.deepEqual(listed.map((refund) => refund.id), [rest.id, part.id]);
  const refunded = await stripe.charges.retrieve(charge.id, { expand: ['refunds', 'payment_intent', 'customer'] });
  assert.deepEqual([refunded.refunded, refunded.refunds.data.length], [true, 2]);
});

test('a dispute is answered, or given up', async () => {
  const { stripe, sandbox } = world;
  for (const answer of ['evidence', 'close']) {
    const charge = await paidCharge(stripe, 'pm_card_createDispute');
    await sandbox.control('advance', { minutes: 5 });
    const [dispute] = (await stripe.disputes.list({ charge: charge.id })).data;
    assert.equal(dispute.status, 'needs_response');
    const found = await stripe.disputes.retrieve(dispute.id, { expand: ['charge'] });
    assert.equal(found.charge.disputed, true);
    if (answer === 'evidence') {
      const drafted = await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'Ada' }, submit: false, metadata: { by: 'official' } });
      assert.equal(drafted.evidence.customer_name, 'Ada');
      const sent = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
      assert.equal(sent.evidence_details.submission_count, 1);
    } else {
      assert.equal((await stripe.disputes.close(dispute.id)).status, 'lost');
    }
  }
});

test('a payment that asks who pays is confirmed with another card', async () => {
  const { stripe } = world;
  const subscription = await subscribed(stripe, { card: 'pm_card_authenticationRequired', expand: ['latest_invoice.payments'] });
  const { payment_intent: id } = subscription.latest_invoice.payments.data[0].payment;
  const waiting = await stripe.paymentIntents.retrieve(id);
  assert.match(waiting.status, /^requires_/);
  const confirmed = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa', return_url: 'https://example.com/back', expand: ['latest_charge'] });
  assert.equal(confirmed.status, 'succeeded');
  assert.equal(confirmed.latest_charge.paid, true);
  const listed = await stripe.paymentIntents.list({ customer: subscription.customer });
  assert.deepEqual(listed.data.map((one) => one.id), [id]);
});
