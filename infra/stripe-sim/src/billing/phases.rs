//! The phases of a subscription schedule, as time walks through them.

use serde_json::{Value, json};

use crate::billing::change::{self, Change, NewItem, Proration};
use crate::billing::discount::Redeemed;
use crate::billing::start::{FirstPayment, start as start_subscription};
use crate::billing::subscription::{Draft, Wanted, mirror_single_item, period};
use crate::billing::{cancel, payment};
use crate::fields::Fields;
use crate::resources::coupons::Discounts;
use crate::resources::{prices, subscriptions};
use crate::sim::StripeSim;
use crate::tasks::Task;

/// Starts a schedule that was made for later: its subscription begins with its first phase.
pub(crate) fn start(sim: &mut StripeSim, id: &str) {
    let schedule = sim.store.get(id).cloned().unwrap_or_default();
    let phase = schedule.at("phases/0");
    let draft = Draft {
        customer: schedule.text("customer").to_owned(),
        items: wanted(sim, phase),
        metadata: phase.at("metadata").clone(),
        default_payment_method: schedule
            .text_at("default_settings/default_payment_method")
            .map(str::to_owned),
        description: None,
        trial_end_s: None,
        missing_payment_method: "create_invoice".to_owned(),
        cancel_at_period_end: false,
        cancel_at_s: None,
        anchor_s: None,
        save_card: false,
        discounts: redeemed(phase),
        checkout_session: None,
    };
    let Ok(subscription) = start_subscription(sim, &draft, FirstPayment::MayFail) else {
        return;
    };
    sim.update(
        "customer.subscription.updated",
        &subscription,
        |subscription| {
            subscription.put("schedule", id);
        },
    );
    sim.update("subscription_schedule.updated", id, |schedule| {
        schedule.put("status", "active");
        schedule.put("subscription", subscription);
        schedule.put("current_phase", current_phase(phase));
    });
    plan_end(sim, id);
}

/// `current_phase` for a phase.
pub(crate) fn current_phase(phase: &Value) -> Value {
    json!({"start_date": phase.at("start_date"), "end_date": phase.at("end_date")})
}

/// Plans the end of the current phase.
pub(crate) fn plan_end(sim: &mut StripeSim, id: &str) {
    let end_s = sim
        .store
        .get(id)
        .and_then(|schedule| schedule.int_at("current_phase/end_date"));
    if let Some(end_s) = end_s {
        sim.plan(end_s, Task::EndPhase(id.to_owned()));
    }
}

/// Moves a schedule into its next phase, or ends it after its last.
pub(crate) fn end_phase(sim: &mut StripeSim, id: &str) {
    let schedule = sim.store.get(id).cloned().unwrap_or_default();
    let ended_s = schedule.int("current_phase/end_date");
    let next = schedule
        .list("phases")
        .iter()
        .find(|phase| phase.int("start_date") >= ended_s);
    let Some(next) = next else {
        if schedule.text("end_behavior") == "cancel" {
            complete(sim, id, &schedule);
        } else {
            release(sim, id);
        }
        return;
    };
    enter(sim, schedule.text("subscription"), current(&schedule), next);
    sim.update("subscription_schedule.updated", id, |schedule| {
        schedule.put("current_phase", current_phase(next));
    });
    plan_end(sim, id);
}

/// The phase that a schedule is in; null before the first.
pub(crate) fn current(schedule: &Value) -> &Value {
    let start_s = schedule.int_at("current_phase/start_date");
    let mut phases = schedule.list("phases").iter();
    phases
        .find(|phase| phase.int_at("start_date") == start_s)
        .unwrap_or(&Value::Null)
}

/// The coupons that a phase names.
fn redeemed(phase: &Value) -> Vec<Redeemed> {
    let named = phase.list("discounts").iter();
    let named = named.filter_map(|named| {
        Some(Redeemed {
            coupon: named.text_at("coupon")?.to_owned(),
            promotion_code: named.text_at("promotion_code").map(str::to_owned),
        })
    });
    named.collect()
}

/// Takes off the coupons of the phase before that this one does not name, and puts on those that it does. What the
/// subscription has from elsewhere stays.
fn enter_discounts(sim: &mut StripeSim, subscription_id: &str, before: &Value, phase: &Value) {
    let (old, wanted) = (redeemed(before), redeemed(phase));
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let mut on_it = Vec::new();
    let mut kept = Vec::new();
    for id in subscription
        .list("discounts")
        .iter()
        .filter_map(Value::as_str)
    {
        let discount = sim.store.get(id).cloned().unwrap_or_default();
        let coupon = discount.text("source/coupon");
        let named = |phase: &[Redeemed]| phase.iter().any(|other| other.coupon == coupon);
        if !named(&old) || named(&wanted) {
            on_it.push(coupon.to_owned());
            kept.push(id.to_owned());
        }
    }
    let new: Vec<Redeemed> = wanted
        .into_iter()
        .filter(|wanted| !on_it.contains(&wanted.coupon))
        .collect();
    if !new.is_empty() || kept.len() < subscription.list("discounts").len() {
        subscriptions::write_discounts(sim, subscription_id, &Discounts { kept, new });
    }
}

/// Brings a subscription to what a phase says, now, out of the phase before it.
pub(crate) fn enter(sim: &mut StripeSim, subscription_id: &str, before: &Value, phase: &Value) {
    enter_discounts(sim, subscription_id, before, phase);
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let wanted = wanted(sim, phase);
    let same = subscription.list("items/data").len() == wanted.len()
        && subscription
            .list("items/data")
            .iter()
            .zip(&wanted)
            .all(|(item, wanted)| {
                item.text("price/id") == wanted.price.text("id")
                    && item.int("quantity") == wanted.quantity
            });
    if let Value::Object(metadata) = phase.at("metadata")
        && !metadata.is_empty()
    {
        sim.update(
            "customer.subscription.updated",
            subscription_id,
            |subscription| {
                for (key, value) in metadata {
                    subscription["metadata"][key] = value.clone();
                }
            },
        );
    }
    if same {
        return;
    }
    let known = subscription.list("items/data");
    let keeps_items = known.len() == wanted.len();
    let items: Vec<NewItem> = wanted
        .into_iter()
        .enumerate()
        .map(|(at, wanted)| NewItem {
            id: known
                .get(at)
                .filter(|_| keeps_items)
                .and_then(|item| item.text_at("id"))
                .map(str::to_owned),
            wanted,
            metadata: None,
        })
        .collect();
    if period(&subscription).1 == sim.now_s {
        swap_at_boundary(sim, subscription_id, &items);
        return;
    }
    let change = Change {
        items,
        proration: Proration::new(phase.text_at("proration_behavior")),
        at_s: sim.now_s,
        anchor_now: phase.text("billing_cycle_anchor") == "phase_start",
    };
    if let Some(invoice) = change::apply(sim, subscription_id, &change) {
        let open = sim
            .store
            .get(&invoice)
            .is_some_and(|invoice| invoice.text("status") == "open");
        if open {
            // A decline leaves the invoice open and starts the retries.
            payment::pay(sim, &invoice, None, payment::Attempt::Automatic).ok();
        }
    }
}

/// At the end of a period nothing is left to prorate: the items change, and the renewal that falls due in the same
/// second charges for them. A new interval counts from here.
fn swap_at_boundary(sim: &mut StripeSim, id: &str, items: &[NewItem]) {
    let before = sim.store.get(id).cloned().unwrap_or_default();
    let new_interval = items
        .first()
        .and_then(|item| prices::every(&item.wanted.price));
    let items = change::renewed_items(sim, &before, items, period(&before));
    let now_s = sim.now_s;
    sim.update("customer.subscription.updated", id, |subscription| {
        if change::interval(subscription) != new_interval {
            subscription.put("billing_cycle_anchor", now_s);
        }
        subscription.put("items/total_count", items.len());
        subscription.put("items/data", items);
        mirror_single_item(subscription);
    });
}

fn wanted(sim: &StripeSim, phase: &Value) -> Vec<Wanted> {
    phase
        .list("items")
        .iter()
        .filter_map(|item| {
            let price = sim.store.get(item.text("price"))?;
            Some(Wanted {
                price: Value::clone(price),
                quantity: item.int("quantity"),
            })
        })
        .collect()
}

/// Lets go of the subscription, which runs on as it is.
pub(crate) fn release(sim: &mut StripeSim, id: &str) {
    let (now_s, subscription) = let_go(sim, id);
    sim.store.change(id, |schedule| {
        schedule.put("status", "released");
        schedule.put("released_at", now_s);
        schedule.put("released_subscription", subscription);
        schedule.put("subscription", Value::Null);
        schedule.put("current_phase", Value::Null);
    });
    sim.emit("subscription_schedule.released", id);
}

fn let_go(sim: &mut StripeSim, id: &str) -> (i64, Value) {
    let subscription = sim
        .store
        .get(id)
        .map_or(Value::Null, |schedule| schedule.at("subscription").clone());
    if let Some(subscription) = subscription.as_str() {
        sim.update(
            "customer.subscription.updated",
            subscription,
            |subscription| {
                subscription.put("schedule", Value::Null);
            },
        );
    }
    (sim.now_s, subscription)
}

/// Ends the subscription with the last phase.
fn complete(sim: &mut StripeSim, id: &str, schedule: &Value) {
    let now_s = sim.now_s;
    let subscription = schedule.text("subscription");
    // The schedule is not what ends here against its will: it must not be called cancelled.
    sim.store.change(subscription, |subscription| {
        subscription.put("schedule", Value::Null)
    });
    cancel::now(sim, subscription, "cancellation_requested");
    sim.store.change(id, |schedule| {
        schedule.put("status", "completed");
        schedule.put("completed_at", now_s);
        schedule.put("current_phase", Value::Null);
    });
    sim.emit("subscription_schedule.completed", id);
}

/// Ends a schedule whose subscription ended: cancelled, or aborted because nobody paid.
pub(crate) fn subscription_ended(sim: &mut StripeSim, id: &str, unpaid: bool) {
    let active = sim
        .store
        .get(id)
        .is_some_and(|schedule| matches!(schedule.text("status"), "active" | "not_started"));
    if !active {
        return;
    }
    let now_s = sim.now_s;
    sim.store.change(id, |schedule| {
        schedule.put("status", "canceled");
        schedule.put("canceled_at", now_s);
        schedule.put("current_phase", Value::Null);
    });
    let event_type = if unpaid {
        "subscription_schedule.aborted"
    } else {
        "subscription_schedule.canceled"
    };
    sim.emit(event_type, id);
}
