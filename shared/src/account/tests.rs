//! What events do to an account: the objects and the events that its tests are made of.

mod meaning;
mod order;

use serde_json::{Value, json};

use super::{Account, Change, Outcome, Question, Reading, Record};
use crate::event::{Event, Subject};
use crate::outbox::MailKind;
use crate::plan::{Catalogue, Plan};
use crate::stripe_objects::{InvoiceStatus, SubscriptionStatus};
use crate::time::Timestamp;

const T: i64 = 1_767_225_600;

fn event(id: &str, kind: &str, created: i64, object: Value, previous: Option<Value>) -> Event {
    let mut data = json!({ "object": object });
    if let Some(previous) = previous {
        data["previous_attributes"] = previous;
    }
    let body = json!({
        "id": id, "object": "event", "type": kind, "created": created, "livemode": false, "data": data,
    });
    Event::parse(body.to_string().as_bytes()).unwrap()
}

fn price(key: &str) -> Value {
    let (cents, months) = match key {
        "founding_member" => (2_500, 3),
        "prospector" => (7_500, 1),
        "networker" => (14_500, 1),
        _ => (100, 1),
    };
    json!({
        "id": format!("price_{key}"), "lookup_key": key, "unit_amount": cents, "currency": "usd",
        "recurring": { "interval": "month", "interval_count": months },
    })
}

fn subscription(status: &str, plan: &str) -> Value {
    json!({
        "id": "sub_1", "customer": "cus_1", "status": status, "created": T, "start_date": T,
        "items": { "data": [{
            "id": "si_1", "price": price(plan), "current_period_start": T, "current_period_end": T + 2_592_000,
        }] },
    })
}

fn invoice(status: &str, attempts: u32) -> Value {
    let paid = if status == "paid" { 7_500 } else { 0 };
    json!({
        "id": "in_1", "customer": "cus_1", "status": status, "currency": "usd", "created": T,
        "billing_reason": "subscription_cycle", "attempt_count": attempts, "attempted": attempts > 0,
        "amount_due": 7_500, "amount_paid": paid, "amount_remaining": 7_500 - paid, "total": 7_500,
    })
}

fn refund(status: &str) -> Value {
    json!({
        "id": "re_1", "charge": "ch_1", "amount": 2_500, "currency": "usd", "status": status, "created": T,
    })
}

fn charge() -> crate::stripe_objects::Charge {
    serde_json::from_value(json!({
        "id": "ch_1", "customer": "cus_1", "amount": 7_500, "amount_captured": 7_500, "amount_refunded": 2_500,
        "currency": "usd", "disputed": false, "refunded": false, "status": "succeeded", "created": T,
    }))
    .unwrap()
}

/// Writes what a change writes, as the store does.
fn write(account: &mut Account, change: &Change) {
    for write in &change.writes {
        match write.record.clone() {
            Record::Customer(kept) => account.customer = Some(kept),
            Record::Subscription(id, kept) => drop(account.subscriptions.insert(id, kept)),
            Record::Schedule(id, kept) => drop(account.schedules.insert(id, kept)),
            Record::Card(id, kept) => drop(account.cards.insert(id, kept)),
            Record::Charge(id, kept) => drop(account.charges.insert(id, kept)),
            Record::Invoice(id, kept) => drop(account.invoices.insert(id, kept)),
            Record::Refund(id, kept) => drop(account.refunds.insert(id, kept)),
            Record::Dispute(id, kept) => drop(account.disputes.insert(id, kept)),
        }
    }
}

/// What an event changes; panics where it is not applied.
fn apply(account: &mut Account, event: &Event) -> Change {
    match account.after(event, &Catalogue::linky()) {
        Outcome::Apply(change) => {
            write(account, &change);
            *change
        }
        other => panic!("{} was not applied: {other:?}", event.id),
    }
}

fn outcome(account: &Account, event: &Event) -> Outcome {
    account.after(event, &Catalogue::linky())
}
