// The events that Stripe's command line can trigger and the simulator cannot bring about yet.

/** By the call that they need and the simulator does not serve. Once it does, they are triggered like any other. */
export const NEED = {
  'POST /v1/customers/:id/sources': ['customer.source.created', 'customer.source.updated'],
};

/** By what they send and the simulator refuses, in the words of its refusal. What it takes by now turns the drive red. */
export const SEND = {
  // Of earlier versions of the interface.
  'parameter: coupon': ['customer.discount.created', 'customer.discount.deleted', 'customer.discount.updated'],
  iterations: ['subscription_schedule.completed'],
  confirmation_method: ['payment_intent.amount_capturable_updated'],
  'shipping[': ['payment_intent.succeeded'],
  'parameter: payment_method_': ['payment_intent.partially_funded'],
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
