//! A customer twice: as Linky's tables have them, which is what counts, and as Stripe does, which is what they ought to be.

use serde_json::{Map, Value, json};
use shared::account::{Kept, Subscription};
use shared::dunning::Standing;
use shared::plan::Catalogue;
use shared::time::Timestamp;
use stripe_sim::StripeSim;

use crate::sandbox::Sandbox;

/// Customers on the control page: the latest ones.
const CUSTOMERS_MAX: usize = 50;

/// The latest customers, and how many there are.
pub(super) fn latest(sandbox: &Sandbox) -> (Vec<Value>, usize) {
    let now = sandbox.time().tick();
    let stripe = sandbox.stripe().now();
    let all = stripe.objects("customer").count();
    let customers = stripe.objects("customer").rev().take(CUSTOMERS_MAX);
    let shown = customers.map(|customer| {
        let id = customer["id"].as_str().unwrap_or_default();
        let mut shown = at_stripe(&stripe, customer);
        shown["record"] = on_record(sandbox, id, now);
        shown
    });
    (shown.collect(), all)
}

/// What Linky's tables say of the customer's latest subscription; null before they say anything.
fn on_record(sandbox: &Sandbox, id: &str, now: Timestamp) -> Value {
    let table = format!("{}users", sandbox.table_prefix());
    let rows = sandbox.cloud().partition(&table, &format!("customer#{id}"));
    let subscriptions = rows.into_iter().flatten().filter(|row| {
        let kind = row["sk"]["S"].as_str().unwrap_or_default();
        kind.starts_with("subscription#")
    });
    let subscriptions = subscriptions.filter_map(|row| {
        let kept: Kept<Subscription> = serde_json::from_value(plain(&json!({ "M": row }))).ok()?;
        Some(kept.facts)
    });
    let Some(latest) = subscriptions.max_by_key(|facts| facts.started_at) else {
        return Value::Null;
    };
    let standing = Standing::at(&latest, now);
    json!({
        "plan": latest.plan.name(),
        "status": latest.status,
        "access": standing.access,
        "access_until": standing.access_until,
        "days_past_due": standing.days_past_due,
    })
}

/// A value in DynamoDB's JSON as plain JSON: `{"N": "1"}` as `1`.
fn plain(value: &Value) -> Value {
    let Some((kind, value)) = value.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(digits)) => serde_json::from_str(digits).unwrap_or_default(),
        ("M", Value::Object(fields)) => {
            let fields = fields
                .iter()
                .map(|(name, field)| (name.clone(), plain(field)));
            fields.collect::<Map<_, _>>().into()
        }
        ("L", Value::Array(items)) => items.iter().map(plain).collect(),
        ("NULL", _) => Value::Null,
        (_, other) => other.clone(),
    }
}

fn at_stripe(stripe: &StripeSim, customer: &Value) -> Value {
    let id = &customer["id"];
    let of_customer = |kind: &'static str| {
        let objects = stripe.objects(kind);
        objects.filter(|object| object["customer"] == *id)
    };
    let subscription = of_customer("subscription")
        .next_back()
        .unwrap_or(&Value::Null);
    let invoices =
        |status: &'static str| of_customer("invoice").filter(move |it| it["status"] == status);
    let cents = |invoice: &Value, field: &str| invoice[field].as_i64().unwrap_or_default();
    let card = subscription["default_payment_method"]
        .as_str()
        .or(customer["invoice_settings"]["default_payment_method"].as_str())
        .and_then(|method| stripe.object(method));
    json!({
        "id": id,
        "name": customer["name"],
        "email": customer["email"],
        "plan": plan_name(&subscription["items"]["data"][0]["price"]),
        "status": subscription["status"],
        "paid_cents": of_customer("invoice").map(|it| cents(it, "amount_paid")).sum::<i64>(),
        "owed_cents": invoices("open").map(|it| cents(it, "amount_remaining")).sum::<i64>(),
        "charges": charges(stripe, of_customer("charge").rev()),
        "tried_again_s": invoices("open").filter_map(|it| it["next_payment_attempt"].as_i64()).min(),
        "next_charge": next_charge(stripe, subscription, invoices("draft").next()),
        "card": card.map(|card| json!({
            "brand": card["card"]["brand"],
            "last4": card["card"]["last4"],
        })),
    })
}

/// Payments on a card: the latest ones.
const CHARGES_MAX: usize = 6;

/// The payments that were made, with what became of each: what was given back, and the latest dispute.
fn charges<'a>(stripe: &StripeSim, charges: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let made = charges.filter(|charge| charge["status"] == "succeeded");
    let shown = made.take(CHARGES_MAX).map(|charge| {
        let of_charge = |kind: &'static str| {
            let objects = stripe.objects(kind).rev();
            objects.filter(|object| object["charge"] == charge["id"])
        };
        let refunds = of_charge("refund").map(|refund| {
            json!({ "id": refund["id"], "cents": refund["amount"], "status": refund["status"] })
        });
        let dispute = of_charge("dispute").next().map(|dispute| {
            json!({
                "id": dispute["id"],
                "cents": dispute["amount"],
                "reason": dispute["reason"],
                "status": dispute["status"],
            })
        });
        json!({
            "id": charge["id"],
            "created_s": charge["created"],
            "cents": charge["amount"],
            "refunded_cents": charge["amount_refunded"],
            "refunds": refunds.collect::<Vec<_>>(),
            "dispute": dispute,
        })
    });
    shown.collect()
}

fn plan_name(price: &Value) -> Value {
    let catalogue = Catalogue::linky();
    let offer = price["lookup_key"]
        .as_str()
        .and_then(|key| catalogue.offer(key));
    offer.map_or(Value::Null, |offer| offer.plan.name().into())
}

/// When money is next asked for, and how much: a draft invoice within the hour, else the next period at its price, which
/// is that of the schedule's phase that begins with it, if one does.
fn next_charge(stripe: &StripeSim, subscription: &Value, draft: Option<&Value>) -> Value {
    if let Some(draft) = draft {
        return json!({ "at_s": draft["automatically_finalizes_at"], "cents": draft["amount_due"] });
    }
    let status = subscription["status"].as_str();
    let runs = matches!(status, Some("active" | "trialing" | "past_due"));
    if !runs || subscription["cancel_at_period_end"] == true {
        return Value::Null;
    }
    let item = &subscription["items"]["data"][0];
    let at = &item["current_period_end"];
    let schedule = subscription["schedule"]
        .as_str()
        .and_then(|id| stripe.object(id));
    let phases = schedule.and_then(|schedule| schedule["phases"].as_array());
    let phase = phases
        .into_iter()
        .flatten()
        .find(|phase| phase["start_date"] == *at);
    let price = phase.and_then(|phase| stripe.object(phase["items"][0]["price"].as_str()?));
    json!({ "at_s": at, "cents": price.unwrap_or(&item["price"])["unit_amount"] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dynamodbs_json_becomes_plain_json() {
        let typed = json!({ "M": {
            "text": { "S": "a" },
            "count": { "N": "-12" },
            "yes": { "BOOL": true },
            "none": { "NULL": true },
            "list": { "L": [{ "N": "1" }, { "M": {} }] },
        } });
        assert_eq!(
            plain(&typed),
            json!({ "text": "a", "count": -12, "yes": true, "none": null, "list": [1, {}] })
        );
    }
}
