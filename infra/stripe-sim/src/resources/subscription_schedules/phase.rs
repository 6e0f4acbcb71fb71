//! The phases of a schedule, as a call asks for them and as they are shown.

use serde_json::{Value, json};

use crate::billing::change::PRORATIONS;
use crate::calendar::Every;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{Params, QUANTITY_MAX};
use crate::resources::checkout_sessions::recurring_price;
use crate::resources::{coupons, prices};
use crate::sim::StripeSim;

/// The parameters that describe phases.
pub(super) const PARAMS: [&str; 14] = [
    "phases[][items][][price]",
    "phases[][items][][quantity]",
    "phases[][start_date]",
    "phases[][end_date]",
    "phases[][duration][interval]",
    "phases[][duration][interval_count]",
    "phases[][proration_behavior]",
    "phases[][billing_cycle_anchor]",
    "phases[][metadata][*]",
    "phases[][description]",
    "phases[][discounts]",
    "phases[][discounts][][coupon]",
    "phases[][discounts][][discount]",
    "phases[][discounts][][promotion_code]",
];

pub(super) fn phase(
    currency: &str,
    items: Vec<Value>,
    period: (i64, i64),
    proration: &str,
) -> Value {
    json!({
        "add_invoice_items": [],
        "application_fee_percent": null,
        "billing_cycle_anchor": null,
        "billing_thresholds": null,
        "collection_method": null,
        "currency": currency,
        "default_payment_method": null,
        "default_tax_rates": [],
        "description": null,
        "discounts": [],
        "end_date": period.1,
        "invoice_settings": null,
        "items": items,
        "metadata": {},
        "on_behalf_of": null,
        "proration_behavior": proration,
        "start_date": period.0,
        "transfer_data": null,
        "trial_end": null,
    })
}

pub(super) fn phase_item(price: &Value, quantity: i64) -> Value {
    json!({
        "billing_thresholds": null,
        "discounts": [],
        "metadata": {},
        "plan": price.at("id"),
        "price": price.at("id"),
        "quantity": quantity,
        "tax_rates": [],
    })
}

/// The phases a call asks for, each from where the one before it ends.
pub(super) fn read_phases(
    sim: &StripeSim,
    params: &Params,
    start_s: Option<i64>,
) -> Result<Vec<Value>, StripeError> {
    let mut starts_s = start_s;
    let mut phases = Vec::new();
    for given in params.elements("phases") {
        let from_s = match moment(sim, &given, "start_date")? {
            Some(given_s) => given_s,
            None => starts_s.ok_or_else(|| {
                StripeError::invalid(
                    "The subscription schedule update is missing at least one phase with a `start_date` to anchor end \
                     dates to.",
                )
                .param("phases")
            })?,
        };
        let read = read_phase(sim, &given, from_s)?;
        starts_s = read.int_at("end_date");
        phases.push(read);
    }
    Ok(phases)
}

fn read_phase(sim: &StripeSim, given: &Params, from_s: i64) -> Result<Value, StripeError> {
    let items = given.elements("items");
    if items.is_empty() {
        return Err(StripeError::parameter_missing(&given.full_name("items")));
    }
    let found: Vec<(Value, i64)> = items
        .iter()
        .map(|item| {
            Ok((
                recurring_price(sim, item)?,
                item.int_within("quantity", 0..=QUANTITY_MAX)?.unwrap_or(1),
            ))
        })
        .collect::<Result<_, StripeError>>()?;
    let to_s = match (moment(sim, given, "end_date")?, given.has("duration")) {
        (Some(_), true) => {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: end_date, duration.",
            )
            .param(given.full_name("duration")));
        }
        (Some(to_s), false) => to_s,
        (None, true) => duration(given)?.after(from_s, 1),
        // A phase that does not say lasts one interval of its price.
        (None, false) => found
            .first()
            .and_then(|(price, _)| prices::every(price))
            .map_or(from_s, |every| every.after(from_s, 1)),
    };
    if to_s <= from_s {
        return Err(
            StripeError::invalid("The phase's end date must be after its start date.")
                .param(given.full_name("end_date")),
        );
    }
    let proration = given
        .word("proration_behavior", &PRORATIONS)?
        .unwrap_or("create_prorations");
    let currency = found[0].0.text("currency").to_owned();
    let items = found
        .iter()
        .map(|(price, quantity)| phase_item(price, *quantity))
        .collect();
    let mut read = phase(&currency, items, (from_s, to_s), proration);
    read.put("metadata", given.metadata("metadata")?);
    read.put("discounts", discounts(sim, given, &currency)?);
    read.put("description", json!(given.given("description")));
    read.put(
        "billing_cycle_anchor",
        json!(given.word("billing_cycle_anchor", &["automatic", "phase_start"])?),
    );
    Ok(read)
}

/// The coupons that a phase names, and the discounts that its subscription is to keep.
fn discounts(sim: &StripeSim, given: &Params, currency: &str) -> Result<Vec<Value>, StripeError> {
    let elements = given.elements("discounts");
    let read = elements.iter().map(|element| {
        let Some(id) = element.given("discount") else {
            let redeemed = coupons::redeemed_by(sim, element, currency)?;
            return Ok(json!({
                "coupon": redeemed.coupon, "discount": null, "promotion_code": redeemed.promotion_code,
            }));
        };
        match sim.store.of_kind("discount", id) {
            Some(_) => Ok(kept_discount(id)),
            None => {
                let name = element.full_name("discount");
                Err(StripeError::missing_param("discount", id, &name))
            }
        }
    });
    read.collect()
}

/// A discount that the subscription has already, in a phase.
pub(super) fn kept_discount(id: &str) -> Value {
    json!({"coupon": null, "discount": id, "promotion_code": null})
}

fn duration(given: &Params) -> Result<Every, StripeError> {
    given.required("duration[interval]")?;
    let interval = given.word("duration[interval]", &["day", "month", "week", "year"])?;
    let count = given.int("duration[interval_count]")?.unwrap_or(1);
    Every::new(interval.unwrap_or_default(), count).ok_or_else(|| {
        StripeError::invalid("This value must be greater than or equal to 1.")
            .code("parameter_invalid_integer")
            .param(given.full_name("duration[interval_count]"))
    })
}

/// A Unix time, or `now`.
pub(super) fn moment(
    sim: &StripeSim,
    params: &Params,
    name: &str,
) -> Result<Option<i64>, StripeError> {
    match params.given(name) {
        Some("now") => Ok(Some(sim.now_s)),
        _ => params.int(name),
    }
}
