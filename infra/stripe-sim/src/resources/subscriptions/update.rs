//! `POST /v1/subscriptions/:id`

use serde_json::{Value, json};

use crate::billing::change::{self, Change};
use crate::billing::subscription::period;
use crate::billing::{cancel, payment, pending_update};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::{coupons, payment_methods};
use crate::sim::StripeSim;
use crate::tasks::Task;

use super::items::change_of;
use super::{PAYMENT_BEHAVIORS, discounts, retrieve, trial};

/// `POST /v1/subscriptions/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "items[][id]",
        "items[][price]",
        "items[][quantity]",
        "items[][deleted]",
        "items[][metadata][*]",
        "metadata[*]",
        "description",
        "default_payment_method",
        "payment_behavior",
        "proration_behavior",
        "proration_date",
        "billing_cycle_anchor",
        "cancel_at_period_end",
        "cancel_at",
        "cancellation_details[comment]",
        "cancellation_details[feedback]",
        "pause_collection[behavior]",
        "pause_collection[resumes_at]",
        "pause_collection",
        "trial_end",
        "off_session",
        "discounts",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "discounts[][discount]",
    ])?;
    let subscription = retrieve(sim, id)?;
    refuse_what_ended(&subscription, params)?;
    refuse_what_a_schedule_decides(&subscription, params)?;
    let changed = with_plain_fields(sim, &subscription, params)?;
    let change = change_of(sim, &subscription, params)?;
    let behavior = params.word("payment_behavior", &PAYMENT_BEHAVIORS)?;
    let trial_end_s = trial::trial_end(sim, params, "trial_end")?;
    let discounts = coupons::changed_discounts(sim, &subscription, params)?;
    // From here on nothing is refused but a payment.
    let must_succeed = behavior == Some("error_if_incomplete");
    let before = must_succeed.then(|| sim.clone());
    sim.update("customer.subscription.updated", id, |slot| *slot = changed);
    plan_dates(sim, id);
    if let Some(discounts) = discounts {
        discounts::write(sim, id, &discounts);
    }
    if let Some(end_s) = trial_end_s {
        trial::move_end(sim, id, end_s);
    }
    if let Some(change) = change {
        if behavior == Some("pending_if_incomplete") {
            pending_update::apply_or_keep(sim, id, &change);
        } else {
            let paid = apply_and_pay(sim, id, &change, behavior);
            if let (Err(error), Some(before)) = (paid, before) {
                *sim = before;
                return Err(error);
            }
        }
    }
    retrieve(sim, id)
}

fn apply_and_pay(
    sim: &mut StripeSim,
    id: &str,
    change: &Change,
    behavior: Option<&str>,
) -> Result<(), StripeError> {
    let Some(invoice) = change::apply(sim, id, change) else {
        return Ok(());
    };
    let open = sim
        .store
        .get(&invoice)
        .is_some_and(|invoice| invoice.text("status") == "open");
    if open && behavior != Some("default_incomplete") {
        return payment::pay(sim, &invoice, None, payment::Attempt::Automatic);
    }
    Ok(())
}

fn refuse_what_ended(subscription: &Value, params: &Params) -> Result<(), StripeError> {
    let told_only = params.given("cancellation_details[comment]").is_some()
        || params.given("cancellation_details[feedback]").is_some()
        || params.has("metadata");
    if cancel::can_end(subscription) || told_only {
        return Ok(());
    }
    Err(StripeError::invalid(
        "A canceled subscription can only update its cancellation_details and metadata.",
    ))
}

fn refuse_what_a_schedule_decides(
    subscription: &Value,
    params: &Params,
) -> Result<(), StripeError> {
    let Some(schedule) = subscription.text_at("schedule") else {
        return Ok(());
    };
    match ["cancel_at_period_end", "cancel_at"].into_iter().find(|name| params.has(name)) {
        Some(name) => Err(StripeError::invalid(format!(
            "The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation behavior \
             directly is not allowed. Please update the schedule instead."
        ))
        .param(name)),
        None => Ok(()),
    }
}

/// The subscription with everything written that is not a change of its items.
fn with_plain_fields(
    sim: &mut StripeSim,
    subscription: &Value,
    params: &Params,
) -> Result<Value, StripeError> {
    let mut changed = subscription.clone();
    let mut metadata = changed.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    changed.put("metadata", metadata);
    if let Some(description) = params.text("description") {
        changed.put(
            "description",
            if description.is_empty() {
                Value::Null
            } else {
                json!(description)
            },
        );
    }
    if let Some(card) = params.text("default_payment_method") {
        let customer = subscription.text("customer");
        let card = match card {
            "" => Value::Null,
            card => json!(payment_methods::of_customer(
                sim,
                card,
                customer,
                "default_payment_method"
            )?),
        };
        changed.put("default_payment_method", card);
    }
    write_end(sim, &mut changed, params)?;
    write_pause(&mut changed, params)?;
    Ok(changed)
}

/// When the subscription is to end: at its period's end, at a date, or, taken back, not at all.
fn write_end(sim: &mut StripeSim, changed: &mut Value, params: &Params) -> Result<(), StripeError> {
    let at_end = params.flag("cancel_at_period_end")?;
    let at_date = params.text("cancel_at");
    if at_end == Some(true) && at_date.is_some_and(|date| !date.is_empty()) {
        return Err(StripeError::invalid(
            "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
        )
        .param("cancel_at"));
    }
    let end = match (at_end, at_date) {
        (Some(true), _) => Some(json!(period(changed).1)),
        (_, Some("")) | (Some(false), None) => Some(Value::Null),
        (_, Some(_)) => params.int("cancel_at")?.map(|date| json!(date)),
        (None, None) => None,
    };
    let Some(end) = end else {
        return Ok(());
    };
    if end.as_i64().is_some_and(|end_s| end_s <= sim.now_s) {
        return Err(StripeError::invalid("`cancel_at` must be in the future.").param("cancel_at"));
    }
    changed.put(
        "canceled_at",
        if end.is_null() {
            Value::Null
        } else {
            json!(sim.now_s)
        },
    );
    let reason = if end.is_null() {
        Value::Null
    } else {
        json!("cancellation_requested")
    };
    changed.put("cancellation_details/reason", reason);
    changed.put("cancel_at", end);
    changed.put("cancel_at_period_end", at_end == Some(true));
    for (name, value) in params.object("cancellation_details") {
        changed.put(&format!("cancellation_details/{name}"), value);
    }
    Ok(())
}

fn write_pause(changed: &mut Value, params: &Params) -> Result<(), StripeError> {
    if params.text("pause_collection") == Some("") {
        changed.put("pause_collection", Value::Null);
    } else if params.has("pause_collection") {
        params.required("pause_collection[behavior]")?;
        let behavior = params.word(
            "pause_collection[behavior]",
            &["keep_as_draft", "mark_uncollectible", "void"],
        )?;
        let resumes_at = params.int("pause_collection[resumes_at]")?;
        changed.put(
            "pause_collection",
            json!({"behavior": behavior, "resumes_at": resumes_at}),
        );
    }
    Ok(())
}

/// Plans the dates that an update may have written.
fn plan_dates(sim: &mut StripeSim, id: &str) {
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    if let Some(end_s) = subscription.int_at("cancel_at") {
        sim.plan(end_s, Task::CancelSubscription(id.to_owned()));
    }
    if let Some(resumes_s) = subscription.int_at("pause_collection/resumes_at") {
        sim.plan(resumes_s, Task::ResumeCollection(id.to_owned()));
    }
}
