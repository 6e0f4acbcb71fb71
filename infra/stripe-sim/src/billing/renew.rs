//! The turn of a billing period.

use serde_json::Value;

use crate::billing::invoice::{self, Reason};
use crate::billing::subscription::{period, put_period};
use crate::billing::{cancel, discount, line, settlement, start};
use crate::fields::Fields;
use crate::resources::{customers, prices};
use crate::sim::StripeSim;

/// Moves a subscription into its next period and writes the invoice for it. A trial that is over ends here.
pub(crate) fn renew(sim: &mut StripeSim, id: &str) {
    let before = sim.store.get(id).cloned().unwrap_or_default();
    let trial_over = before.text("status") == "trialing";
    if trial_over && !trial_may_end(sim, &before) {
        return;
    }
    let Some(every) = prices::every(before.at("items/data/0/price")) else {
        return;
    };
    let (ended, now_s) = (period(&before), sim.now_s);
    let next = (
        ended.1,
        every.boundary_after(before.int("billing_cycle_anchor"), ended.1),
    );
    sim.store.change(id, |subscription| {
        put_period(subscription, next);
        if trial_over {
            subscription.put("status", "active");
        }
    });
    discount::drop_ended(sim, id);
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    let mut lines = line::waiting(sim, &subscription);
    for item in subscription.list("items/data") {
        lines.push(line::of_item(sim, &subscription, item, next, false));
    }
    let invoice = invoice::draft(sim, id, Reason::Cycle, &lines, ended);
    sim.emit_change("customer.subscription.updated", &before, id);
    collect(sim, &subscription, &invoice);
    start::plan_ahead(sim, id);
    debug_assert!(now_s >= ended.1, "a period turns at its end, not before");
}

/// Decides how the invoice of a renewal is collected.
fn collect(sim: &mut StripeSim, subscription: &Value, invoice: &str) {
    match subscription.text("pause_collection/behavior") {
        "" if subscription.text("status") == "unpaid" => {
            sim.store
                .change(invoice, |invoice| invoice.put("auto_advance", false));
            sim.emit("invoice.created", invoice);
        }
        "" => {
            invoice::finalize_later(sim, invoice);
            sim.emit("invoice.created", invoice);
        }
        "keep_as_draft" => {
            sim.store
                .change(invoice, |invoice| invoice.put("auto_advance", false));
            sim.emit("invoice.created", invoice);
        }
        behavior => {
            sim.emit("invoice.created", invoice);
            invoice::finalize(sim, invoice);
            if behavior == "void" {
                cancel::void(sim, invoice);
            } else {
                write_off(sim, invoice);
            }
        }
    }
}

/// Marks an open invoice uncollectible.
pub(crate) fn write_off(sim: &mut StripeSim, id: &str) {
    let now_s = sim.now_s;
    sim.dunning.remove(id);
    sim.update("invoice.updated", id, |invoice| {
        invoice.put("status", "uncollectible");
        invoice.put("auto_advance", false);
        invoice.put("next_payment_attempt", Value::Null);
        invoice.put("status_transitions/marked_uncollectible_at", now_s);
    });
    sim.emit("invoice.marked_uncollectible", id);
    settlement::after_invoice_closed(sim, id);
}

/// A trial that ends without a card is cancelled or paused where its settings say so.
fn trial_may_end(sim: &mut StripeSim, subscription: &Value) -> bool {
    let customer = sim
        .store
        .get(subscription.text("customer"))
        .cloned()
        .unwrap_or_default();
    let has_card = subscription.at("default_payment_method").is_string()
        || customers::default_card(&customer).is_some();
    let id = subscription.text("id");
    match subscription.text("trial_settings/end_behavior/missing_payment_method") {
        "cancel" if !has_card => {
            cancel::now(sim, id, "payment_failed");
            false
        }
        "pause" if !has_card => {
            let before = sim
                .store
                .change(id, |subscription| subscription.put("status", "paused"));
            sim.emit_change("customer.subscription.updated", &before, id);
            sim.emit("customer.subscription.paused", id);
            false
        }
        _ => true,
    }
}

/// Takes a subscription out of its pause at the date that was set.
pub(crate) fn resume_collection(sim: &mut StripeSim, id: &str) {
    sim.update("customer.subscription.updated", id, |subscription| {
        subscription.put("pause_collection", Value::Null);
    });
}
