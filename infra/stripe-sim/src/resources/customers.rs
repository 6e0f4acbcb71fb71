//! `/v1/customers`

use std::sync::Arc;

use serde_json::{Value, json};

use crate::billing::cancel;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{AMOUNT_MAX, Params};
use crate::resources::{payment_methods, test_clocks};
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

const FIELDS: [&str; 23] = [
    "name",
    "email",
    "phone",
    "description",
    "metadata[*]",
    "address",
    "address[city]",
    "address[country]",
    "address[line1]",
    "address[line2]",
    "address[postal_code]",
    "address[state]",
    "shipping[name]",
    "shipping[phone]",
    "shipping[address][city]",
    "shipping[address][country]",
    "shipping[address][line1]",
    "shipping[address][line2]",
    "shipping[address][postal_code]",
    "shipping[address][state]",
    "preferred_locales[]",
    "invoice_settings[default_payment_method]",
    "balance",
];

/// `POST /v1/customers`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&FIELDS[..], &["payment_method", "source", "test_clock"]].concat())?;
    if let Some(clock) = params.given("test_clock") {
        free_on_clock(sim, clock)?;
    }
    let id = sim.ids.short("cus");
    let mut customer = new(sim, &id);
    write(&mut customer, params)?;
    let (card, default) = (params.given("payment_method"), params.given(DEFAULT_CARD));
    let attached = match card {
        Some(card) => Some(payment_methods::free_to_attach(
            sim,
            card,
            "payment_method",
        )?),
        None => None,
    };
    // The customer's first card may be named twice: to be put on file, and as the default.
    let default = match default {
        Some(default) if card == Some(default) => attached.clone(),
        Some(default) => Some(payment_methods::free_to_attach(sim, default, DEFAULT_CARD)?),
        None => None,
    };
    let source = match params.given("source") {
        Some(token) => Some(payment_methods::of_token(sim, token)?),
        None => None,
    };
    customer.put(DEFAULT_CARD_AT, json!(default));
    customer.put("default_source", json!(source));
    sim.store.insert(customer);
    sim.emit("customer.created", &id);
    for method in [attached, default, source].into_iter().flatten() {
        payment_methods::use_for(sim, &method, &id)?;
    }
    current(sim, &id)
}

/// Refuses a clock that is none, or that has as many customers as it takes.
fn free_on_clock(sim: &StripeSim, clock: &str) -> Result<(), StripeError> {
    test_clocks::retrieve(sim, clock).map_err(|error| error.status(400).param("test_clock"))?;
    if test_clocks::customers_on(sim, clock).len() >= test_clocks::CUSTOMERS_MAX {
        return Err(StripeError::invalid(format!(
            "A test clock can have at most {} customers.",
            test_clocks::CUSTOMERS_MAX
        ))
        .param("test_clock"));
    }
    Ok(())
}

const DEFAULT_CARD: &str = "invoice_settings[default_payment_method]";
const DEFAULT_CARD_AT: &str = "invoice_settings/default_payment_method";

/// The card that a customer's invoices are paid with where neither they nor their subscription name one.
pub(crate) fn default_card(customer: &Value) -> Option<&str> {
    customer
        .text_at(DEFAULT_CARD_AT)
        .or_else(|| customer.text_at("default_source"))
}

/// A customer for a checkout that names none.
pub(crate) fn create_for_checkout(sim: &mut StripeSim, email: Option<&str>) -> String {
    let id = sim.ids.short("cus");
    let mut customer = new(sim, &id);
    customer.put("email", json!(email));
    sim.store.insert(customer);
    sim.emit("customer.created", &id);
    id
}

fn new(sim: &mut StripeSim, id: &str) -> Value {
    json!({
        "id": id,
        "object": "customer",
        "address": null,
        "balance": 0,
        "created": sim.now_s,
        "currency": null,
        "default_source": null,
        "delinquent": false,
        "description": null,
        "discount": null,
        "email": null,
        "invoice_prefix": sim.ids.letters(8).to_uppercase(),
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null,
        },
        "livemode": sim.options.livemode,
        "metadata": {},
        "name": null,
        "next_invoice_sequence": 1,
        "phone": null,
        "preferred_locales": [],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": sim.test_clock(),
    })
}

/// Writes the plain fields that are given; an empty text makes a field null.
fn write(customer: &mut Value, params: &Params) -> Result<(), StripeError> {
    for field in ["name", "email", "phone", "description"] {
        if let Some(value) = params.text(field) {
            customer.put(
                field,
                if value.is_empty() {
                    Value::Null
                } else {
                    json!(value)
                },
            );
        }
    }
    if let Some(balance) = params.int_within("balance", -AMOUNT_MAX..=AMOUNT_MAX)? {
        customer.put("balance", balance);
    }
    if params.has("preferred_locales") {
        customer.put("preferred_locales", params.texts("preferred_locales"));
    }
    if params.has("address") {
        customer.put("address", address(params, "address"));
    }
    if params.has("shipping") {
        let mut shipping = json!({
            "address": address(params, "shipping[address]"), "name": null, "phone": null,
        });
        for field in ["name", "phone"] {
            shipping.put(field, json!(params.given(&format!("shipping[{field}]"))));
        }
        customer.put("shipping", shipping);
    }
    let mut metadata = customer.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    customer.put("metadata", metadata);
    Ok(())
}

/// An address with every field Stripe gives it.
pub(crate) fn address(params: &Params, name: &str) -> Value {
    if params.text(name) == Some("") {
        return Value::Null;
    }
    let mut address = json!({
        "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null,
    });
    for (field, value) in params.object(name) {
        address.put(&field, value);
    }
    address
}

/// `GET /v1/customers/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    // A deleted customer is still found, as its tombstone.
    current(sim, id)
}

/// `POST /v1/customers/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&FIELDS)?;
    living(sim, id).map_err(|error| error.status(404).param("id"))?;
    let mut customer = current(sim, id)?;
    write(&mut customer, params)?;
    if let Some(card) = params.text(DEFAULT_CARD) {
        let card = match card {
            "" => Value::Null,
            card => json!(payment_methods::of_customer(sim, card, id, DEFAULT_CARD)?),
        };
        customer.put(DEFAULT_CARD_AT, card);
    }
    sim.update("customer.updated", id, |slot| *slot = customer);
    current(sim, id)
}

/// `DELETE /v1/customers/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    living(sim, id).map_err(|error| error.status(404).param("id"))?;
    delete_now(sim, id);
    current(sim, id)
}

/// Ends a customer's subscriptions and leaves a tombstone of the customer.
pub(crate) fn delete_now(sim: &mut StripeSim, id: &str) {
    let subscriptions: Vec<String> = sim
        .store
        .all("subscription", Some(id))
        .filter(|subscription| cancel::can_end(subscription))
        .map(|subscription| subscription.text("id").to_owned())
        .collect();
    for subscription in subscriptions {
        cancel::now(sim, &subscription, "cancellation_requested");
    }
    sim.emit("customer.deleted", id);
    let tombstone = json!({"id": id, "object": "customer", "deleted": true});
    sim.store.change(id, |customer| *customer = tombstone);
}

/// `GET /v1/customers`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING_BY_TIME[..], &["email", "test_clock"]].concat())?;
    let created = lists::in_range(params, "created")?;
    let listing = Listing {
        kind: "customer",
        noun: "customer",
        url: "/v1/customers",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |customer| {
        !customer.flag("deleted")
            && created(customer.int("created"))
            && params
                .given("email")
                .is_none_or(|email| customer.text("email") == email)
            && params
                .given("test_clock")
                .is_none_or(|clock| customer.text("test_clock") == clock)
    })
}

/// `GET /v1/customers/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "customer",
        plural: "customers",
        fields: &[
            ("created", Nature::Number),
            ("email", Nature::Text),
            ("name", Nature::Text),
            ("phone", Nature::Text),
        ],
    };
    search::search(&sim.store, &searchable, params)
}

fn current(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.store
        .of_kind("customer", id)
        .map(|customer| Value::clone(customer))
        .ok_or_else(|| StripeError::missing("customer", id))
}

/// A customer that is named in a parameter and was not deleted.
pub(crate) fn living(sim: &StripeSim, id: &str) -> Result<Arc<Value>, StripeError> {
    sim.store
        .of_kind("customer", id)
        .filter(|customer| !customer.flag("deleted"))
        .cloned()
        .ok_or_else(|| StripeError::missing_param("customer", id, "customer"))
}
