//! A customer twice: as Linky's tables have them, which is what counts, and as Stripe does, which is what they ought to be.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::account::{Kept, Subscription};
use shared::dunning::Standing;
use shared::plan::{Catalogue, Plan};
use shared::time::Timestamp;
use stripe_sim::StripeSim;

use crate::sandbox::Sandbox;

/// Customers on one page of the list.
const CUSTOMERS_MAX: usize = 10;

/// Which customers are asked for; all of them, the latest first, unless it says otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    /// A part of the name, the address or the id.
    search: String,
    /// A status on record, `none` for no subscription, or `differs` where Stripe says otherwise.
    state: String,
    /// The page, counted from 0; the last one where there are fewer.
    page: usize,
}

/// A page of the customers that are wanted, with how many those are, and how many there are at all.
pub(super) fn page(sandbox: &Sandbox, wanted: &Wanted) -> Value {
    let now = sandbox.time().tick();
    let stripe = sandbox.stripe().now();
    let all = stripe.objects("customer").count();
    let search = wanted.search.trim().to_lowercase();
    let named = |customer: &&Value| {
        let parts = ["name", "email", "id"].into_iter();
        let mut parts = parts.filter_map(|part| customer[part].as_str());
        parts.any(|part| part.to_lowercase().contains(&search))
    };
    let mut found: Vec<&Value> = stripe.objects("customer").rev().filter(named).collect();
    if !wanted.state.is_empty() {
        // The state is what the tables say, so each of them is looked up; without it only those on the page are.
        found.retain(|customer| has_state(sandbox, &stripe, customer, &wanted.state, now));
    }
    let last_page = found.len().saturating_sub(1) / CUSTOMERS_MAX;
    let page = wanted.page.min(last_page);
    let on_page = found.iter().skip(page * CUSTOMERS_MAX).take(CUSTOMERS_MAX);
    let shown = on_page.map(|customer| {
        let mut shown = at_stripe(&stripe, customer);
        shown["record"] = on_record(sandbox, id(customer), now);
        shown
    });
    json!({
        "customers": shown.collect::<Vec<_>>(),
        "customers_all": all,
        "customers_found": found.len(),
        "customers_page": page,
        "customers_pages": last_page + 1,
    })
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap_or_default()
}

fn has_state(
    sandbox: &Sandbox,
    stripe: &StripeSim,
    customer: &Value,
    state: &str,
    now: Timestamp,
) -> bool {
    let record = on_record(sandbox, id(customer), now);
    if state != "differs" {
        return record["status"].as_str().unwrap_or("none") == state;
    }
    let at_stripe = told_of(latest_subscription(stripe, id(customer)));
    let told = at_stripe.as_object().into_iter().flatten();
    at_stripe["status"].is_string() && told.into_iter().any(|(name, value)| record[name] != *value)
}

/// What Stripe says of a subscription that the record says too, under the same names.
fn told_of(subscription: &Value) -> Value {
    json!({
        "plan": plan_name(&subscription["items"]["data"][0]["price"]),
        "status": subscription["status"],
        "ends_with_period": subscription["cancel_at_period_end"] == true,
        "paused": !subscription["pause_collection"].is_null(),
    })
}

fn latest_subscription<'a>(stripe: &'a StripeSim, customer: &str) -> &'a Value {
    let mut subscriptions = stripe.objects_of("subscription", customer);
    subscriptions.next_back().unwrap_or(&Value::Null)
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
        "ends_with_period": latest.cancel_at_period_end,
        "paused": latest.collection_paused,
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
    let id = id(customer);
    let subscription = latest_subscription(stripe, id);
    let invoices = |status: &'static str| {
        let of_customer = stripe.objects_of("invoice", id);
        of_customer.filter(move |it| it["status"] == status)
    };
    let cents = |invoice: &Value, field: &str| invoice[field].as_i64().unwrap_or_default();
    let card = subscription["default_payment_method"]
        .as_str()
        .or(customer["invoice_settings"]["default_payment_method"].as_str())
        .and_then(|method| stripe.object(method));
    let mut shown = told_of(subscription);
    let more = json!({
        "id": id,
        "name": customer["name"],
        "email": customer["email"],
        "paid_cents": stripe.objects_of("invoice", id).map(|it| cents(it, "amount_paid")).sum::<i64>(),
        "owed_cents": invoices("open").map(|it| cents(it, "amount_remaining")).sum::<i64>(),
        "charges": charges(stripe, stripe.objects_of("charge", id).rev()),
        "tried_again_s": invoices("open").filter_map(|it| it["next_payment_attempt"].as_i64()).min(),
        "next_charge": next_charge(stripe, subscription, invoices("draft").next()),
        "card": card.map(|card| json!({
            "brand": card["card"]["brand"],
            "last4": card["card"]["last4"],
        })),
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}

/// Payments on a card: the latest ones.
const CHARGES_MAX: usize = 6;

/// The payments that were made, with what became of each: what was given back, the latest dispute, a warning of fraud.
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
        let warning = of_charge("radar.early_fraud_warning")
            .next()
            .map(|warning| json!({ "id": warning["id"], "fraud_type": warning["fraud_type"] }));
        json!({
            "id": charge["id"],
            "created_s": charge["created"],
            "cents": charge["amount"],
            "refunded_cents": charge["amount_refunded"],
            "refunds": refunds.collect::<Vec<_>>(),
            "dispute": dispute,
            "warning": warning,
        })
    });
    shown.collect()
}

fn plan_name(price: &Value) -> Value {
    if price.is_null() {
        return Value::Null;
    }
    let catalogue = Catalogue::linky();
    let offer = price["lookup_key"]
        .as_str()
        .and_then(|key| catalogue.offer(key));
    let plan = offer.map_or(Plan::Unmapped, |offer| offer.plan);
    plan.name().into()
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
