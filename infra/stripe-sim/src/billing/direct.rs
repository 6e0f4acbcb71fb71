//! Payments that no invoice asks for: an intent is confirmed, perhaps captured later, or taken back.

use serde_json::{Value, json};

use crate::billing::{authentication, charge, payment};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::payment_methods;
use crate::sim::StripeSim;

/// Charges an intent to a payment method. With the customer there, a card may ask who pays.
pub(crate) fn confirm(
    sim: &mut StripeSim,
    intent_id: &str,
    method: &str,
    off_session: bool,
    return_url: Option<&str>,
) -> Result<(), StripeError> {
    let card = payment_methods::card(sim, method);
    let intent = sim.store.get(intent_id).cloned().unwrap_or_default();
    if sim.authenticated.remove(intent_id) && intent.text("payment_method") == method {
        succeeded(sim, intent_id, method);
        return Ok(());
    }
    if card.asks_who_pays() && !off_session {
        authentication::ask(sim, intent_id, method, return_url);
        return Ok(());
    }
    match card.decline() {
        None => {
            succeeded(sim, intent_id, method);
            Ok(())
        }
        Some(decline) => {
            let charge_id = charge::insert(sim, &intent, method, Some(&decline));
            payment::declined(sim, intent_id, &charge_id, method, &decline);
            let object = |id: &str| sim.store.get(id).map(|object| Value::clone(object));
            Err(decline
                .error()
                .with("charge", charge_id)
                .with("payment_intent", json!(object(intent_id)))
                .with("payment_method", json!(object(method))))
        }
    }
}

/// Records a charge that the bank let through: paid, or held until it is captured.
pub(crate) fn succeeded(sim: &mut StripeSim, intent_id: &str, method: &str) {
    let intent = sim.store.get(intent_id).cloned().unwrap_or_default();
    let charge_id = charge::insert(sim, &intent, method, None);
    let (amount, held) = (
        intent.int("amount"),
        intent.text("capture_method") == "manual",
    );
    if held {
        sim.store.change(&charge_id, |charge| {
            charge.put("captured", false);
            charge.put("amount_captured", 0);
            charge.put("balance_transaction", Value::Null);
        });
    }
    sim.emit("charge.succeeded", &charge_id);
    sim.store.change(intent_id, |intent| {
        intent.put("latest_charge", charge_id.as_str());
        intent.put("payment_method", method);
        intent.put("last_payment_error", Value::Null);
        intent.put("next_action", Value::Null);
        if held {
            intent.put("status", "requires_capture");
            intent.put("amount_capturable", amount);
        } else {
            intent.put("status", "succeeded");
            intent.put("amount_received", amount);
        }
    });
    let event_type = if held {
        "payment_intent.amount_capturable_updated"
    } else {
        "payment_intent.succeeded"
    };
    sim.emit(event_type, intent_id);
    let card = payment_methods::card(sim, method);
    payment::after_charge(sim, card, &charge_id);
}

/// Takes what is held, or a part of it; the rest is let go.
pub(crate) fn capture(sim: &mut StripeSim, intent: &Value, amount: i64) {
    let (intent_id, charge_id) = (intent.text("id"), intent.text("latest_charge"));
    let (left, transaction) = (intent.int("amount") - amount, sim.ids.payment("txn"));
    sim.store.change(charge_id, |charge| {
        charge.put("captured", true);
        charge.put("amount_captured", amount);
        charge.put("amount_refunded", left);
        charge.put("balance_transaction", transaction);
    });
    sim.emit("charge.captured", charge_id);
    sim.store.change(intent_id, |intent| {
        intent.put("status", "succeeded");
        intent.put("amount_capturable", 0);
        intent.put("amount_received", amount);
    });
    sim.emit("payment_intent.succeeded", intent_id);
}

/// Takes an intent back; what was held is let go.
pub(crate) fn cancel(sim: &mut StripeSim, intent: &Value, reason: Option<&str>) {
    let (intent_id, now_s) = (intent.text("id"), sim.now_s);
    if intent.text("status") == "requires_capture" {
        let charge_id = intent.text("latest_charge");
        let before = sim.store.change(charge_id, |charge| {
            charge.put("amount_refunded", charge.int("amount"));
            charge.put("refunded", true);
        });
        sim.emit_change("charge.refunded", &before, charge_id);
    }
    sim.store.change(intent_id, |intent| {
        intent.put("status", "canceled");
        intent.put("canceled_at", now_s);
        intent.put("cancellation_reason", json!(reason));
        intent.put("amount_capturable", 0);
        intent.put("next_action", Value::Null);
    });
    sim.emit("payment_intent.canceled", intent_id);
}
