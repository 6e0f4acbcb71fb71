//! `POST /v1/subscriptions/:id` and `/resume`

use serde_json::{Value, json};

use crate::billing::change::{self, Change, NewItem, PRORATIONS, Proration};
use crate::billing::subscription::{Wanted, period};
use crate::billing::{cancel, payment, pending_update, renew, start};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::checkout_sessions::recurring_price;
use crate::resources::payment_methods;
use crate::sim::StripeSim;
use crate::tasks::Task;

use super::{PAYMENT_BEHAVIORS, retrieve};

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
    ])?;
    let subscription = retrieve(sim, id)?;
    refuse_what_ended(&subscription, params)?;
    refuse_what_a_schedule_decides(&subscription, params)?;
    let changed = with_plain_fields(sim, &subscription, params)?;
    let change = change_of(sim, &subscription, params)?;
    let behavior = params.word("payment_behavior", &PAYMENT_BEHAVIORS)?;
    let must_succeed = behavior == Some("error_if_incomplete");
    let before = must_succeed.then(|| sim.clone());
    sim.update("customer.subscription.updated", id, |slot| *slot = changed);
    plan_dates(sim, id);
    if let Some(trial_end) = params.given("trial_end") {
        move_trial_end(sim, id, trial_end, params)?;
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

/// `trial_end=now` ends a trial, which starts the first paid period; a later date moves the next charge to it.
fn move_trial_end(
    sim: &mut StripeSim,
    id: &str,
    trial_end: &str,
    params: &Params,
) -> Result<(), StripeError> {
    let now_s = sim.now_s;
    let end_s = if trial_end == "now" {
        now_s
    } else {
        params.int("trial_end")?.unwrap_or(now_s)
    };
    if end_s < now_s {
        return Err(StripeError::invalid(
            "Invalid timestamp: must be an integer Unix timestamp in the future.",
        )
        .param("trial_end"));
    }
    let trialing = sim
        .store
        .get(id)
        .is_some_and(|subscription| subscription.text("status") == "trialing");
    if end_s == now_s && !trialing {
        return Ok(());
    }
    let before = sim.store.change(id, |subscription| {
        let (start_s, _) = period(subscription);
        let start_s = if trialing { start_s } else { now_s };
        crate::billing::subscription::put_period(subscription, (start_s, end_s));
        subscription.put("billing_cycle_anchor", end_s);
        subscription.put("trial_end", end_s);
        if subscription.at("trial_start").is_null() {
            subscription.put("trial_start", now_s);
        }
        subscription.put("status", "trialing");
    });
    if end_s == now_s {
        renew::renew(sim, id);
    } else {
        sim.emit_change("customer.subscription.updated", &before, id);
        start::plan_ahead(sim, id);
    }
    Ok(())
}

/// The change of items that an update asks for; none where it asks for none.
pub(crate) fn change_of(
    sim: &StripeSim,
    subscription: &Value,
    params: &Params,
) -> Result<Option<Change>, StripeError> {
    let word = params.word("proration_behavior", &PRORATIONS)?;
    let anchor_now = match params.given("billing_cycle_anchor") {
        None | Some("unchanged") => false,
        Some("now") => true,
        Some(_) => {
            return Err(StripeError::invalid(
                "Invalid billing_cycle_anchor: must be one of now, or unchanged",
            )
            .param("billing_cycle_anchor"));
        }
    };
    let date_s = params.int("proration_date")?;
    if anchor_now && date_s.is_some() {
        return Err(StripeError::invalid(
            "You cannot pass `proration_date` when the billing cycle anchor is set to `now`.",
        )
        .param("proration_date"));
    }
    let (start_s, end_s) = period(subscription);
    if date_s.is_some_and(|date_s| date_s < start_s || date_s > end_s) {
        return Err(StripeError::invalid(
            "Cannot specify `proration_date` outside of the current period.",
        )
        .param("proration_date"));
    }
    let items = params.elements("items");
    if items.is_empty() && !anchor_now {
        return Ok(None);
    }
    Ok(Some(Change {
        items: new_items(sim, subscription, &items)?,
        proration: Proration::new(word),
        at_s: date_s.unwrap_or(sim.now_s),
        anchor_now,
    }))
}

/// The items after the change: those named are changed, added or taken away, the others stay.
fn new_items(
    sim: &StripeSim,
    subscription: &Value,
    items: &[Params],
) -> Result<Vec<NewItem>, StripeError> {
    let mut result: Vec<NewItem> = subscription
        .list("items/data")
        .iter()
        .map(|item| NewItem {
            id: item.text_at("id").map(str::to_owned),
            wanted: Wanted {
                price: item.at("price").clone(),
                quantity: item.int("quantity"),
            },
            metadata: None,
        })
        .collect();
    for item in items {
        let quantity = item.int("quantity")?;
        let price = match item.given("price") {
            Some(_) => Some(recurring_price(sim, item)?),
            None => None,
        };
        let Some(id) = item.given("id") else {
            let price =
                price.ok_or_else(|| StripeError::parameter_missing(&item.full_name("price")))?;
            let taken = result
                .iter()
                .any(|other| other.wanted.price.text("id") == price.text("id"));
            if taken {
                return Err(StripeError::invalid(format!(
                    "Cannot add multiple subscription items with the same plan: {}",
                    price.text("id")
                ))
                .param(item.full_name("price")));
            }
            let wanted = Wanted {
                price,
                quantity: quantity.unwrap_or(1),
            };
            result.push(NewItem {
                id: None,
                wanted,
                metadata: None,
            });
            continue;
        };
        let at = result
            .iter()
            .position(|known| known.id.as_deref() == Some(id))
            .ok_or_else(|| {
                StripeError::missing_param("subscription item", id, &item.full_name("id"))
            })?;
        if item.flag("deleted")?.unwrap_or_default() {
            result.remove(at);
            continue;
        }
        let known = &mut result[at];
        // A new price starts with a quantity of one unless the call says otherwise.
        known.wanted.quantity = quantity.unwrap_or(if price.is_some() {
            1
        } else {
            known.wanted.quantity
        });
        if let Some(price) = price {
            known.wanted.price = price;
        }
        if item.has("metadata") {
            known.metadata = Some(item.metadata("metadata")?);
        }
    }
    if result.is_empty() {
        return Err(
            StripeError::invalid("A subscription must have at least one active item.")
                .param("items"),
        );
    }
    Ok(result)
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
            crate::billing::subscription::put_period(subscription, (now_s, every.after(now_s, 1)));
        }
    });
    let resumed = retrieve(sim, id)?;
    let lines: Vec<_> = resumed
        .list("items/data")
        .iter()
        .map(|item| crate::billing::line::of_item(sim, &resumed, item, period(&resumed), false))
        .collect();
    let invoice = crate::billing::invoice::draft(
        sim,
        id,
        crate::billing::invoice::Reason::Update,
        &lines,
        period(&resumed),
    );
    sim.emit_change("customer.subscription.updated", &before, id);
    sim.emit("customer.subscription.resumed", id);
    sim.emit("invoice.created", &invoice);
    crate::billing::invoice::finalize(sim, &invoice);
    start::plan_ahead(sim, id);
    // A card that declines leaves the invoice open and the subscription past due.
    payment::pay(sim, &invoice, None, payment::Attempt::Automatic).ok();
    retrieve(sim, id)
}
