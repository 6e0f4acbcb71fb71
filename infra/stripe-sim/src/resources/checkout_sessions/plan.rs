//! What a session will bring about once its page is left by its button.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::mode::Mode;
use crate::billing::discount::{self, Redeemed};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{Params, QUANTITY_MAX};
use crate::resources::payment_intents::shipping;
use crate::resources::subscriptions::{TRIAL_DAYS_MAX, trial_end};
use crate::resources::{coupons, prices};
use crate::sim::StripeSim;

/// The parameters that say what a session brings about.
pub(super) const FIELDS: [&str; 23] = [
    "subscription_data[metadata][*]",
    "subscription_data[description]",
    "subscription_data[trial_period_days]",
    "subscription_data[trial_end]",
    "payment_intent_data[capture_method]",
    "payment_intent_data[description]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[receipt_email]",
    "payment_intent_data[setup_future_usage]",
    "payment_intent_data[statement_descriptor]",
    "payment_intent_data[statement_descriptor_suffix]",
    "payment_intent_data[shipping][address][city]",
    "payment_intent_data[shipping][address][country]",
    "payment_intent_data[shipping][address][line1]",
    "payment_intent_data[shipping][address][line2]",
    "payment_intent_data[shipping][address][postal_code]",
    "payment_intent_data[shipping][address][state]",
    "payment_intent_data[shipping][carrier]",
    "payment_intent_data[shipping][name]",
    "payment_intent_data[shipping][phone]",
    "payment_intent_data[shipping][tracking_number]",
    "setup_intent_data[description]",
    "setup_intent_data[metadata][*]",
];

/// What a session will bring about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionPlan {
    pub(super) items: Vec<(String, i64)>,
    /// That of the subscription, or of the intent.
    pub(super) metadata: Value,
    pub(super) description: Option<String>,
    pub(super) trial_days: Option<i64>,
    pub(super) trial_end_s: Option<i64>,
    #[serde(default)]
    pub(super) discounts: Vec<Redeemed>,
    /// Fields of the payment intent, as they are to be written.
    #[serde(default)]
    pub(super) intent: Value,
}

/// What a session costs before and after its coupons.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amounts {
    pub(super) subtotal: i64,
    pub(super) total: i64,
}

/// The plan that a call asks for.
pub(super) fn asked(
    sim: &StripeSim,
    mode: Mode,
    params: &Params,
) -> Result<SessionPlan, StripeError> {
    let items = match mode {
        Mode::Setup => Vec::new(),
        Mode::Payment | Mode::Subscription => line_items(sim, mode, params)?,
    };
    let of = match mode {
        Mode::Payment => "payment_intent_data",
        Mode::Setup => "setup_intent_data",
        Mode::Subscription => "subscription_data",
    };
    let mut plan = SessionPlan {
        items,
        metadata: params.metadata(&format!("{of}[metadata]"))?,
        description: params
            .given(&format!("{of}[description]"))
            .map(str::to_owned),
        trial_days: params
            .int_within("subscription_data[trial_period_days]", 1..=TRIAL_DAYS_MAX)?,
        trial_end_s: trial_end(sim, params, "subscription_data[trial_end]")?,
        discounts: Vec::new(),
        intent: intent(params)?,
    };
    if let Some(currency) = currency(sim, &plan).map(str::to_owned) {
        let other = params.given("currency");
        if other.is_some_and(|other| !other.eq_ignore_ascii_case(&currency)) {
            return Err(StripeError::invalid(format!(
                "The prices of this Checkout Session are in {currency}, which its `currency` must be too."
            ))
            .param("currency"));
        }
        plan.discounts = discounts(sim, params, &currency)?;
    }
    Ok(plan)
}

/// The fields of the payment intent that are asked for.
fn intent(params: &Params) -> Result<Value, StripeError> {
    let data = params.below("payment_intent_data");
    data.word(
        "capture_method",
        &["automatic", "automatic_async", "manual"],
    )?;
    data.word("setup_future_usage", &["off_session", "on_session"])?;
    let mut fields = json!({});
    for name in [
        "capture_method",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ] {
        if let Some(value) = data.given(name) {
            fields.put(name, value);
        }
    }
    if let Some(shipping) = shipping::asked(params, "payment_intent_data[shipping]")? {
        fields.put("shipping", shipping);
    }
    Ok(fields)
}

/// The coupon that a session begins with: one at most.
fn discounts(
    sim: &StripeSim,
    params: &Params,
    currency: &str,
) -> Result<Vec<Redeemed>, StripeError> {
    let discounts = coupons::redeemed(sim, params, "discounts", currency)?;
    if discounts.len() > 1 {
        return Err(StripeError::invalid(
            "You may only specify one discount per Checkout Session.",
        )
        .param("discounts"));
    }
    if !discounts.is_empty() && params.has("allow_promotion_codes") {
        return Err(StripeError::invalid(
            "You may only specify one of these parameters: allow_promotion_codes, discounts.",
        )
        .param("discounts"));
    }
    Ok(discounts)
}

fn line_items(
    sim: &StripeSim,
    mode: Mode,
    params: &Params,
) -> Result<Vec<(String, i64)>, StripeError> {
    let items = params.elements("line_items");
    if items.is_empty() {
        return Err(StripeError::parameter_missing("line_items"));
    }
    items
        .iter()
        .map(|item| {
            let price = match mode {
                Mode::Payment => one_time_price(sim, item)?,
                Mode::Setup | Mode::Subscription => recurring_price(sim, item)?,
            };
            let quantity = item
                .int_within("quantity", 1..=QUANTITY_MAX)?
                .ok_or_else(|| StripeError::parameter_missing(&item.full_name("quantity")))?;
            Ok((price.text("id").to_owned(), quantity))
        })
        .collect()
}

/// The active, recurring price that an item names.
pub(crate) fn recurring_price(sim: &StripeSim, item: &Params) -> Result<Value, StripeError> {
    let (id, name) = (item.required("price")?, item.full_name("price"));
    let price = active_price(sim, id, &name)?;
    if price.at("recurring").is_null() {
        return Err(StripeError::invalid(format!(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`: \
             {id}"
        ))
        .param(name));
    }
    Ok(price)
}

/// The active price that an item names, to be paid once.
fn one_time_price(sim: &StripeSim, item: &Params) -> Result<Value, StripeError> {
    let (id, name) = (item.required("price")?, item.full_name("price"));
    let price = active_price(sim, id, &name)?;
    if price.at("recurring").is_object() {
        return Err(StripeError::invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only \
             one-time prices.",
        )
        .param(name));
    }
    Ok(price)
}

fn active_price(sim: &StripeSim, id: &str, name: &str) -> Result<Value, StripeError> {
    let price = prices::retrieve(sim, id).map_err(|error| error.status(400).param(name))?;
    if price.flag("active") {
        Ok(price)
    } else {
        Err(StripeError::invalid(
            "The price specified is inactive. This field only accepts active prices.",
        )
        .param(name))
    }
}

/// The currency of what is paid for; none where nothing is.
pub(super) fn currency<'a>(sim: &'a StripeSim, plan: &SessionPlan) -> Option<&'a str> {
    let (price, _) = plan.items.first()?;
    sim.store.get(price)?.text_at("currency")
}

/// What each item costs.
pub(super) fn item_amounts(sim: &StripeSim, plan: &SessionPlan) -> Vec<i64> {
    let items = plan.items.iter();
    items
        .map(|(price, quantity)| {
            let price = sim.store.get(price);
            price.map_or(0, |price| price.int("unit_amount")) * quantity
        })
        .collect()
}

/// What a session costs; none where nothing is paid for.
pub(super) fn amounts(sim: &StripeSim, plan: &SessionPlan) -> Option<Amounts> {
    let amounts = item_amounts(sim, plan);
    (!amounts.is_empty()).then(|| Amounts {
        subtotal: amounts.iter().sum(),
        total: discount::reduced(sim, &plan.discounts, &amounts),
    })
}
