//! `/v1/checkout/sessions`

use serde_json::{Value, json};

use crate::billing::discount::{self, Redeemed};
use crate::billing::subscription::Wanted;
use crate::calendar::{DAY_S, HOUR_S};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{Params, QUANTITY_MAX};
use crate::resources::subscriptions::{TRIAL_DAYS_MAX, trial_end};
use crate::resources::{self, coupons, customers, prices};
use crate::sim::StripeSim;
use crate::tasks::Task;

mod complete;
mod recovery;

/// `POST /v1/checkout/sessions`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "mode",
        "line_items[][price]",
        "line_items[][quantity]",
        "customer",
        "customer_email",
        "client_reference_id",
        "metadata[*]",
        "subscription_data[metadata][*]",
        "subscription_data[description]",
        "subscription_data[trial_period_days]",
        "subscription_data[trial_end]",
        "success_url",
        "cancel_url",
        "expires_at",
        "locale",
        "payment_method_types[]",
        "payment_method_collection",
        "allow_promotion_codes",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "billing_address_collection",
        "customer_update[address]",
        "customer_update[name]",
        "customer_update[shipping]",
        "custom_text[after_submit][message]",
        "custom_text[shipping_address][message]",
        "custom_text[submit][message]",
        "custom_text[terms_of_service_acceptance][message]",
        "after_expiration[recovery][enabled]",
        "after_expiration[recovery][allow_promotion_codes]",
    ])?;
    params.required("mode")?;
    params.word("mode", &["payment", "setup", "subscription"])?;
    if params.given("mode") != Some("subscription") {
        return Err(StripeError::invalid(
            "This simulator runs checkout sessions in `subscription` mode only.",
        )
        .param("mode"));
    }
    params.required("success_url")?;
    let customer = params.given("customer");
    if let Some(customer) = customer {
        customers::living(sim, customer)?;
        if params.given("customer_email").is_some() {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: customer, customer_email.",
            )
            .param("customer_email"));
        }
    }
    let wanted = line_items(sim, params)?;
    let amounts: Vec<i64> = wanted
        .iter()
        .map(|wanted| wanted.price.int("unit_amount") * wanted.quantity)
        .collect();
    let subtotal: i64 = amounts.iter().sum();
    let currency = wanted[0].price.text("currency").to_owned();
    let discounts = discounts(sim, params, &currency)?;
    let total = discount::reduced(sim, &discounts, &amounts);
    let expires_s = expires_at(sim, params)?;
    let id = format!("cs_test_a1{}", sim.ids.letters(56));
    let metadata = params.metadata("metadata")?;
    let session = json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": null,
        "after_expiration": recovery::asked(params)?,
        "allow_promotion_codes": params.flag("allow_promotion_codes")?,
        "allowed_payment_method_types": null,
        "amount_subtotal": subtotal,
        "amount_total": total,
        "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
        "billing_address_collection": params.given("billing_address_collection"),
        "cancel_url": params.given("cancel_url"),
        "client_reference_id": params.given("client_reference_id"),
        "client_secret": null,
        "collected_information": null,
        "consent": null,
        "consent_collection": null,
        "created": sim.now_s,
        "currency": currency,
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": custom_text(params)?,
        "customer": customer,
        "customer_account": null,
        "customer_creation": if customer.is_none() { json!("always") } else { Value::Null },
        "customer_details": null,
        "customer_email": params.given("customer_email"),
        "discounts": discounts
            .iter()
            .map(|redeemed| json!({"coupon": redeemed.coupon, "promotion_code": redeemed.promotion_code}))
            .collect::<Vec<_>>(),
        "expires_at": expires_s,
        "integration_identifier": null,
        "invoice": null,
        "invoice_creation": null,
        "livemode": sim.options.livemode,
        "locale": params.given("locale"),
        "managed_payments": null,
        "metadata": metadata,
        "mode": "subscription",
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": params.given("payment_method_collection").unwrap_or("always"),
        "payment_method_configuration_details": null,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": null,
        "phone_number_collection": {"enabled": false},
        "recovered_from": null,
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"], "payment_method_remove": "disabled", "payment_method_save": null,
        },
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": "open",
        "submit_type": null,
        "subscription": null,
        "success_url": params.given("success_url"),
        "total_details": {"amount_discount": subtotal - total, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url_of(sim, &id),
        "wallet_options": null,
    });
    let plan = SessionPlan {
        items: wanted
            .iter()
            .map(|wanted| (wanted.price.text("id").to_owned(), wanted.quantity))
            .collect(),
        metadata: params.metadata("subscription_data[metadata]")?,
        description: params
            .given("subscription_data[description]")
            .map(str::to_owned),
        trial_days: params
            .int_within("subscription_data[trial_period_days]", 1..=TRIAL_DAYS_MAX)?,
        trial_end_s: trial_end(sim, params, "subscription_data[trial_end]")?,
        discounts,
    };
    sim.store.insert(session);
    sim.sessions.insert(id.clone(), plan);
    sim.plan(expires_s, Task::ExpireSession(id.clone()));
    retrieve(sim, &id)
}

/// Where the hosted page of a session stands.
fn url_of(sim: &StripeSim, id: &str) -> String {
    format!("{}/c/pay/{id}", sim.options.pages_base)
}

/// The words beside the hosted page's own.
fn custom_text(params: &Params) -> Result<Value, StripeError> {
    let places = [
        "after_submit",
        "shipping_address",
        "submit",
        "terms_of_service_acceptance",
    ];
    let mut custom_text = json!({});
    for place in places {
        let name = format!("custom_text[{place}][message]");
        let message = params.given(&name);
        if message.is_some_and(|message| message.chars().count() > CUSTOM_TEXT_MAX) {
            return Err(StripeError::invalid(format!(
                "Invalid string: must be at most {CUSTOM_TEXT_MAX} characters"
            ))
            .param(name));
        }
        custom_text.put(
            place,
            json!(message.map(|message| json!({"message": message}))),
        );
    }
    Ok(custom_text)
}

/// Longest text in one place of the hosted page.
const CUSTOM_TEXT_MAX: usize = 1200;

/// What a session will subscribe its customer to.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct SessionPlan {
    items: Vec<(String, i64)>,
    metadata: Value,
    description: Option<String>,
    trial_days: Option<i64>,
    trial_end_s: Option<i64>,
    #[serde(default)]
    discounts: Vec<Redeemed>,
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

fn line_items(sim: &StripeSim, params: &Params) -> Result<Vec<Wanted>, StripeError> {
    let items = params.elements("line_items");
    if items.is_empty() {
        return Err(StripeError::parameter_missing("line_items"));
    }
    let wanted: Vec<Wanted> = items
        .iter()
        .map(|item| {
            let price = recurring_price(sim, item)?;
            let quantity = item
                .int_within("quantity", 1..=QUANTITY_MAX)?
                .ok_or_else(|| StripeError::parameter_missing(&item.full_name("quantity")))?;
            Ok(Wanted { price, quantity })
        })
        .collect::<Result<_, StripeError>>()?;
    Ok(wanted)
}

/// The active, recurring price that an item names.
pub(crate) fn recurring_price(sim: &StripeSim, item: &Params) -> Result<Value, StripeError> {
    let (id, name) = (item.required("price")?, item.full_name("price"));
    let price = prices::retrieve(sim, id).map_err(|error| error.status(400).param(name.clone()))?;
    if !price.flag("active") {
        return Err(StripeError::invalid(
            "The price specified is inactive. This field only accepts active prices.",
        )
        .param(name));
    }
    if price.at("recurring").is_null() {
        return Err(StripeError::invalid(format!(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`: \
             {id}"
        ))
        .param(name));
    }
    Ok(price)
}

fn expires_at(sim: &StripeSim, params: &Params) -> Result<i64, StripeError> {
    let expires_s = params.int("expires_at")?.unwrap_or(sim.now_s + DAY_S);
    // Stripe takes 30 minutes to 24 hours.
    if expires_s < sim.now_s + HOUR_S / 2 || expires_s > sim.now_s + DAY_S {
        return Err(StripeError::invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
        )
        .param("expires_at"));
    }
    Ok(expires_s)
}

/// `GET /v1/checkout/sessions/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "checkout.session", "checkout.session", id)
}

/// `GET /v1/checkout/sessions`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "checkout.session",
        noun: "checkout.session",
        url: "/v1/checkout/sessions",
        owner: None,
    };
    let equal = [
        ("subscription", "subscription"),
        ("status", "status"),
        ("payment_intent", "payment_intent"),
        ("customer_details[email]", "customer_details/email"),
    ];
    resources::list(sim, &listing, params, &equal)
}

/// `GET /v1/checkout/sessions/:id/line_items`
pub(crate) fn line_items_of(
    sim: &StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    retrieve(sim, id)?;
    let lines = sim
        .session_lines(id)
        .ok_or_else(|| StripeError::missing("checkout.session", id))?;
    lists::page_within(&lines, "item", params)
}

/// `POST /v1/checkout/sessions/:id/expire`
pub(crate) fn expire(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let session = retrieve(sim, id)?;
    if session.text("status") != "open" {
        return Err(StripeError::invalid(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of \
             `{}`.",
            session.text("status")
        )));
    }
    expire_now(sim, id);
    retrieve(sim, id)
}

/// Closes an open session that nobody paid.
pub(crate) fn expire_now(sim: &mut StripeSim, id: &str) {
    let now_s = sim.now_s;
    sim.store.change(id, |session| {
        recovery::offer(session, now_s);
        session.put("status", "expired");
        session.put("url", Value::Null);
    });
    sim.emit("checkout.session.expired", id);
}
