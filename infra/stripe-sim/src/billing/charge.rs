//! The objects of one payment: payment intent, charge, and the payment of an invoice.

use serde_json::{Value, json};

use crate::cards::Decline;
use crate::fields::Fields;
use crate::resources::payment_methods;
use crate::sim::StripeSim;

/// What a payment intent is to be for.
pub(crate) struct Wanted<'a> {
    pub(crate) amount: i64,
    pub(crate) currency: &'a str,
    pub(crate) customer: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
}

/// Stores a payment intent and gives its identifier.
pub(crate) fn insert_intent(sim: &mut StripeSim, wanted: &Wanted<'_>) -> String {
    let id = sim.ids.payment("pi");
    let secret = sim.ids.letters(25);
    sim.store.insert(json!({
        "id": id,
        "object": "payment_intent",
        "allowed_payment_method_types": null,
        "amount": wanted.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic",
        "client_secret": format!("{id}_secret_{secret}"),
        "confirmation_method": "automatic",
        "created": sim.now_s,
        "currency": wanted.currency,
        "customer": wanted.customer,
        "customer_account": null,
        "description": wanted.description,
        "excluded_payment_method_types": null,
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": sim.options.livemode,
        "managed_payments": null,
        "metadata": {},
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {"card": {
            "installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic",
        }},
        "payment_method_types": ["card"],
        "payment_record": null,
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": "requires_payment_method",
        "transfer_data": null,
        "transfer_group": null,
    }));
    id
}

/// The words for the payment of an invoice.
pub(crate) fn description(invoice: &Value) -> &'static str {
    match invoice.text("billing_reason") {
        "subscription_create" => "Subscription creation",
        "subscription_update" => "Subscription update",
        _ => "Payment for Invoice",
    }
}

/// Stores the payment of an invoice by an intent.
pub(crate) fn insert_invoice_payment(sim: &mut StripeSim, invoice: &Value, intent: &str) {
    let id = sim.ids.long("inpay");
    sim.store.insert(json!({
        "id": id,
        "object": "invoice_payment",
        "amount_paid": null,
        "amount_requested": invoice.at("amount_due"),
        "created": sim.now_s,
        "currency": invoice.at("currency"),
        "invoice": invoice.at("id"),
        "is_default": true,
        "livemode": sim.options.livemode,
        "payment": {"payment_intent": intent, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": null, "paid_at": null},
    }));
}

/// Stores a charge of a payment method for an intent, succeeded or declined, and gives its identifier.
pub(crate) fn insert(
    sim: &mut StripeSim,
    intent: &Value,
    payment_method: &str,
    decline: Option<&Decline>,
) -> String {
    let id = sim.ids.payment("ch");
    let balance_transaction = decline.is_none().then(|| sim.ids.payment("txn"));
    let receipt = sim.ids.letters(60);
    let method = sim.store.get(payment_method).cloned().unwrap_or_default();
    let card = payment_methods::card(sim, payment_method);
    let (amount, paid) = (intent.int("amount"), decline.is_none());
    let charge = json!({
        "id": id,
        "object": "charge",
        "amount": amount,
        "amount_captured": if paid { amount } else { 0 },
        "amount_refunded": 0,
        "application": null,
        "application_fee": null,
        "application_fee_amount": null,
        "balance_transaction": balance_transaction,
        "billing_details": method.at("billing_details"),
        "calculated_statement_descriptor": "LINKY",
        "captured": paid,
        "created": sim.now_s,
        "currency": intent.at("currency"),
        "customer": intent.at("customer"),
        "description": intent.at("description"),
        "disputed": false,
        "failure_balance_transaction": null,
        "failure_code": decline.map(|decline| decline.code),
        "failure_message": decline.map(|decline| decline.message),
        "fraud_details": {},
        "livemode": sim.options.livemode,
        "metadata": {},
        "on_behalf_of": null,
        "outcome": outcome(decline),
        "paid": paid,
        "payment_intent": intent.at("id"),
        "payment_method": payment_method,
        "payment_method_details": {
            "card": {
                "amount_authorized": if paid { json!(amount) } else { Value::Null },
                "authorization_code": if paid { json!("123456") } else { Value::Null },
                "brand": card.brand(),
                "checks": {
                    "address_line1_check": null, "address_postal_code_check": null, "cvc_check": null,
                },
                "country": "US",
                "electronic_commerce_indicator": null,
                "exp_month": method.at("card/exp_month"),
                "exp_year": method.at("card/exp_year"),
                "extended_authorization": {"status": "disabled"},
                "fingerprint": card.fingerprint(),
                "funding": "credit",
                "incremental_authorization": {"status": "unavailable"},
                "installments": null,
                "last4": card.last4(),
                "mandate": null,
                "multicapture": {"status": "unavailable"},
                "network": card.brand(),
                "network_token": {"used": false},
                "network_transaction_id": null,
                "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
                "regulated_status": "unregulated",
                "three_d_secure": null,
                "transaction_link_id": null,
                "wallet": null,
            },
            "type": "card",
        },
        "receipt_email": null,
        "receipt_number": null,
        "receipt_url": paid.then(|| format!("https://pay.stripe.com/receipts/payment/{receipt}")),
        "refunded": false,
        "review": null,
        "shipping": intent.at("shipping"),
        "source": null,
        "source_transfer": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": if paid { "succeeded" } else { "failed" },
        "transfer_data": null,
        "transfer_group": null,
    });
    sim.store.insert(charge);
    id
}

fn outcome(decline: Option<&Decline>) -> Value {
    match decline {
        None => json!({
            "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": "approved_by_network", "reason": null, "risk_level": "normal", "risk_score": 12,
            "seller_message": "Payment complete.", "type": "authorized",
        }),
        Some(decline) => json!({
            "advice_code": decline.advice_code(), "network_advice_code": null, "network_decline_code": null,
            "network_status": "declined_by_network", "reason": decline.decline_code.unwrap_or(decline.code),
            "risk_level": "normal", "risk_score": 12,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        }),
    }
}
