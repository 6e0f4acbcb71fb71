//! `pending_if_incomplete`: a change that takes hold once its invoice is paid, or lapses after 23 hours.

use serde_json::{Value, json};

use crate::billing::change::{self, Change};
use crate::billing::line::Line;
use crate::billing::subscription::{mirror_single_item, period, put_period};
use crate::billing::{INCOMPLETE_S, cancel, invoice, payment, start};
use crate::fields::Fields;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// Applies a change if it can be paid for now. If not, the subscription stays as it was, with the change pending and
/// its invoice open.
pub(crate) fn apply_or_keep(sim: &mut StripeSim, id: &str, change: &Change) {
    let mut tried = sim.clone();
    let paid = match change::apply(&mut tried, id, change) {
        Some(invoice) if is_open(&tried, &invoice) => {
            payment::pay(&mut tried, &invoice, None, payment::Attempt::Manual).is_ok()
        }
        _ => true,
    };
    if paid {
        *sim = tried;
        return;
    }
    let expires_s = sim.now_s + INCOMPLETE_S;
    // The invoice asks for what the change would cost; the items stay as they are until it is paid.
    let lines = change_lines(&tried, sim, id);
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    let items = tried.store.get(id).map_or(Value::Null, |subscription| {
        subscription.at("items/data").clone()
    });
    let invoice = invoice::draft(
        sim,
        id,
        invoice::Reason::Update,
        &lines,
        period(&subscription),
    );
    sim.emit_change("customer.subscription.updated", &subscription, id);
    sim.emit("invoice.created", &invoice);
    invoice::finalize(sim, &invoice);
    sim.update("customer.subscription.updated", id, |subscription| {
        subscription.put("pending_update", json!({
            "billing_cycle_anchor": null, "cancel_at_period_end": null, "discount": null, "discounts": null,
            "expires_at": expires_s, "metadata": null, "subscription_items": items, "trial_end": null,
            "trial_from_plan": null,
        }));
    });
    sim.plan(expires_s, Task::ExpirePendingUpdate(id.to_owned()));
    // It was declined a moment ago: this records the decline where it happened.
    payment::pay(sim, &invoice, None, payment::Attempt::Manual).ok();
}

fn is_open(sim: &StripeSim, invoice: &str) -> bool {
    sim.store
        .get(invoice)
        .is_some_and(|invoice| invoice.text("status") == "open")
}

/// The lines of the invoice that the change was tried with.
fn change_lines(tried: &StripeSim, sim: &StripeSim, id: &str) -> Vec<Line> {
    let invoice = tried
        .store
        .get(id)
        .and_then(|subscription| tried.store.get(subscription.text("latest_invoice")))
        .cloned()
        .unwrap_or_default();
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    invoice
        .list("lines/data")
        .iter()
        .map(|line| Line {
            amount: line.int("amount"),
            description: line.text("description").to_owned(),
            period: (line.int("period/start"), line.int("period/end")),
            price: sim
                .store
                .get(line.text("pricing/price_details/price"))
                .map_or(Value::Null, |price| Value::clone(price)),
            quantity: line.int("quantity"),
            subscription: Some(id.to_owned()),
            subscription_item: subscription.text_at("items/data/0/id").map(str::to_owned),
            invoice_item: None,
            discountable: line.flag("discountable"),
            proration: true,
            metadata: json!({}),
        })
        .collect()
}

/// Applies a pending change whose invoice was paid.
pub(crate) fn apply_if_paid(sim: &mut StripeSim, id: &str, invoice_id: &str) {
    let pending = sim
        .store
        .get(id)
        .filter(|subscription| subscription.text("latest_invoice") == invoice_id)
        .map(|subscription| subscription.at("pending_update/subscription_items").clone());
    let Some(items @ Value::Array(_)) = pending else {
        return;
    };
    let mut starts_anew = false;
    let before = sim.store.change(id, |subscription| {
        let (interval, current) = (change::interval(subscription), period(subscription));
        subscription.put("items/data", items);
        subscription.put("pending_update", Value::Null);
        mirror_single_item(subscription);
        starts_anew = change::interval(subscription) != interval;
        if starts_anew {
            // The period that was paid for began when the change was asked for.
            subscription.put("billing_cycle_anchor", period(subscription).0);
        } else {
            // The period may have turned while the change was pending.
            put_period(subscription, current);
        }
    });
    if starts_anew {
        start::plan_ahead(sim, id);
    }
    sim.emit_change("customer.subscription.updated", &before, id);
    sim.emit("customer.subscription.pending_update_applied", id);
}

/// Drops a pending change that was not paid for in time, and voids its invoice.
pub(crate) fn expire(sim: &mut StripeSim, id: &str) {
    let invoice = sim
        .store
        .get(id)
        .map(|subscription| subscription.text("latest_invoice").to_owned())
        .unwrap_or_default();
    sim.update("customer.subscription.updated", id, |subscription| {
        subscription.put("pending_update", Value::Null);
    });
    sim.emit("customer.subscription.pending_update_expired", id);
    cancel::void(sim, &invoice);
}
