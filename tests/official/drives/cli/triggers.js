// The events that Stripe's command line can trigger and the simulator cannot bring about yet.

/** By the call that they need and the simulator does not serve. Once it does, they are triggered like any other. */
export const NEED = {
  'POST /v1/coupons': ['customer.discount.created', 'customer.discount.deleted', 'customer.discount.updated'],
  'POST /v1/customers/:id/sources': ['customer.source.created', 'customer.source.updated'],
  'POST /v1/invoiceitems': [
    'invoice.created', 'invoice.deleted', 'invoice.finalized', 'invoice.marked_uncollectible', 'invoice.paid', 'invoice.payment_failed',
    'invoice.payment_succeeded', 'invoice.sent', 'invoice.updated', 'invoice.voided', 'invoiceitem.created', 'invoiceitem.deleted',
  ],
  'POST /v1/payment_intents': [
    'charge.captured', 'charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.updated', 'charge.failed', 'charge.refund.updated',
    'charge.refunded', 'charge.succeeded', 'payment_intent.amount_capturable_updated', 'payment_intent.canceled', 'payment_intent.created',
    'payment_intent.partially_funded', 'payment_intent.payment_failed', 'payment_intent.requires_action', 'payment_intent.succeeded',
  ],
  'POST /v1/setup_intents': ['payment_method.updated'],
  'POST /v1/test_helpers/test_clocks': ['subscription_schedule.completed', 'subscription_schedule.expiring'],
};

/** By what they send and the simulator refuses, in the words of its refusal. What it takes by now turns the drive red. */
export const SEND = {
  'payment_intent_data[': ['checkout.session.async_payment_succeeded', 'checkout.session.completed'],
  'subscription` mode only': ['checkout.session.expired'],
  // A test card that the simulator does not have.
  pm_card_threeDSecure2Required: ['invoice.payment_action_required'],
  'sepa_debit[iban]': ['payment_intent.processing'],
  // A card by the token of an interface before payment methods.
  'parameter: source': [
    'subscription_schedule.aborted', 'subscription_schedule.canceled', 'subscription_schedule.created', 'subscription_schedule.released',
    'subscription_schedule.updated',
  ],
};
