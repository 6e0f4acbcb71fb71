//! `/v1/payment_methods`

use serde_json::{Value, json};

use crate::calendar::year_and_month;
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::customers;
use crate::sim::StripeSim;

/// When a card expires that does not say: year and month.
const EXPIRES: (i64, i64) = (2030, 8);

/// `POST /v1/payment_methods`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "type",
        "card[number]",
        "card[token]",
        "card[exp_month]",
        "card[exp_year]",
        "card[cvc]",
        "billing_details[email]",
        "billing_details[name]",
        "billing_details[phone]",
        "billing_details[address][city]",
        "billing_details[address][country]",
        "billing_details[address][line1]",
        "billing_details[address][line2]",
        "billing_details[address][postal_code]",
        "billing_details[address][state]",
        "metadata[*]",
    ])?;
    params.required("type")?;
    params.word("type", &["card"])?;
    let card = match (params.given("card[token]"), params.given("card[number]")) {
        (Some(token), _) => TestCard::from_token(token)
            .ok_or_else(|| StripeError::missing_param("token", token, "card[token]"))?,
        (None, Some(number)) => TestCard::from_number(number).ok_or_else(|| {
            StripeError::invalid("Your card number is incorrect.")
                .status(402)
                .kind("card_error")
                .code("incorrect_number")
                .param("number")
        })?,
        (None, None) => return Err(StripeError::parameter_missing("card")),
    };
    let expires = (
        params.int("card[exp_year]")?.unwrap_or(EXPIRES.0),
        params.int("card[exp_month]")?.unwrap_or(EXPIRES.1),
    );
    can_expire(sim, expires)?;
    let id = new(sim, card, expires);
    let details = billing_details(params);
    let metadata = params.metadata("metadata")?;
    sim.store.change(&id, |method| {
        method.put("billing_details", details);
        method.put("metadata", metadata);
    });
    current(sim, &id)
}

/// Refuses a date on no card, or on one that has expired.
fn can_expire(sim: &StripeSim, (year, month): (i64, i64)) -> Result<(), StripeError> {
    let refused = |words: &str, code, param| {
        let error = StripeError::invalid(words).status(402).kind("card_error");
        Err(error.code(code).param(param))
    };
    if !(1..=12).contains(&month) {
        let words = "Your card's expiration month is invalid.";
        return refused(words, "invalid_expiry_month", "exp_month");
    }
    let now = year_and_month(sim.now_s);
    // Banks issue cards for less than fifty years.
    if year < now.0 || year > now.0 + 50 {
        let words = "Your card's expiration year is invalid.";
        return refused(words, "invalid_expiry_year", "exp_year");
    }
    if (year, month) < now {
        let words = "Your card's expiration month is invalid.";
        return refused(words, "invalid_expiry_month", "exp_month");
    }
    Ok(())
}

/// A new payment method of a test card, not attached to anybody.
pub(crate) fn new(sim: &mut StripeSim, card: TestCard, expires: (i64, i64)) -> String {
    let id = sim.ids.long("pm");
    insert(sim, id, card, expires)
}

/// A new card of a test token, for those who still put cards on file as sources: a payment method by another name.
pub(crate) fn of_token(sim: &mut StripeSim, token: &str) -> Result<String, StripeError> {
    let card = TestCard::from_token(token).filter(|_| token.starts_with("tok_"));
    let card = card.ok_or_else(|| StripeError::missing_param("token", token, "source"))?;
    if let Some(decline) = card.decline_at_attach() {
        return Err(decline.error());
    }
    let id = sim.ids.long("card");
    Ok(insert(sim, id, card, EXPIRES))
}

fn insert(sim: &mut StripeSim, id: String, card: TestCard, expires: (i64, i64)) -> String {
    sim.store.insert(json!({
        "id": id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(&Params::default()),
        "card": card.payment_method_card(expires),
        "created": sim.now_s,
        "customer": null,
        "customer_account": null,
        "livemode": sim.options.livemode,
        "metadata": {},
        "type": "card",
    }));
    sim.cards.insert(id.clone(), card);
    id
}

fn billing_details(params: &Params) -> Value {
    let text = |field: &str| json!(params.given(&format!("billing_details[{field}]")));
    json!({
        "address": customers::address(params, "billing_details[address]"),
        "email": text("email"),
        "name": text("name"),
        "phone": text("phone"),
        "tax_id": null,
    })
}

/// The payment method of this identifier, or a new one where it is one of Stripe's test tokens.
pub(crate) fn resolve(sim: &mut StripeSim, id: &str, param: &str) -> Result<String, StripeError> {
    if let Some(card) = TestCard::from_token(id).filter(|_| id.starts_with("pm_card_")) {
        return Ok(new(sim, card, EXPIRES));
    }
    match sim.store.of_kind("payment_method", id) {
        Some(_) => Ok(id.to_owned()),
        None => Err(StripeError::missing_param("PaymentMethod", id, param)),
    }
}

/// The payment method of this identifier or test token, if it may still be put on file for somebody.
pub(crate) fn free_to_attach(
    sim: &mut StripeSim,
    id: &str,
    param: &str,
) -> Result<String, StripeError> {
    let id = resolve(sim, id, param)?;
    if current(sim, &id)?.at("customer").is_string() {
        return Err(StripeError::invalid(
            "The payment method you provided has already been attached to a customer.",
        ));
    }
    if sim.detached.contains(&id) {
        return Err(StripeError::invalid(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a \
             Customer, and may not be used again.",
        ));
    }
    match card(sim, &id).decline_at_attach() {
        Some(decline) => Err(decline.error()),
        None => Ok(id),
    }
}

/// Puts a payment method on file for a customer, unless it is there already, and gives its identifier.
pub(crate) fn use_for(
    sim: &mut StripeSim,
    id: &str,
    customer: &str,
) -> Result<String, StripeError> {
    let id = resolve(sim, id, "payment_method")?;
    if current(sim, &id)?.text("customer") != customer {
        free_to_attach(sim, &id, "payment_method")?;
        sim.store
            .change(&id, |method| method.put("customer", customer));
        sim.emit("payment_method.attached", &id);
    }
    Ok(id)
}

/// A payment method named in a parameter that must already belong to the customer. A test token is put on file first,
/// as Stripe does.
pub(crate) fn of_customer(
    sim: &mut StripeSim,
    id: &str,
    customer: &str,
    param: &str,
) -> Result<String, StripeError> {
    let resolved = resolve(sim, id, param)?;
    if resolved != id {
        use_for(sim, &resolved, customer)?;
    }
    let holder = current(sim, &resolved)?;
    if holder.text("customer") == customer {
        Ok(resolved)
    } else {
        Err(StripeError::invalid(format!(
            "The customer does not have a payment method with the ID {id}. The payment method must be attached to the \
             customer."
        ))
        .code("resource_missing")
        .param(param))
    }
}

/// The test card behind a payment method.
pub(crate) fn card(sim: &StripeSim, id: &str) -> TestCard {
    sim.cards.get(id).copied().unwrap_or(TestCard::Good)
}

/// `GET /v1/payment_methods/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    current(sim, id)
}

fn current(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.store
        .of_kind("payment_method", id)
        .map(|method| Value::clone(method))
        .ok_or_else(|| StripeError::missing("PaymentMethod", id).param("payment_method"))
}

/// `POST /v1/payment_methods/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "card[exp_month]",
        "card[exp_year]",
        "billing_details[email]",
        "billing_details[name]",
        "billing_details[phone]",
        "billing_details[address][city]",
        "billing_details[address][country]",
        "billing_details[address][line1]",
        "billing_details[address][line2]",
        "billing_details[address][postal_code]",
        "billing_details[address][state]",
        "metadata[*]",
    ])?;
    let mut method = current(sim, id)?;
    if method.at("customer").is_null() {
        return Err(StripeError::invalid(
            "You must save this PaymentMethod to a customer before you can update it.",
        ));
    }
    let year = params.int("card[exp_year]")?;
    let month = params.int("card[exp_month]")?;
    if year.is_some() || month.is_some() {
        let known = (method.int("card/exp_year"), method.int("card/exp_month"));
        can_expire(sim, (year.unwrap_or(known.0), month.unwrap_or(known.1)))?;
    }
    for field in ["exp_month", "exp_year"] {
        if let Some(value) = params.int(&format!("card[{field}]"))? {
            method.put(&format!("card/{field}"), value);
        }
    }
    for field in ["email", "name", "phone"] {
        if let Some(value) = params.text(&format!("billing_details[{field}]")) {
            method.put(
                &format!("billing_details/{field}"),
                if value.is_empty() {
                    Value::Null
                } else {
                    json!(value)
                },
            );
        }
    }
    if params.has("billing_details[address]") {
        method.put(
            "billing_details/address",
            customers::address(params, "billing_details[address]"),
        );
    }
    let mut metadata = method.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    method.put("metadata", metadata);
    sim.update("payment_method.updated", id, |slot| *slot = method);
    current(sim, id)
}

/// `POST /v1/payment_methods/:id/attach`
pub(crate) fn attach(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["customer"])?;
    let customer = params.required("customer")?;
    customers::living(sim, customer)?;
    let id = resolve(sim, id, "payment_method").map_err(|error| error.status(404))?;
    use_for(sim, &id, customer)?;
    current(sim, &id)
}

/// `POST /v1/payment_methods/:id/detach`
pub(crate) fn detach(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let method = current(sim, id)?;
    let Some(customer) = method.text_at("customer") else {
        return Err(StripeError::invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
        ));
    };
    take_off(sim, id, customer);
    current(sim, id)
}

fn take_off(sim: &mut StripeSim, id: &str, customer: &str) {
    sim.detached.insert(id.to_owned());
    sim.update("payment_method.detached", id, |method| {
        method.put("customer", Value::Null);
    });
    sim.update("customer.updated", customer, |customer| {
        if customer.text("invoice_settings/default_payment_method") == id {
            customer.put("invoice_settings/default_payment_method", Value::Null);
        }
        if customer.text("default_source") == id {
            customer.put("default_source", Value::Null);
        }
    });
    let users: Vec<String> = sim
        .store
        .all("subscription", Some(customer))
        .filter(|subscription| subscription.text("default_payment_method") == id)
        .map(|subscription| subscription.text("id").to_owned())
        .collect();
    for subscription in users {
        sim.update(
            "customer.subscription.updated",
            &subscription,
            |subscription| {
                subscription.put("default_payment_method", Value::Null);
            },
        );
    }
}

/// `GET /v1/payment_methods`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["customer", "type"]].concat())?;
    let customer = params.required("customer")?;
    customers::living(sim, customer)?;
    list_of(sim, customer, "/v1/payment_methods", params)
}

/// `GET /v1/customers/:id/payment_methods`
pub(crate) fn list_of_customer(
    sim: &StripeSim,
    customer: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["type"]].concat())?;
    customers::living(sim, customer).map_err(|error| error.status(404))?;
    let url = format!("/v1/customers/{customer}/payment_methods");
    list_of(sim, customer, &url, params)
}

/// `GET /v1/customers/:id/payment_methods/:payment_method`
pub(crate) fn retrieve_of_customer(
    sim: &StripeSim,
    customer: &str,
    id: &str,
) -> Result<Value, StripeError> {
    customers::living(sim, customer).map_err(|error| error.status(404))?;
    let method = current(sim, id)?;
    if method.text("customer") == customer {
        Ok(method)
    } else {
        Err(StripeError::missing("PaymentMethod", id).param("payment_method"))
    }
}

fn list_of(
    sim: &StripeSim,
    customer: &str,
    url: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "payment_method",
        noun: "PaymentMethod",
        url,
        owner: Some(customer),
    };
    lists::page(&sim.store, &listing, params, |method| {
        params
            .given("type")
            .is_none_or(|wanted| method.text("type") == wanted)
    })
}
