//! The ends of trials: moved, or by `POST /v1/subscriptions/:id/resume` after one that ended in a pause.

use serde_json::Value;

use crate::billing::invoice::{self, Reason};
use crate::billing::subscription::{period, put_period};
use crate::billing::{change, line, payment, renew, start};
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::sim::StripeSim;

use super::retrieve;

/// Longest trial, and furthest end of one, in days: two years, as on Stripe.
pub(crate) const TRIAL_DAYS_MAX: i64 = 730;

/// When a trial is to end: `now`, or a date that is not past.
pub(crate) fn trial_end(
    sim: &StripeSim,
    params: &Params,
    name: &str,
) -> Result<Option<i64>, StripeError> {
    let end_s = match params.given(name) {
        Some("now") => Some(sim.now_s),
        _ => params.int(name)?,
    };
    let possible = sim.now_s..=sim.now_s + TRIAL_DAYS_MAX * DAY_S;
    if end_s.is_some_and(|end_s| !possible.contains(&end_s)) {
        return Err(StripeError::invalid(
            "Invalid timestamp: must be an integer Unix timestamp in the future, at most two years away.",
        )
        .param(params.full_name(name)));
    }
    Ok(end_s)
}

/// Ends a trial now, which starts the first paid period; a later date moves the next charge to it.
pub(crate) fn move_end(sim: &mut StripeSim, id: &str, end_s: i64) {
    let now_s = sim.now_s;
    let trialing = sim
        .store
        .get(id)
        .is_some_and(|subscription| subscription.text("status") == "trialing");
    if end_s == now_s && !trialing {
        return;
    }
    let before = sim.store.change(id, |subscription| {
        let (start_s, _) = period(subscription);
        let start_s = if trialing { start_s } else { now_s };
        put_period(subscription, (start_s, end_s));
        subscription.put("billing_cycle_anchor", end_s);
        subscription.put("trial_end", end_s);
        if subscription.at("trial_start").is_null() {
            subscription.put("trial_start", now_s);
        }
        subscription.put("status", "trialing");
    });
    sim.emit_change("customer.subscription.updated", &before, id);
    if end_s == now_s {
        renew::renew(sim, id);
    } else {
        start::plan_ahead(sim, id);
    }
}

/// `POST /v1/subscriptions/:id/resume`: takes a subscription out of the status `paused`.
pub(crate) fn resume(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "billing_cycle_anchor",
        "proration_behavior",
        "proration_date",
    ])?;
    let subscription = retrieve(sim, id)?;
    if subscription.text("status") != "paused" {
        return Err(StripeError::invalid(
            "You cannot resume a subscription that is not `paused`.",
        ));
    }
    let every = change::interval(&subscription);
    let now_s = sim.now_s;
    let before = sim.store.change(id, |subscription| {
        subscription.put("status", "active");
        subscription.put("billing_cycle_anchor", now_s);
        if let Some(every) = every {
            put_period(subscription, (now_s, every.after(now_s, 1)));
        }
    });
    let resumed = retrieve(sim, id)?;
    let lines: Vec<_> = resumed
        .list("items/data")
        .iter()
        .map(|item| line::of_item(sim, &resumed, item, period(&resumed), false))
        .collect();
    let invoice = invoice::draft(sim, id, Reason::Update, &lines, period(&resumed));
    sim.emit_change("customer.subscription.updated", &before, id);
    sim.emit("customer.subscription.resumed", id);
    sim.emit("invoice.created", &invoice);
    invoice::finalize(sim, &invoice);
    start::plan_ahead(sim, id);
    // A card that declines leaves the invoice open and the subscription past due.
    payment::pay(sim, &invoice, None, payment::Attempt::Automatic).ok();
    retrieve(sim, id)
}
