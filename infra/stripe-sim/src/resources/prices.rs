//! `/v1/prices`

use serde_json::{Value, json};

use crate::calendar::Every;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{AMOUNT_MAX, Params};
use crate::resources::products;
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

/// `POST /v1/prices`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "product",
        "product_data[name]",
        "product_data[metadata][*]",
        "currency",
        "unit_amount",
        "recurring[interval]",
        "recurring[interval_count]",
        "recurring[usage_type]",
        "lookup_key",
        "transfer_lookup_key",
        "nickname",
        "active",
        "metadata[*]",
        "tax_behavior",
        "billing_scheme",
    ])?;
    let currency = params.required("currency")?.to_lowercase();
    let unit_amount = params
        .int_within("unit_amount", 0..=AMOUNT_MAX)?
        .ok_or_else(|| StripeError::parameter_missing("unit_amount"))?;
    let recurring = recurring(params)?;
    let product = product(sim, params)?;
    if let Some(key) = params.given("lookup_key") {
        let transfer = params.flag("transfer_lookup_key")?.unwrap_or_default();
        free_lookup_key(sim, key, transfer)?;
    }
    let id = sim.ids.long("price");
    let price = json!({
        "id": id,
        "object": "price",
        "active": params.flag("active")?.unwrap_or(true),
        "billing_scheme": "per_unit",
        "created": sim.now_s,
        "currency": currency,
        "custom_unit_amount": null,
        "livemode": sim.options.livemode,
        "lookup_key": params.given("lookup_key"),
        "metadata": params.metadata("metadata")?,
        "nickname": params.given("nickname"),
        "product": product,
        "type": if recurring.is_null() { "one_time" } else { "recurring" },
        "recurring": recurring,
        "tax_behavior": params.given("tax_behavior").unwrap_or("unspecified"),
        "tiers_mode": null,
        "transform_quantity": null,
        "unit_amount": unit_amount,
        "unit_amount_decimal": unit_amount.to_string(),
    });
    sim.store.insert(price);
    sim.emit("price.created", &id);
    retrieve(sim, &id)
}

fn recurring(params: &Params) -> Result<Value, StripeError> {
    if !params.has("recurring") {
        return Ok(Value::Null);
    }
    params.required("recurring[interval]")?;
    let interval = params.word("recurring[interval]", &["day", "week", "month", "year"])?;
    let count = params.int("recurring[interval_count]")?.unwrap_or(1);
    let interval = interval.unwrap_or_default();
    if Every::new(interval, count).is_none() {
        return Err(StripeError::invalid("Invalid recurring interval count.")
            .param("recurring[interval_count]"));
    }
    Ok(json!({
        "interval": interval,
        "interval_count": count,
        "meter": null,
        "trial_period_days": null,
        "usage_type": "licensed",
    }))
}

fn product(sim: &mut StripeSim, params: &Params) -> Result<String, StripeError> {
    if let Some(name) = params.given("product_data[name]") {
        let inner = Params::parse("", "")?.with("name", name);
        return Ok(products::create(sim, &inner)?.text("id").to_owned());
    }
    let id = params.required("product")?;
    match sim.store.of_kind("product", id) {
        Some(_) => Ok(id.to_owned()),
        None => Err(StripeError::missing_param("product", id, "product")),
    }
}

/// Makes a lookup key free for a new price, or refuses where another holds it.
fn free_lookup_key(sim: &mut StripeSim, key: &str, transfer: bool) -> Result<(), StripeError> {
    let holder = sim
        .store
        .all("price", None)
        .find(|price| price.text("lookup_key") == key)
        .map(|price| price.text("id").to_owned());
    match holder {
        Some(holder) if transfer => {
            sim.update("price.updated", &holder, |price| {
                price.put("lookup_key", Value::Null)
            });
            Ok(())
        }
        Some(holder) => Err(StripeError::invalid(format!(
            "A price (`{holder}`) already uses that lookup key."
        ))
        .param("lookup_key")),
        None => Ok(()),
    }
}

/// `GET /v1/prices/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.store
        .of_kind("price", id)
        .map(|price| Value::clone(price))
        .ok_or_else(|| StripeError::missing("price", id))
}

/// `POST /v1/prices/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "active",
        "lookup_key",
        "transfer_lookup_key",
        "nickname",
        "metadata[*]",
    ])?;
    let mut price = retrieve(sim, id)?;
    if let Some(key) = params.given("lookup_key")
        && key != price.text("lookup_key")
    {
        let transfer = params.flag("transfer_lookup_key")?.unwrap_or_default();
        free_lookup_key(sim, key, transfer)?;
    }
    for field in ["lookup_key", "nickname"] {
        if let Some(value) = params.text(field) {
            price.put(
                field,
                if value.is_empty() {
                    Value::Null
                } else {
                    json!(value)
                },
            );
        }
    }
    if let Some(active) = params.flag("active")? {
        price.put("active", active);
    }
    let mut metadata = price.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    price.put("metadata", metadata);
    sim.update("price.updated", id, |slot| *slot = price);
    retrieve(sim, id)
}

/// `GET /v1/prices`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let own = [
        "active",
        "lookup_keys[]",
        "product",
        "type",
        "currency",
        "recurring[interval]",
    ];
    params.only(&[&lists::PAGING_BY_TIME[..], &own].concat())?;
    let (active, keys) = (params.flag("active")?, params.texts("lookup_keys"));
    if keys.len() > LOOKUP_KEYS_MAX {
        return Err(StripeError::invalid(format!(
            "You may pass up to {LOOKUP_KEYS_MAX} lookup keys."
        ))
        .param("lookup_keys"));
    }
    let created = lists::in_range(params, "created")?;
    let listing = Listing {
        kind: "price",
        noun: "price",
        url: "/v1/prices",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |price| {
        let is = |param: &str, field: &str| {
            params
                .given(param)
                .is_none_or(|wanted| price.text(field) == wanted)
        };
        created(price.int("created"))
            && active.is_none_or(|active| price.flag("active") == active)
            && (keys.is_empty() || keys.iter().any(|key| key == price.text("lookup_key")))
            && is("product", "product")
            && is("type", "type")
            && is("currency", "currency")
            && is("recurring[interval]", "recurring/interval")
    })
}

/// `GET /v1/prices/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "price",
        plural: "prices",
        fields: &[
            ("active", Nature::Token),
            ("currency", Nature::Token),
            ("lookup_key", Nature::Text),
            ("product", Nature::Token),
            ("type", Nature::Token),
        ],
    };
    search::search(&sim.store, &searchable, params)
}

/// Most lookup keys in one call.
const LOOKUP_KEYS_MAX: usize = 10;

/// How often a price recurs; none for a price paid once.
pub(crate) fn every(price: &Value) -> Option<Every> {
    Every::new(
        price.text("recurring/interval"),
        price.int("recurring/interval_count"),
    )
}

/// The price in the shape of a plan, which subscriptions still carry beside it.
pub(crate) fn plan(price: &Value) -> Value {
    json!({
        "id": price.at("id"),
        "object": "plan",
        "active": price.at("active"),
        "amount": price.at("unit_amount"),
        "amount_decimal": price.at("unit_amount_decimal"),
        "billing_scheme": "per_unit",
        "created": price.at("created"),
        "currency": price.at("currency"),
        "interval": price.at("recurring/interval"),
        "interval_count": price.at("recurring/interval_count"),
        "livemode": price.at("livemode"),
        "metadata": price.at("metadata"),
        "meter": null,
        "nickname": price.at("nickname"),
        "product": price.at("product"),
        "tiers_mode": null,
        "transform_usage": null,
        "trial_period_days": null,
        "usage_type": "licensed",
    })
}
