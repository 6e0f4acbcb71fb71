//! Paying an invoice, and what a payment or a decline does to the subscription and the customer.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::billing::{charge, dunning, pending_update};
use crate::cards::{Decline, TestCard};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{disputes, payment_methods};
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
    let intent = charge::insert_intent(sim, &invoice);
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
            succeeded(sim, &payment, &charge_id, &method, attempt);
            if card == TestCard::Disputed {
                disputes::open_on(sim, &charge_id, "fraudulent");
            }
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
        customer.text_at("invoice_settings/default_payment_method"),
    ]
    .into_iter()
    .flatten()
    .next()
    .map(str::to_owned)
}

fn succeeded(
    sim: &mut StripeSim,
    payment: &Value,
    charge_id: &str,
    method: &str,
    attempt: Attempt,
) {
    let (invoice_id, intent_id) = (
        payment.text("invoice"),
        payment.text("payment/payment_intent"),
    );
    let (amount, now_s) = (payment.int("amount_requested"), sim.now_s);
    sim.emit("charge.succeeded", charge_id);
    sim.store.change(intent_id, |intent| {
        intent.put("status", "succeeded");
        intent.put("amount_received", amount);
        intent.put("latest_charge", charge_id);
        intent.put("payment_method", method);
        intent.put("last_payment_error", Value::Null);
        intent.put("next_action", Value::Null);
    });
    sim.emit("payment_intent.succeeded", intent_id);
    sim.store.change(payment.text("id"), |payment| {
        payment.put("status", "paid");
        payment.put("amount_paid", amount);
        payment.put("status_transitions/paid_at", now_s);
    });
    mark_paid(sim, invoice_id, amount, Some(attempt));
    sim.emit("invoice_payment.paid", payment.text("id"));
    after_invoice_closed(sim, invoice_id);
}

/// Closes an invoice on which nothing is due.
pub(crate) fn settle_without_charge(sim: &mut StripeSim, invoice_id: &str) {
    mark_paid(sim, invoice_id, 0, None);
    after_invoice_closed(sim, invoice_id);
}

/// Closes an invoice that was paid outside Stripe.
pub(crate) fn settle_out_of_band(sim: &mut StripeSim, invoice_id: &str) {
    let amount = sim
        .store
        .get(invoice_id)
        .map_or(0, |invoice| invoice.int("amount_remaining"));
    cancel_intent(sim, invoice_id);
    mark_paid(sim, invoice_id, amount, None);
    after_invoice_closed(sim, invoice_id);
}

fn mark_paid(sim: &mut StripeSim, invoice_id: &str, amount: i64, attempt: Option<Attempt>) {
    let now_s = sim.now_s;
    sim.update("invoice.updated", invoice_id, |invoice| {
        invoice.put("status", "paid");
        invoice.put("amount_paid", amount);
        invoice.put("amount_remaining", 0);
        invoice.put("attempted", true);
        let attempts = invoice.int("attempt_count");
        if attempt == Some(Attempt::Automatic) || (attempt.is_some() && attempts == 0) {
            invoice.put("attempt_count", attempts + 1);
        }
        invoice.put("auto_advance", false);
        invoice.put("next_payment_attempt", Value::Null);
        invoice.put("status_transitions/paid_at", now_s);
    });
    sim.dunning.remove(invoice_id);
    sim.emit("invoice.paid", invoice_id);
    sim.emit("invoice.payment_succeeded", invoice_id);
}

/// Takes back the payment intent of an invoice that will not be charged any more.
pub(crate) fn cancel_intent(sim: &mut StripeSim, invoice_id: &str) {
    let Some(payment) = default_payment(sim, invoice_id) else {
        return;
    };
    let (intent_id, now_s) = (payment.text("payment/payment_intent"), sim.now_s);
    sim.store.change(payment.text("id"), |payment| {
        payment.put("status", "canceled");
        payment.put("status_transitions/canceled_at", now_s);
    });
    sim.store.change(intent_id, |intent| {
        intent.put("status", "canceled");
        intent.put("canceled_at", now_s);
        intent.put("cancellation_reason", "void_invoice");
    });
    sim.emit("payment_intent.canceled", intent_id);
}

fn declined(
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

/// What follows once an invoice is paid, voided or written off: the subscription recovers if it was waiting for this.
pub(crate) fn after_invoice_closed(sim: &mut StripeSim, invoice_id: &str) {
    let invoice = sim.store.get(invoice_id).cloned().unwrap_or_default();
    let subscription_id = invoice.text("parent/subscription_details/subscription");
    if invoice.text("status") == "paid" {
        pending_update::apply_if_paid(sim, subscription_id, invoice_id);
    }
    sim.update(
        "customer.subscription.updated",
        subscription_id,
        |subscription| {
            let waited = match subscription.text("status") {
                "incomplete" => invoice.text("status") == "paid",
                "past_due" | "unpaid" => subscription.text("latest_invoice") == invoice_id,
                _ => false,
            };
            if waited {
                subscription.put("status", "active");
            }
        },
    );
    let customer_id = invoice.text("customer");
    let still_owes = sim
        .store
        .all("invoice", Some(customer_id))
        .any(|invoice| invoice.text("status") == "open" && invoice.flag("attempted"));
    if !still_owes {
        sim.update("customer.updated", customer_id, |customer| {
            customer.put("delinquent", false);
        });
    }
}
