//! Charging for an invoice, and what a decline does to the subscription and the customer.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::billing::{charge, dunning, settlement};
use crate::cards::{Decline, TestCard};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{customers, disputes, early_fraud_warnings, payment_methods};
use crate::sim::StripeSim;

/// Who asks for the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The simulator by itself, at first or as a retry: it counts, and a failure plans the next retry.
    Automatic,
    /// A call on the API: it does not move the retries.
    Manual,
}

/// Gives an open invoice its payment intent.
pub(crate) fn open_intent(sim: &mut StripeSim, invoice_id: &str) {
    let Some(invoice) = sim.store.get(invoice_id).cloned() else {
        return;
    };
    let wanted = charge::Wanted {
        amount: invoice.int("amount_due"),
        currency: invoice.text("currency"),
        customer: invoice.text_at("customer"),
        description: Some(charge::description(&invoice)),
    };
    let intent = charge::insert_intent(sim, &wanted);
    sim.store.change(&intent, |intent| {
        intent.put("setup_future_usage", "off_session");
    });
    charge::insert_invoice_payment(sim, &invoice, &intent);
    sim.emit("payment_intent.created", &intent);
}

/// The payment of an invoice by its intent.
pub(crate) fn default_payment(sim: &StripeSim, invoice_id: &str) -> Option<Arc<Value>> {
    sim.store
        .all("invoice_payment", Some(invoice_id))
        .next_back()
        .cloned()
}

/// Charges for an open invoice. On a decline everything is recorded and the card's error is returned.
pub(crate) fn pay(
    sim: &mut StripeSim,
    invoice_id: &str,
    with: Option<&str>,
    attempt: Attempt,
) -> Result<(), StripeError> {
    let invoice = sim.store.get(invoice_id).cloned().unwrap_or_default();
    let Some(payment) = default_payment(sim, invoice_id) else {
        return Ok(());
    };
    let intent_id = payment.text("payment/payment_intent").to_owned();
    let Some(method) = with.map(str::to_owned).or_else(|| card_for(sim, &invoice)) else {
        failed(sim, invoice_id, attempt, None, None);
        return Err(StripeError::invalid(
            "This customer has no attached payment source or default payment method. Please consider adding a default \
             payment method. For more information, visit \
             https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
        )
        .code("resource_missing"));
    };
    let card = payment_methods::card(sim, &method);
    let intent = sim.store.get(&intent_id).cloned().unwrap_or_default();
    match card.decline() {
        None => {
            let charge_id = charge::insert(sim, &intent, &method, None);
            settlement::succeeded(sim, &payment, &charge_id, &method, attempt);
            after_charge(sim, card, &charge_id);
            Ok(())
        }
        Some(decline) => {
            let charge_id = charge::insert(sim, &intent, &method, Some(&decline));
            declined(sim, &intent_id, &charge_id, &method, &decline);
            failed(sim, invoice_id, attempt, Some(&decline), Some(&method));
            Err(decline
                .error()
                .with("charge", charge_id)
                .with("payment_intent", object(sim, &intent_id))
                .with("payment_method", object(sim, &method)))
        }
    }
}

/// What some test cards bring after a charge that succeeded.
pub(crate) fn after_charge(sim: &mut StripeSim, card: TestCard, charge_id: &str) {
    match card {
        TestCard::Disputed => {
            disputes::open_on(sim, charge_id, "fraudulent");
        }
        TestCard::DisputedAsNotReceived => {
            disputes::open_on(sim, charge_id, "product_not_received");
        }
        TestCard::Inquired => {
            disputes::inquire(sim, charge_id, "fraudulent");
        }
        TestCard::WarnedOf => {
            early_fraud_warnings::warn(sim, charge_id, "unauthorized_use_of_card");
        }
        _ => {}
    }
}

fn object(sim: &StripeSim, id: &str) -> Value {
    sim.store
        .get(id)
        .map_or(Value::Null, |object| Value::clone(object))
}

/// The card an invoice is charged to: its own, the subscription's, or the customer's.
pub(crate) fn card_for(sim: &StripeSim, invoice: &Value) -> Option<String> {
    let subscription = sim
        .store
        .get(invoice.text("parent/subscription_details/subscription"))
        .cloned()
        .unwrap_or_default();
    let customer = sim
        .store
        .get(invoice.text("customer"))
        .cloned()
        .unwrap_or_default();
    [
        invoice.text_at("default_payment_method"),
        subscription.text_at("default_payment_method"),
        customers::default_card(&customer),
    ]
    .into_iter()
    .flatten()
    .next()
    .map(str::to_owned)
}

pub(crate) fn declined(
    sim: &mut StripeSim,
    intent_id: &str,
    charge_id: &str,
    method: &str,
    decline: &Decline,
) {
    sim.emit("charge.failed", charge_id);
    let mut error = json!({
        "advice_code": decline.advice_code(),
        "charge": charge_id,
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": format!("https://stripe.com/docs/error-codes/{}", decline.code.replace('_', "-")),
        "message": decline.message,
        "payment_method": object(sim, method),
        "type": "card_error",
    });
    if decline.decline_code.is_none() {
        error
            .as_object_mut()
            .map(|error| error.remove("decline_code"));
    }
    let needs_action = decline.code == "authentication_required";
    sim.store.change(intent_id, |intent| {
        intent.put("status", "requires_payment_method");
        intent.put("latest_charge", charge_id);
        intent.put("last_payment_error", error);
        if needs_action {
            intent.put("status", "requires_action");
            intent.put("payment_method", method);
            intent.put(
                "next_action",
                json!({
                    "type": "use_stripe_sdk",
                    "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": ""},
                }),
            );
        }
    });
    sim.emit("payment_intent.payment_failed", intent_id);
    if needs_action {
        sim.emit("payment_intent.requires_action", intent_id);
    }
}

fn failed(
    sim: &mut StripeSim,
    invoice_id: &str,
    attempt: Attempt,
    decline: Option<&Decline>,
    card: Option<&str>,
) {
    let first = sim
        .store
        .get(invoice_id)
        .is_some_and(|invoice| !invoice.flag("attempted"));
    // Any attempt counts as the first; after it only the automatic ones do.
    let counts = first || attempt == Attempt::Automatic;
    let next_s = if counts {
        dunning::after_failure(sim, invoice_id, decline, card)
    } else {
        sim.store
            .get(invoice_id)
            .and_then(|invoice| invoice.int_at("next_payment_attempt"))
    };
    sim.update("invoice.updated", invoice_id, |invoice| {
        invoice.put("attempted", true);
        if counts {
            invoice.put("attempt_count", invoice.int("attempt_count") + 1);
        }
        invoice.put("next_payment_attempt", json!(next_s));
    });
    if decline.is_some_and(|decline| decline.code == "authentication_required") {
        sim.emit("invoice.payment_action_required", invoice_id);
    }
    sim.emit("invoice.payment_failed", invoice_id);
    let invoice = sim.store.get(invoice_id).cloned().unwrap_or_default();
    let subscription_id = invoice.text("parent/subscription_details/subscription");
    sim.update(
        "customer.subscription.updated",
        subscription_id,
        |subscription| {
            if subscription.text("status") == "active"
                && subscription.at("pending_update").is_null()
            {
                subscription.put("status", "past_due");
            }
        },
    );
    if invoice.text("billing_reason") != "subscription_create" {
        sim.update("customer.updated", invoice.text("customer"), |customer| {
            customer.put("delinquent", true);
        });
    }
    dunning::end_without_retries(sim, invoice_id);
}
