//! `/v1/subscription_schedules`

use serde_json::{Value, json};

use crate::billing::change::PRORATIONS;
use crate::billing::subscription::period;
use crate::billing::{cancel as ends, phases};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources::{self, customers, payment_methods, subscriptions};
use crate::sim::StripeSim;
use crate::tasks::Task;

mod phase;

use phase::{PARAMS, kept_discount, moment, phase, phase_item, read_phases};

const FIELDS: [&str; 3] = [
    "end_behavior",
    "metadata[*]",
    "default_settings[default_payment_method]",
];

/// `POST /v1/subscription_schedules`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(
        &[
            &PARAMS[..],
            &FIELDS,
            &["from_subscription", "customer", "start_date"],
        ]
        .concat(),
    )?;
    if let Some(subscription) = params.given("from_subscription") {
        return create_from(sim, subscription, params);
    }
    let customer = params.required("customer")?.to_owned();
    customers::living(sim, &customer)?;
    let now_s = sim.now_s;
    let start_s = moment(sim, params, "start_date")?.unwrap_or(now_s);
    if !params.has("phases") {
        return Err(StripeError::parameter_missing("phases"));
    }
    let phases = read_phases(sim, params, Some(start_s))?;
    let metadata = params.metadata("metadata")?;
    let end_behavior = end_behavior(params)?.unwrap_or("release").to_owned();
    let id = insert(sim, &customer, phases, &end_behavior);
    sim.store
        .change(&id, |schedule| schedule.put("metadata", metadata));
    if let Some(card) = params.given("default_settings[default_payment_method]") {
        let card = payment_methods::of_customer(
            sim,
            card,
            &customer,
            "default_settings[default_payment_method]",
        )?;
        sim.store.change(&id, |schedule| {
            schedule.put("default_settings/default_payment_method", card);
        });
    }
    sim.emit("subscription_schedule.created", &id);
    if start_s <= now_s {
        phases::start(sim, &id);
    } else {
        sim.plan(start_s, Task::StartSchedule(id.clone()));
    }
    retrieve(sim, &id)
}

/// A schedule around a running subscription, with one phase that says what the subscription already does.
fn create_from(
    sim: &mut StripeSim,
    subscription_id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    if let Some(other) = [
        "phases",
        "customer",
        "start_date",
        "end_behavior",
        "metadata",
        "default_settings",
    ]
    .into_iter()
    .find(|name| params.has(name))
    {
        return Err(StripeError::invalid(format!(
            "You cannot set `{other}` if `from_subscription` is set."
        ))
        .param(other));
    }
    let subscription = subscriptions::retrieve(sim, subscription_id)
        .map_err(|error| error.status(400).param("from_subscription"))?;
    if !ends::can_end(&subscription) {
        return Err(StripeError::invalid(
            "You cannot migrate a subscription that is canceled or incomplete_expired to a schedule.",
        )
        .param("from_subscription"));
    }
    if let Some(schedule) = subscription.text_at("schedule") {
        return Err(StripeError::invalid(format!(
            "You cannot migrate a subscription that is already attached to a schedule: {schedule}"
        ))
        .param("from_subscription"));
    }
    let (start_s, end_s) = period(&subscription);
    let items: Vec<Value> = subscription
        .list("items/data")
        .iter()
        .map(|item| phase_item(item.at("price"), item.int("quantity")))
        .collect();
    let mut phase = phase(
        subscription.text("currency"),
        items,
        (start_s, end_s),
        "create_prorations",
    );
    let discounts = subscription.list("discounts").iter();
    let discounts = discounts.filter_map(Value::as_str).map(kept_discount);
    phase.put("discounts", discounts.collect::<Vec<_>>());
    let customer = subscription.text("customer").to_owned();
    let id = insert(sim, &customer, vec![phase.clone()], "release");
    sim.store.change(&id, |schedule| {
        schedule.put("status", "active");
        schedule.put("subscription", subscription_id);
        schedule.put("current_phase", phases::current_phase(&phase));
        schedule.put(
            "default_settings/default_payment_method",
            subscription.at("default_payment_method").clone(),
        );
    });
    sim.emit("subscription_schedule.created", &id);
    sim.update(
        "customer.subscription.updated",
        subscription_id,
        |subscription| {
            subscription.put("schedule", id.as_str());
        },
    );
    phases::plan_end(sim, &id);
    retrieve(sim, &id)
}

fn insert(sim: &mut StripeSim, customer: &str, phases: Vec<Value>, end_behavior: &str) -> String {
    let id = sim.ids.long("sub_sched");
    sim.store.insert(json!({
        "id": id,
        "object": "subscription_schedule",
        "application": null,
        "billing_mode": {"flexible": null, "type": "classic"},
        "canceled_at": null,
        "completed_at": null,
        "created": sim.now_s,
        "current_phase": null,
        "customer": customer,
        "customer_account": null,
        "default_settings": {
            "application_fee_percent": null,
            "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null},
            "billing_cycle_anchor": "automatic",
            "billing_thresholds": null,
            "collection_method": "charge_automatically",
            "default_payment_method": null,
            "description": null,
            "invoice_settings": {
                "account_tax_ids": null, "custom_fields": null, "days_until_due": null, "description": null,
                "footer": null, "issuer": {"type": "self"},
            },
            "on_behalf_of": null,
            "transfer_data": null,
        },
        "end_behavior": end_behavior,
        "livemode": sim.options.livemode,
        "metadata": {},
        "phases": phases,
        "released_at": null,
        "released_subscription": null,
        "status": "not_started",
        "subscription": null,
        "test_clock": sim.test_clock(),
    }));
    id
}

fn end_behavior(params: &Params) -> Result<Option<&str>, StripeError> {
    params.word("end_behavior", &["cancel", "release"])
}

/// `GET /v1/subscription_schedules/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "subscription_schedule", "subscription schedule", id)
}

/// `GET /v1/subscription_schedules`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "subscription_schedule",
        noun: "subscription schedule",
        url: "/v1/subscription_schedules",
        owner: None,
    };
    resources::list(sim, &listing, params, &[])
}

/// `POST /v1/subscription_schedules/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&PARAMS[..], &FIELDS, &["proration_behavior"]].concat())?;
    let before = retrieve(sim, id)?;
    refuse_what_is_over(&before, "update")?;
    let mut schedule = before.clone();
    let mut metadata = schedule.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    schedule.put("metadata", metadata);
    if let Some(end_behavior) = end_behavior(params)? {
        schedule.put("end_behavior", end_behavior);
    }
    let mut entered = None;
    if params.has("phases") {
        let phases = read_phases(sim, params, None)?;
        let now_s = sim.now_s;
        let current = phases
            .iter()
            .find(|phase| phase.int("start_date") <= now_s && now_s < phase.int("end_date"))
            .cloned();
        if before.text("status") == "active" {
            let Some(mut current) = current else {
                return Err(StripeError::invalid(
                    "You can not update a subscription schedule so that none of its phases is the current one.",
                )
                .param("phases"));
            };
            schedule.put("current_phase", phases::current_phase(&current));
            // How the change into the current phase is prorated is said beside the phases.
            let word = params.word("proration_behavior", &PRORATIONS)?;
            current.put("proration_behavior", word.unwrap_or("create_prorations"));
            entered = Some(current);
        }
        schedule.put("phases", phases);
    }
    sim.update("subscription_schedule.updated", id, |slot| *slot = schedule);
    if let Some(phase) = entered {
        phases::enter(
            sim,
            before.text("subscription"),
            phases::current(&before),
            &phase,
        );
    }
    let updated = retrieve(sim, id)?;
    if updated.text("status") == "not_started" {
        sim.plan(
            updated.int("phases/0/start_date"),
            Task::StartSchedule(id.to_owned()),
        );
    }
    phases::plan_end(sim, id);
    retrieve(sim, id)
}

fn refuse_what_is_over(schedule: &Value, verb: &str) -> Result<(), StripeError> {
    match schedule.text("status") {
        "active" | "not_started" => Ok(()),
        status => Err(StripeError::invalid(format!(
            "You cannot {verb} a subscription schedule that is currently in the `{status}` status. It must be in the \
             `active` or `not_started` status."
        ))),
    }
}

/// `POST /v1/subscription_schedules/:id/release`
pub(crate) fn release(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["preserve_cancel_date"])?;
    refuse_what_is_over(&retrieve(sim, id)?, "release")?;
    phases::release(sim, id);
    retrieve(sim, id)
}

/// `POST /v1/subscription_schedules/:id/cancel`: the subscription ends with it, at once.
pub(crate) fn cancel(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["invoice_now", "prorate"])?;
    let schedule = retrieve(sim, id)?;
    refuse_what_is_over(&schedule, "cancel")?;
    match schedule.text_at("subscription") {
        Some(subscription) => ends::with_credit(
            sim,
            subscription,
            params.flag("prorate")?.unwrap_or(true),
            params.flag("invoice_now")?.unwrap_or(true),
        ),
        None => phases::subscription_ended(sim, id, false),
    }
    retrieve(sim, id)
}
