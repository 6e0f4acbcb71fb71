//! `/v1/checkout/sessions`, and what the Pay button of their hosted page does.

use serde_json::{Value, json};

use crate::billing::start::{FirstPayment, start};
use crate::billing::subscription::{Draft, Wanted};
use crate::calendar::{DAY_S, HOUR_S};
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::{self, customers, payment_methods, prices};
use crate::sim::StripeSim;
use crate::tasks::Task;

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
        "billing_address_collection",
        "customer_update[address]",
        "customer_update[name]",
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
    let total: i64 = wanted
        .iter()
        .map(|wanted| wanted.price.int("unit_amount") * wanted.quantity)
        .sum();
    let currency = wanted[0].price.text("currency").to_owned();
    let expires_s = expires_at(sim, params)?;
    let id = format!("cs_test_a1{}", sim.ids.letters(56));
    let metadata = params.metadata("metadata")?;
    let session = json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": null,
        "after_expiration": null,
        "allow_promotion_codes": params.flag("allow_promotion_codes")?,
        "amount_subtotal": total,
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
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null,
        },
        "customer": customer,
        "customer_account": null,
        "customer_creation": if customer.is_none() { json!("always") } else { Value::Null },
        "customer_details": null,
        "customer_email": params.given("customer_email"),
        "discounts": [],
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
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": format!("{}/c/pay/{id}", sim.options.pages_base),
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
        trial_days: params.int("subscription_data[trial_period_days]")?,
        trial_end_s: params.int("subscription_data[trial_end]")?,
    };
    sim.store.insert(session);
    sim.sessions.insert(id.clone(), plan);
    sim.plan(expires_s, Task::ExpireSession(id.clone()));
    retrieve(sim, &id)
}

/// What a session will subscribe its customer to.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct SessionPlan {
    items: Vec<(String, i64)>,
    metadata: Value,
    description: Option<String>,
    trial_days: Option<i64>,
    trial_end_s: Option<i64>,
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
                .int("quantity")?
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
    sim.session_lines(id)
        .ok_or_else(|| StripeError::missing("checkout.session", id))
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
    sim.store.change(id, |session| {
        session.put("status", "expired");
        session.put("url", Value::Null);
    });
    sim.emit("checkout.session.expired", id);
}

impl StripeSim {
    /// What the Pay button of a session's hosted page does. A card that declines leaves the session open, and the error
    /// carries the words Stripe shows.
    pub fn complete_checkout(
        &mut self,
        session_id: &str,
        card: TestCard,
    ) -> Result<Value, StripeError> {
        let session = retrieve(self, session_id)?;
        if session.text("status") != "open" {
            return Err(StripeError::invalid(format!(
                "This Checkout Session is {} and cannot be paid.",
                session.text("status")
            )));
        }
        // A card that will decline is refused before anything is written: the page only shows the words.
        if let Some(decline) = card.decline() {
            return Err(decline.error());
        }
        pay(self, &session, card)
    }

    /// The line items of a session, which it shows only when asked to.
    pub(crate) fn session_lines(&self, id: &str) -> Option<Value> {
        let plan = self.sessions.get(id)?;
        let data: Vec<Value> = plan
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, (price, quantity))| {
                let price = self.store.get(price)?;
                let amount = price.int("unit_amount") * quantity;
                let product = self.store.get(price.text("product"))?;
                Some(json!({
                    "id": format!("li_1{}{at}", &id[id.len() - 22..]),
                    "object": "item",
                    "adjustable_quantity": null,
                    "amount_discount": 0,
                    "amount_subtotal": amount,
                    "amount_tax": 0,
                    "amount_total": amount,
                    "currency": price.at("currency"),
                    "description": product.at("name"),
                    "metadata": {},
                    "price": **price,
                    "quantity": quantity,
                }))
            })
            .collect();
        Some(lists::embedded(
            data,
            &format!("/v1/checkout/sessions/{id}/line_items"),
        ))
    }
}

fn pay(sim: &mut StripeSim, session: &Value, card: TestCard) -> Result<Value, StripeError> {
    let id = session.text("id");
    let plan = sim
        .sessions
        .get(id)
        .cloned()
        .ok_or_else(|| StripeError::missing("checkout.session", id))?;
    let email = session.text_at("customer_email");
    let customer = match session.text_at("customer") {
        Some(customer) => customers::living(sim, customer)?.text("id").to_owned(),
        None => customers::create_for_checkout(sim, email),
    };
    let method = payment_methods::new(sim, card, (2030, 8));
    let method = payment_methods::use_for(sim, &method, &customer)?;
    let details = sim.store.get(&customer).cloned().unwrap_or_default();
    sim.update("customer.updated", &customer, |customer| {
        if customer
            .at("invoice_settings/default_payment_method")
            .is_null()
        {
            customer.put("invoice_settings/default_payment_method", method.as_str());
        }
    });
    let items = plan
        .items
        .iter()
        .map(|(price, quantity)| {
            let price = prices::retrieve(sim, price)?;
            Ok(Wanted {
                price,
                quantity: *quantity,
            })
        })
        .collect::<Result<_, StripeError>>()?;
    let trial_end_s = plan
        .trial_end_s
        .or(plan.trial_days.map(|days| sim.now_s + days * DAY_S));
    let trial = trial_end_s.is_some();
    let draft = Draft {
        customer: customer.clone(),
        items,
        metadata: plan.metadata,
        default_payment_method: Some(method),
        description: plan.description,
        trial_end_s,
        missing_payment_method: "create_invoice".to_owned(),
        cancel_at_period_end: false,
        cancel_at_s: None,
        anchor_s: None,
        save_card: false,
    };
    let subscription = start(sim, &draft, FirstPayment::MayFail)?;
    let invoice = sim
        .store
        .get(&subscription)
        .map(|subscription| subscription.at("latest_invoice").clone());
    sim.store.change(id, |session| {
        session.put("status", "complete");
        session.put(
            "payment_status",
            if trial { "no_payment_required" } else { "paid" },
        );
        session.put("customer", customer);
        session.put("subscription", subscription);
        session.put("invoice", json!(invoice));
        session.put("url", Value::Null);
        session.put(
            "customer_details",
            json!({
                "address": details.at("address"),
                "business_name": null,
                "email": details.at("email"),
                "individual_name": null,
                "name": details.at("name"),
                "phone": details.at("phone"),
                "tax_exempt": "none",
                "tax_ids": [],
            }),
        );
    });
    sim.emit("checkout.session.completed", id);
    retrieve(sim, id)
}
