//! The coupons on a subscription: which a call puts on, keeps, or takes off.

use serde_json::{Value, json};

use super::retrieve;
use crate::billing::discount;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::coupons::{self, Discounts};
use crate::sim::StripeSim;

/// Brings a subscription's discounts to what was asked for.
pub(crate) fn write(sim: &mut StripeSim, id: &str, discounts: &Discounts) {
    let before = sim.store.get(id).cloned().unwrap_or_default();
    discount::keep_only(sim, id, &discounts.kept);
    let new = discount::subscribe(sim, id, &discounts.new, None);
    let all: Vec<String> = discounts.kept.iter().chain(&new).cloned().collect();
    sim.store
        .change(id, |subscription| subscription.put("discounts", all));
    for discount in &new {
        sim.emit("customer.discount.created", discount);
    }
    sim.emit_change("customer.subscription.updated", &before, id);
}

/// Brings a copy of a subscription to the discounts that a preview asks for, if it asks for any.
pub(crate) fn preview(
    aside: &mut StripeSim,
    subscription: &Value,
    params: &Params,
) -> Result<(), StripeError> {
    if let Some(discounts) = coupons::changed_discounts(aside, subscription, params)? {
        write(aside, subscription.text("id"), &discounts);
    }
    Ok(())
}

/// `DELETE /v1/subscriptions/:id/discount`: takes every coupon off.
pub(crate) fn delete(sim: &mut StripeSim, id: &str) -> Result<Value, StripeError> {
    let subscription = retrieve(sim, id)?;
    let Some(first) = subscription.text_at("discounts/0") else {
        return Err(
            StripeError::invalid(format!("No active discount for subscription: {id}"))
                .code("resource_missing")
                .status(404),
        );
    };
    let mut deleted = sim
        .store
        .get(first)
        .map_or(Value::Null, |discount| Value::clone(discount));
    discount::keep_only(sim, id, &[]);
    sim.emit_change("customer.subscription.updated", &subscription, id);
    deleted.put("deleted", json!(true));
    if let Value::Object(fields) = &mut deleted {
        // What is gone ends no more.
        fields.remove("end");
    }
    Ok(deleted)
}
