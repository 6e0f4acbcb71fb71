// What Stripe's Node library can call and the simulator does not serve. A call that it serves by now turns `drives/absent.test.js`
// red: take it off here, and drive it by both libraries.

/** Calls on resources of which the simulator serves others. */
export const CALLS = [
  'POST /v1/charges',
  'POST /v1/charges/:id',
  'POST /v1/charges/:id/capture',
  'GET /v1/charges/search',
  'POST /v1/checkout/sessions/:id',
  'GET /v1/customers/:id/balance_transactions',
  'POST /v1/customers/:id/balance_transactions',
  'GET /v1/customers/:id/balance_transactions/:id',
  'POST /v1/customers/:id/balance_transactions/:id',
  'GET /v1/customers/:id/cash_balance',
  'POST /v1/customers/:id/cash_balance',
  'GET /v1/customers/:id/cash_balance_transactions',
  'GET /v1/customers/:id/cash_balance_transactions/:id',
  'DELETE /v1/customers/:id/discount',
  'POST /v1/customers/:id/funding_instructions',
  'GET /v1/customers/:id/sources',
  'POST /v1/customers/:id/sources',
  'DELETE /v1/customers/:id/sources/:id',
  'GET /v1/customers/:id/sources/:id',
  'POST /v1/customers/:id/sources/:id',
  'POST /v1/customers/:id/sources/:id/verify',
  'GET /v1/customers/:id/tax_ids',
  'POST /v1/customers/:id/tax_ids',
  'DELETE /v1/customers/:id/tax_ids/:id',
  'GET /v1/customers/:id/tax_ids/:id',
  'POST /v1/invoiceitems',
  'DELETE /v1/invoiceitems/:id',
  'POST /v1/invoiceitems/:id',
  'POST /v1/invoices',
  'POST /v1/invoices/:id/add_lines',
  'POST /v1/invoices/:id/attach_payment',
  'POST /v1/invoices/:id/lines/:id',
  'POST /v1/invoices/:id/remove_lines',
  'POST /v1/invoices/:id/send',
  'POST /v1/invoices/:id/update_lines',
  'GET /v1/invoices/search',
  'POST /v1/payment_intents',
  'POST /v1/payment_intents/:id',
  'GET /v1/payment_intents/:id/amount_details_line_items',
  'POST /v1/payment_intents/:id/apply_customer_balance',
  'POST /v1/payment_intents/:id/cancel',
  'POST /v1/payment_intents/:id/capture',
  'POST /v1/payment_intents/:id/increment_authorization',
  'POST /v1/payment_intents/:id/verify_microdeposits',
  'GET /v1/payment_intents/search',
  'GET /v1/products/:id/features',
  'POST /v1/products/:id/features',
  'DELETE /v1/products/:id/features/:id',
  'GET /v1/products/:id/features/:id',
  'POST /v1/refunds/:id/cancel',
  'POST /v1/subscription_items',
  'DELETE /v1/subscription_items/:id',
  'GET /v1/subscription_items/:id',
  'POST /v1/subscription_items/:id',
  'DELETE /v1/subscriptions/:id/discount',
  'POST /v1/subscriptions/:id/migrate',
  'POST /v1/subscriptions/:id/pause',
  'GET /v1/subscriptions/search',
];

/** Whole resources, by the first step of their addresses. */
export const RESOURCES = `
  account_links account_sessions accounts apple_pay application_fees apps balance_settings balance_transactions
  billing climate confirmation_tokens country_specs coupons credit_notes customer_sessions entitlements
  ephemeral_keys exchange_rates file_links files financial_connections forwarding identity
  invoice_rendering_templates issuing mandates payment_attempt_records payment_links
  payment_method_configurations payment_method_domains payment_records payouts plans product_catalog
  promotion_codes quotes radar reporting reviews setup_attempts setup_intents shipping_rates sigma sources tax
  tax_codes tax_ids tax_rates terminal test_helpers three_d_secure tokens topups transfers treasury
`.trim().split(/\s+/);
