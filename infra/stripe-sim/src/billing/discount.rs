//! Coupons at work: what they take off the lines of an invoice, for how long, and what a paid period was worth.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::billing::subscription::period;
use crate::calendar::{Every, Unit};
use crate::fields::Fields;
use crate::resources::prices;
use crate::sim::StripeSim;

mod reduction;

pub(crate) use reduction::parse_hundredths;
use reduction::reductions;

/// A coupon that is to be used, perhaps by its promotion code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Redeemed {
    pub(crate) coupon: String,
    pub(crate) promotion_code: Option<String>,
}

/// What a discount is on: a subscription or an invoice, and the checkout session it came from.
pub(crate) struct Target<'a> {
    pub(crate) customer: &'a str,
    pub(crate) subscription: Option<&'a str>,
    pub(crate) invoice: Option<&'a str>,
    pub(crate) checkout_session: Option<&'a str>,
}

/// Stores a discount and counts the redemption. Gives its identifier.
pub(crate) fn insert(sim: &mut StripeSim, redeemed: &Redeemed, target: &Target<'_>) -> String {
    let id = sim.ids.long("di");
    let coupon = sim.store.get(&redeemed.coupon).cloned().unwrap_or_default();
    let month = Every {
        unit: Unit::Month,
        count: 1,
    };
    let end = (coupon.text("duration") == "repeating")
        .then(|| month.after(sim.now_s, coupon.int("duration_in_months")));
    sim.store.insert(json!({
        "id": id,
        "object": "discount",
        "checkout_session": target.checkout_session,
        "customer": target.customer,
        "customer_account": null,
        "end": end,
        "invoice": target.invoice,
        "invoice_item": null,
        "promotion_code": redeemed.promotion_code,
        "source": {"coupon": redeemed.coupon, "type": "coupon"},
        "start": sim.now_s,
        "subscription": target.subscription,
        "subscription_item": null,
    }));
    count(sim, std::slice::from_ref(redeemed));
    id
}

/// Counts the redemption of coupons, and of the codes by which they are redeemed.
pub(crate) fn count(sim: &mut StripeSim, redeemed: &[Redeemed]) {
    for redeemed in redeemed {
        let counted = [Some(&redeemed.coupon), redeemed.promotion_code.as_ref()];
        for id in counted.into_iter().flatten() {
            sim.store.change(id, |redeemed| {
                redeemed.put("times_redeemed", redeemed.int("times_redeemed") + 1);
            });
        }
    }
}

/// Puts coupons on a subscription and gives the identifiers of the discounts.
pub(crate) fn subscribe(
    sim: &mut StripeSim,
    subscription: &str,
    redeemed: &[Redeemed],
    checkout_session: Option<&str>,
) -> Vec<String> {
    let customer = sim
        .store
        .get(subscription)
        .map(|subscription| subscription.text("customer").to_owned())
        .unwrap_or_default();
    let target = Target {
        customer: &customer,
        subscription: Some(subscription),
        invoice: None,
        checkout_session,
    };
    redeemed
        .iter()
        .map(|redeemed| insert(sim, redeemed, &target))
        .collect()
}

/// The discounts of a subscription that still hold at a moment.
pub(crate) fn live(sim: &StripeSim, subscription: &Value, at_s: i64) -> Vec<String> {
    subscription
        .list("discounts")
        .iter()
        .filter_map(Value::as_str)
        .filter(|id| {
            let discount = sim.store.get(id);
            discount.is_some_and(|discount| discount.int_at("end").is_none_or(|end| at_s < end))
        })
        .map(str::to_owned)
        .collect()
}

/// Takes the discounts that are over off a subscription, without an event of the subscription: what is written with
/// it tells.
pub(crate) fn drop_ended(sim: &mut StripeSim, subscription_id: &str) {
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let kept = live(sim, &subscription, sim.now_s);
    keep_only(sim, subscription_id, &kept);
}

/// Takes all but some discounts off a subscription.
pub(crate) fn keep_only(sim: &mut StripeSim, subscription_id: &str, kept: &[String]) {
    let before = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let gone: Vec<&str> = before
        .list("discounts")
        .iter()
        .filter_map(Value::as_str)
        .filter(|id| !kept.iter().any(|kept| kept == id))
        .collect();
    if gone.is_empty() {
        return;
    }
    sim.store.change(subscription_id, |subscription| {
        subscription.put("discounts", kept.to_vec());
    });
    for id in gone {
        let now_s = sim.now_s;
        sim.store.change(id, |discount| {
            if discount.int_at("end").is_none_or(|end_s| now_s < end_s) {
                discount.put("end", now_s);
            }
        });
        sim.emit("customer.discount.deleted", id);
    }
}

/// A coupon for a single invoice is used up by the first one that it takes something off.
pub(crate) fn use_up(sim: &mut StripeSim, invoice: &Value) {
    let subscription_id = invoice.text("parent/subscription_details/subscription");
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let kept: Vec<String> = subscription
        .list("discounts")
        .iter()
        .filter_map(Value::as_str)
        .filter(|id| {
            let once = coupon_of(sim, id).text("duration") == "once";
            let used = invoice
                .list("total_discount_amounts")
                .iter()
                .any(|used| used.text("discount") == *id && used.int("amount") > 0);
            !(once && used)
        })
        .map(str::to_owned)
        .collect();
    keep_only(sim, subscription_id, &kept);
    sim.emit_change(
        "customer.subscription.updated",
        &subscription,
        subscription_id,
    );
}

fn coupon_of(sim: &StripeSim, discount: &str) -> Value {
    sim.store
        .get(discount)
        .and_then(|discount| sim.store.get(discount.text("source/coupon")))
        .map_or(Value::Null, |coupon| Value::clone(coupon))
}

/// Writes discounts into the lines of an invoice, and gives the invoice's `total_discount_amounts`.
pub(crate) fn apply(sim: &StripeSim, discounts: &[String], lines: &mut [Value]) -> Vec<Value> {
    let coupons: Vec<Value> = discounts.iter().map(|id| coupon_of(sim, id)).collect();
    let amounts: Vec<i64> = lines
        .iter()
        .map(|line| {
            if line.flag("discountable") {
                line.int("amount").max(0)
            } else {
                0
            }
        })
        .collect();
    let reductions = reductions(&coupons, &amounts);
    for (at, line) in lines.iter_mut().enumerate() {
        let of_line: Vec<Value> = discounts
            .iter()
            .zip(&reductions)
            .filter(|(_, off)| off[at] > 0)
            .map(|(id, off)| json!({"amount": off[at], "discount": id}))
            .collect();
        line.put("discount_amounts", of_line);
    }
    discounts
        .iter()
        .zip(&reductions)
        .map(|(id, off)| json!({"amount": off.iter().sum::<i64>(), "discount": id}))
        .collect()
}

/// What coupons leave of some amounts that begin together, such as the first invoice of a subscription.
pub(crate) fn reduced(sim: &StripeSim, redeemed: &[Redeemed], amounts: &[i64]) -> i64 {
    let off = taken_off(sim, redeemed, amounts);
    amounts.iter().sum::<i64>() - off.iter().sum::<i64>()
}

/// What coupons take off each of some amounts that begin together.
pub(crate) fn taken_off(sim: &StripeSim, redeemed: &[Redeemed], amounts: &[i64]) -> Vec<i64> {
    let coupons: Vec<Value> = redeemed
        .iter()
        .filter_map(|redeemed| sim.store.get(&redeemed.coupon))
        .map(|coupon| Value::clone(coupon))
        .collect();
    let by_coupon = reductions(&coupons, amounts);
    (0..amounts.len())
        .map(|at| by_coupon.iter().map(|off| off[at]).sum())
        .collect()
}

/// What a whole period of an item costs under the discounts of its subscription that hold now.
pub(crate) fn price_of(sim: &StripeSim, subscription: &Value, item: &Value) -> i64 {
    let coupons: Vec<Value> = live(sim, subscription, sim.now_s)
        .iter()
        .map(|id| coupon_of(sim, id))
        .collect();
    let items = subscription.list("items/data");
    let price = |item: &Value| item.int("price/unit_amount") * item.int("quantity");
    let amounts: Vec<i64> = items.iter().map(price).collect();
    let at = items
        .iter()
        .position(|other| other.text("id") == item.text("id"));
    let off: i64 = match at {
        Some(at) => reductions(&coupons, &amounts)
            .iter()
            .map(|off| off[at])
            .sum(),
        None => 0,
    };
    price(item) - off
}

/// What the current period of an item was invoiced for, and from when to when.
pub(crate) struct Paid {
    pub(crate) amount: i64,
    pub(crate) period: (i64, i64),
}

/// What was invoiced for the current period of an item: its line, less its discounts. An item that changed within the
/// period has no such line: then it is its price over the whole interval.
pub(crate) fn paid_for(sim: &StripeSim, subscription: &Value, item: &Value) -> Paid {
    let current = period(subscription);
    let line = sim
        .store
        .all("invoice", subscription.text_at("customer"))
        .rev()
        .filter(|invoice| invoice.text("status") != "void")
        .flat_map(|invoice| invoice.list("lines/data"))
        .find(|line| {
            line.text("parent/subscription_item_details/subscription_item") == item.text("id")
                && !line.flag("parent/subscription_item_details/proration")
                && (line.int("period/start"), line.int("period/end")) == current
                && line.text("pricing/price_details/price") == item.text("price/id")
                && line.int("quantity") == item.int("quantity")
        });
    match line {
        Some(line) => {
            let discounts = line.list("discount_amounts").iter();
            let off: i64 = discounts.map(|discount| discount.int("amount")).sum();
            Paid {
                amount: line.int("amount") - off,
                period: current,
            }
        }
        None => Paid {
            amount: price_of(sim, subscription, item),
            period: whole_period(subscription),
        },
    }
}

/// The current period as its price counts it: a first period cut short by its anchor is part of a whole interval.
pub(crate) fn whole_period(subscription: &Value) -> (i64, i64) {
    let (start_s, end_s) = period(subscription);
    let cut_short = subscription.int("billing_cycle_anchor") >= end_s;
    match prices::every(subscription.at("items/data/0/price")) {
        Some(every) if cut_short => (every.after(end_s, -1).min(start_s), end_s),
        _ => (start_s, end_s),
    }
}
