//! `POST /v1/checkout/sessions`

use serde_json::{Value, json};

use super::mode::Mode;
use super::{plan, promotion, recovery, retrieve, url_of};
use crate::calendar::{DAY_S, HOUR_S};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::customers;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// What a session of any mode takes.
const FIELDS: [&str; 28] = [
    "mode",
    "line_items[][price]",
    "line_items[][quantity]",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "client_reference_id",
    "metadata[*]",
    "submit_type",
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
];

/// `POST /v1/checkout/sessions`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    let own = ["after_expiration[recovery][allow_promotion_codes]"];
    params.only(&[&FIELDS[..], &own, &plan::FIELDS].concat())?;
    params.required("mode")?;
    let mode = Mode::asked(params)?;
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
    let plan = plan::asked(sim, mode, params)?;
    let amounts = plan::amounts(sim, &plan);
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
        "amount_subtotal": amounts.map(|amounts| amounts.subtotal),
        "amount_total": amounts.map(|amounts| amounts.total),
        "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
        "billing_address_collection": params.given("billing_address_collection"),
        "cancel_url": params.given("cancel_url"),
        "client_reference_id": params.given("client_reference_id"),
        "client_secret": null,
        "collected_information": null,
        "consent": null,
        "consent_collection": null,
        "created": sim.now_s,
        "currency": plan::currency(sim, &plan).or(params.given("currency")),
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": custom_text(params)?,
        "customer": customer,
        "customer_account": null,
        "customer_creation": mode.customer_creation(params)?,
        "customer_details": null,
        "customer_email": params.given("customer_email"),
        "discounts": promotion::shown(&plan.discounts),
        "expires_at": expires_s,
        "integration_identifier": null,
        "invoice": null,
        "invoice_creation": mode.invoice_creation(),
        "livemode": sim.options.livemode,
        "locale": params.given("locale"),
        "managed_payments": null,
        "metadata": metadata,
        "mode": mode.word(),
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": params
            .word("payment_method_collection", &["always", "if_required"])?
            .unwrap_or(mode.method_collection()),
        "payment_method_configuration_details": null,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": if mode == Mode::Setup { "no_payment_required" } else { "unpaid" },
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
        "submit_type": params.word("submit_type", &["auto", "book", "donate", "pay", "subscribe"])?,
        "subscription": null,
        "success_url": params.given("success_url"),
        "total_details": {"amount_discount": amounts.map_or(0, |amounts| amounts.subtotal - amounts.total), "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url_of(sim, &id),
        "wallet_options": null,
    });
    sim.store.insert(session);
    sim.sessions.insert(id.clone(), plan);
    sim.plan(expires_s, Task::ExpireSession(id.clone()));
    retrieve(sim, &id)
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
