//! Invoices that need no more money: paid, settled otherwise, or given up; and what recovers with that.

use serde_json::Value;

use crate::billing::payment::{Attempt, default_payment};
use crate::billing::pending_update;
use crate::fields::Fields;
use crate::sim::StripeSim;

/// Records a charge that went through, and closes its invoice.
pub(crate) fn succeeded(
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
