//! `/v1/coupons`, and the parameter `discounts` by which other calls use them.

use serde_json::{Value, json};

use crate::billing::discount::{Redeemed, parse_hundredths};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{AMOUNT_MAX, Params};
use crate::resources::promotion_codes;
use crate::sim::StripeSim;

/// `POST /v1/coupons`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "id",
        "amount_off",
        "currency",
        "percent_off",
        "duration",
        "duration_in_months",
        "max_redemptions",
        "metadata[*]",
        "name",
        "redeem_by",
    ])?;
    let amount_off = params.int_within("amount_off", 1..=AMOUNT_MAX)?;
    let percent_off = percentage(params)?;
    match (amount_off, &percent_off) {
        (Some(_), Some(_)) => {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: percent_off, amount_off.",
            )
            .param("percent_off"));
        }
        (None, None) => {
            return Err(
                StripeError::invalid("Must specify either `percent_off` or `amount_off`.")
                    .code("parameter_missing"),
            );
        }
        (Some(_), None) => {
            params.required("currency")?;
        }
        (None, Some(_)) => {}
    }
    let duration = params
        .word("duration", &["forever", "once", "repeating"])?
        .unwrap_or("once");
    let months = params.int_within("duration_in_months", 1..=MONTHS_MAX)?;
    if (duration == "repeating") != months.is_some() {
        return Err(StripeError::invalid(
            "`duration_in_months` is required if `duration` is `repeating`, and not allowed otherwise.",
        )
        .param("duration_in_months"));
    }
    let redeem_by = params.int("redeem_by")?;
    if redeem_by.is_some_and(|by_s| by_s <= sim.now_s) {
        return Err(StripeError::invalid("`redeem_by` must be in the future.").param("redeem_by"));
    }
    let max_redemptions = params.int_within("max_redemptions", 1..=i64::from(u32::MAX))?;
    let metadata = params.metadata("metadata")?;
    let id = match params.given("id") {
        Some(id) if found(sim, id).is_some() => {
            return Err(StripeError::invalid("Coupon already exists.")
                .code("resource_already_exists")
                .param("id"));
        }
        Some(id) => {
            sim.store.remove(id);
            id.to_owned()
        }
        None => sim.ids.letters(8),
    };
    sim.store.insert(json!({
        "id": id,
        "object": "coupon",
        "amount_off": amount_off,
        "created": sim.now_s,
        "currency": amount_off.and(params.given("currency")).map(str::to_lowercase),
        "duration": duration,
        "duration_in_months": months,
        "livemode": sim.options.livemode,
        "max_redemptions": max_redemptions,
        "metadata": metadata,
        "name": params.given("name"),
        "percent_off": percent_off,
        "redeem_by": redeem_by,
        "times_redeemed": 0,
        "valid": true,
    }));
    sim.emit("coupon.created", &id);
    retrieve(sim, &id)
}

/// Stripe's longest coupon, in months.
const MONTHS_MAX: i64 = 1_200;

fn percentage(params: &Params) -> Result<Option<Value>, StripeError> {
    let Some(text) = params.given("percent_off") else {
        return Ok(None);
    };
    let refused = |words: &str| Err(StripeError::invalid(words.to_owned()).param("percent_off"));
    match parse_hundredths(text) {
        None => refused("Invalid decimal: percent_off takes a number with up to two places."),
        Some(hundredths) if !(1..=10_000).contains(&hundredths) => {
            refused("Invalid percent_off: must be greater than 0 and at most 100.")
        }
        Some(hundredths) if hundredths % 100 == 0 => Ok(Some(json!(hundredths / 100))),
        Some(_) => Ok(text.parse::<f64>().ok().map(|percent| json!(percent))),
    }
}

/// A coupon that was not deleted, with what can be said of it now.
fn found(sim: &StripeSim, id: &str) -> Option<Value> {
    let coupon = sim.store.of_kind("coupon", id)?;
    (!coupon.flag("deleted")).then(|| shown(sim, coupon))
}

fn shown(sim: &StripeSim, coupon: &Value) -> Value {
    let mut coupon = coupon.clone();
    let used_up = coupon
        .int_at("max_redemptions")
        .is_some_and(|max| coupon.int("times_redeemed") >= max);
    let over = coupon
        .int_at("redeem_by")
        .is_some_and(|by_s| by_s <= sim.now_s);
    coupon.put("valid", !used_up && !over);
    coupon
}

/// `GET /v1/coupons/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    found(sim, id).ok_or_else(|| StripeError::missing("coupon", id))
}

/// `POST /v1/coupons/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["name", "metadata[*]"])?;
    let mut metadata = retrieve(sim, id)?.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    let name = params.text("name");
    sim.update("coupon.updated", id, |coupon| {
        coupon.put("metadata", metadata);
        if let Some(name) = name {
            coupon.put("name", name);
        }
    });
    retrieve(sim, id)
}

/// `DELETE /v1/coupons/:id`: nobody can redeem it any more; who has it keeps it.
pub(crate) fn delete(sim: &mut StripeSim, id: &str) -> Result<Value, StripeError> {
    retrieve(sim, id)?;
    sim.emit("coupon.deleted", id);
    sim.store.change(id, |coupon| coupon.put("deleted", true));
    Ok(json!({"id": id, "object": "coupon", "deleted": true}))
}

/// `GET /v1/coupons`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&lists::PAGING_BY_TIME)?;
    let created = lists::in_range(params, "created")?;
    let listing = Listing {
        kind: "coupon",
        noun: "coupon",
        url: "/v1/coupons",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |coupon| {
        !coupon.flag("deleted") && created(coupon.int("created"))
    })
}

/// The coupons that `discounts` names, each by itself or by a promotion code.
pub(crate) fn redeemed(
    sim: &StripeSim,
    params: &Params,
    name: &str,
    currency: &str,
) -> Result<Vec<Redeemed>, StripeError> {
    params
        .elements(name)
        .iter()
        .map(|element| redeemed_by(sim, element, currency))
        .collect()
}

/// The coupon that one element of `discounts` names.
pub(crate) fn redeemed_by(
    sim: &StripeSim,
    element: &Params,
    currency: &str,
) -> Result<Redeemed, StripeError> {
    let code = match element.given("promotion_code") {
        Some(code) => Some(
            promotion_codes::usable(sim, code)
                .map_err(|error| error.param(element.full_name("promotion_code")))?,
        ),
        None => None,
    };
    let (id, param) = match &code {
        Some(code) => (code.text("promotion/coupon"), "promotion_code"),
        None => (element.required("coupon")?, "coupon"),
    };
    let param = element.full_name(param);
    let coupon = usable(sim, id, currency).map_err(|error| error.param(param))?;
    Ok(Redeemed {
        coupon: coupon.text("id").to_owned(),
        promotion_code: code.map(|code| code.text("id").to_owned()),
    })
}

/// A coupon that can be redeemed now, for prices in a currency.
pub(crate) fn usable(sim: &StripeSim, id: &str, currency: &str) -> Result<Value, StripeError> {
    let coupon =
        found(sim, id).ok_or_else(|| StripeError::missing_param("coupon", id, "coupon"))?;
    if !coupon.flag("valid") {
        return Err(
            StripeError::invalid(format!("Coupon {id} is used up or expired."))
                .code("coupon_expired"),
        );
    }
    match coupon.text_at("currency") {
        Some(other) if other != currency => Err(StripeError::invalid(format!(
            "The coupon {id} is in {other} and cannot be used for prices in {currency}."
        ))),
        _ => Ok(coupon),
    }
}

/// What the discounts of a subscription or a draft are to be.
pub(crate) struct Discounts {
    /// Those it keeps.
    pub(crate) kept: Vec<String>,
    /// The coupons it gets.
    pub(crate) new: Vec<Redeemed>,
}

/// What an update says of the discounts of what it updates; none where it says nothing.
pub(crate) fn changed_discounts(
    sim: &StripeSim,
    holder: &Value,
    params: &Params,
) -> Result<Option<Discounts>, StripeError> {
    if !params.has("discounts") {
        return Ok(None);
    }
    let (mut kept, mut new) = (Vec::new(), Vec::new());
    for element in params.elements("discounts") {
        match element.given("discount") {
            Some(id) if holder.list("discounts").iter().any(|on_it| on_it == id) => {
                kept.push(id.to_owned());
            }
            Some(id) => {
                let name = element.full_name("discount");
                return Err(StripeError::missing_param("discount", id, &name));
            }
            None => new.push(redeemed_by(sim, &element, holder.text("currency"))?),
        }
    }
    Ok(Some(Discounts { kept, new }))
}
