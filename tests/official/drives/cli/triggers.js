// The events that Stripe's command line can trigger and the simulator cannot bring about yet.

/** By the call that they need and the simulator does not serve. Once it does, they are triggered like any other. */
export const NEED = {
  'POST /v1/customers/:id/sources': ['customer.source.created', 'customer.source.updated'],
  // What the hosted page itself calls, which is on none of Stripe's pages.
  'GET /v1/payment_pages/:id': ['checkout.session.async_payment_succeeded', 'checkout.session.completed'],
};

/** By what they send and the simulator refuses, in the words of its refusal. What it takes by now turns the drive red. */
export const SEND = {
  // Of earlier versions of the interface.
  'parameter: coupon': ['customer.discount.created', 'customer.discount.deleted', 'customer.discount.updated'],
  iterations: [
    'subscription_schedule.canceled', 'subscription_schedule.completed', 'subscription_schedule.created', 'subscription_schedule.released',
    'subscription_schedule.updated',
  ],
  'parameter: payment_method_': ['payment_intent.partially_funded'],
  'sepa_debit[iban]': ['payment_intent.processing'],
};
