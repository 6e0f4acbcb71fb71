//! The ends of a subscription.

use serde_json::{Value, json};

use crate::billing::subscription::period;
use crate::billing::{discount, invoice, line, payment, phases, settlement};
use crate::fields::Fields;
use crate::proration::share;
use crate::sim::StripeSim;

/// Whether a subscription is still there to be ended.
pub(crate) fn can_end(subscription: &Value) -> bool {
    !matches!(
        subscription.text("status"),
        "canceled" | "incomplete_expired"
    )
}

/// Ends a subscription at once. Its open invoices stay open and are not collected by themselves any more; what waits
/// for a next invoice stays, as on Stripe, and nothing is refunded.
pub(crate) fn now(sim: &mut StripeSim, id: &str, reason: &str) {
    let now_s = sim.now_s;
    let schedule = sim
        .store
        .get(id)
        .and_then(|subscription| subscription.text_at("schedule"))
        .map(str::to_owned);
    stop_collecting(sim, id);
    sim.store.change(id, |subscription| {
        subscription.put("status", "canceled");
        subscription.put("ended_at", now_s);
        // An end that was asked for earlier keeps the day it was asked for.
        if subscription.at("canceled_at").is_null() {
            subscription.put("canceled_at", now_s);
        }
        if subscription.at("cancellation_details/reason").is_null() {
            subscription.put("cancellation_details/reason", reason);
        }
        subscription.put("pause_collection", Value::Null);
        subscription.put("pending_update", Value::Null);
    });
    if let Some(schedule) = schedule {
        phases::subscription_ended(sim, &schedule, reason == "payment_failed");
    }
    sim.emit("customer.subscription.deleted", id);
}

fn stop_collecting(sim: &mut StripeSim, id: &str) {
    let invoices: Vec<String> = sim
        .store
        .get(id)
        .cloned()
        .into_iter()
        .flat_map(|subscription| {
            let customer = subscription.text("customer").to_owned();
            sim.store
                .all("invoice", Some(&customer))
                .filter(|invoice| invoice.text("parent/subscription_details/subscription") == id)
                .filter(|invoice| matches!(invoice.text("status"), "open" | "draft"))
                .map(|invoice| invoice.text("id").to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    for invoice in invoices {
        sim.dunning.remove(&invoice);
        sim.update("invoice.updated", &invoice, |invoice| {
            invoice.put("auto_advance", false);
            invoice.put("automatically_finalizes_at", Value::Null);
            invoice.put("next_payment_attempt", Value::Null);
        });
    }
}

/// Ends a subscription whose date has come.
pub(crate) fn at_its_date(sim: &mut StripeSim, id: &str) {
    now(sim, id, "cancellation_requested");
}

/// Ends a subscription whose first payment never came: its invoice is voided.
pub(crate) fn expire_incomplete(sim: &mut StripeSim, id: &str) {
    let invoice = sim
        .store
        .get(id)
        .map(|subscription| subscription.text("latest_invoice").to_owned())
        .unwrap_or_default();
    let now_s = sim.now_s;
    sim.update("customer.subscription.updated", id, |subscription| {
        subscription.put("status", "incomplete_expired");
        subscription.put("ended_at", now_s);
    });
    void(sim, &invoice);
}

/// Voids an open invoice.
pub(crate) fn void(sim: &mut StripeSim, id: &str) {
    let now_s = sim.now_s;
    settlement::cancel_intent(sim, id);
    sim.dunning.remove(id);
    sim.update("invoice.updated", id, |invoice| {
        invoice.put("status", "void");
        invoice.put("auto_advance", false);
        invoice.put("next_payment_attempt", json!(null));
        invoice.put("status_transitions/voided_at", now_s);
    });
    sim.emit("invoice.voided", id);
    settlement::after_invoice_closed(sim, id);
}

/// Ends a subscription at once, with a credit for the unused time if asked for, which is invoiced now or waits.
pub(crate) fn with_credit(sim: &mut StripeSim, id: &str, prorate: bool, invoice_now: bool) {
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    let (_, end_s) = period(&subscription);
    if prorate && matches!(subscription.text("status"), "active" | "past_due") {
        for item in subscription.list("items/data") {
            let paid = discount::paid_for(sim, &subscription, item);
            let unused = share(paid.amount, sim.now_s, paid.period.0, paid.period.1);
            let credit = line::proration(sim, &subscription, item, -unused, (sim.now_s, end_s));
            if credit.amount != 0 {
                credit.keep_for_later(sim, subscription.text("customer"));
            }
        }
    }
    if invoice_now {
        let lines = line::waiting(sim, &subscription);
        if !lines.is_empty() {
            let invoice = invoice::draft_and_finalize(sim, id, &lines);
            // What it asks for is owed whether or not the card pays it now.
            payment::pay(sim, &invoice, None, payment::Attempt::Manual).ok();
        }
    }
    now(sim, id, "cancellation_requested");
}
