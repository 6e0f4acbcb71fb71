//! `/v1/products`

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

const FIELDS: [&str; 10] = [
    "name",
    "description",
    "active",
    "metadata[*]",
    "statement_descriptor",
    "unit_label",
    "images[]",
    "shippable",
    "tax_code",
    "url",
];

/// `POST /v1/products`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&FIELDS[..], &["id"]].concat())?;
    params.required("name")?;
    let id = match params.given("id") {
        Some(id) if sim.store.get(id).is_some() => {
            return Err(StripeError::invalid("Product already exists.")
                .code("resource_already_exists")
                .param("id"));
        }
        Some(id) => id.to_owned(),
        None => sim.ids.short("prod"),
    };
    let mut product = json!({
        "id": id,
        "object": "product",
        "active": true,
        "created": sim.now_s,
        "default_price": null,
        "description": null,
        "images": [],
        "livemode": sim.options.livemode,
        "marketing_features": [],
        "metadata": {},
        "name": "",
        "package_dimensions": null,
        "shippable": null,
        "statement_descriptor": null,
        "tax_code": null,
        "tax_details": null,
        "type": "service",
        "unit_label": null,
        "updated": sim.now_s,
        "url": null,
    });
    write(&mut product, params)?;
    sim.store.insert(product);
    sim.emit("product.created", &id);
    retrieve(sim, &id)
}

fn write(product: &mut Value, params: &Params) -> Result<(), StripeError> {
    for field in [
        "name",
        "description",
        "statement_descriptor",
        "unit_label",
        "tax_code",
        "url",
    ] {
        if let Some(value) = params.text(field) {
            product.put(
                field,
                if value.is_empty() {
                    Value::Null
                } else {
                    json!(value)
                },
            );
        }
    }
    for field in ["active", "shippable"] {
        if let Some(flag) = params.flag(field)? {
            product.put(field, flag);
        }
    }
    if params.has("images") {
        product.put("images", params.texts("images"));
    }
    let mut metadata = product.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    product.put("metadata", metadata);
    Ok(())
}

/// `GET /v1/products/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.store
        .of_kind("product", id)
        .map(|product| Value::clone(product))
        .ok_or_else(|| StripeError::missing("product", id))
}

/// `POST /v1/products/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&FIELDS)?;
    let mut product = retrieve(sim, id)?;
    write(&mut product, params)?;
    product.put("updated", sim.now_s);
    sim.update("product.updated", id, |slot| *slot = product);
    retrieve(sim, id)
}

/// `GET /v1/products`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING_BY_TIME[..], &["active", "ids[]"]].concat())?;
    let (active, ids) = (params.flag("active")?, params.texts("ids"));
    let created = lists::in_range(params, "created")?;
    let listing = Listing {
        kind: "product",
        noun: "product",
        url: "/v1/products",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |product| {
        created(product.int("created"))
            && active.is_none_or(|active| product.flag("active") == active)
            && (ids.is_empty() || ids.iter().any(|id| id == product.text("id")))
    })
}

/// `DELETE /v1/products/:id`: only of a product that no price ever named.
pub(crate) fn delete(sim: &mut StripeSim, id: &str) -> Result<Value, StripeError> {
    retrieve(sim, id)?;
    let mut prices = sim.store.all("price", None);
    if prices.any(|price| price.text("product") == id) {
        return Err(StripeError::invalid(
            "This product cannot be deleted because it has one or more user-created prices.",
        )
        .param("id"));
    }
    drop(prices);
    sim.emit("product.deleted", id);
    sim.store.remove(id);
    Ok(json!({"id": id, "object": "product", "deleted": true}))
}

/// `GET /v1/products/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "product",
        plural: "products",
        fields: &[
            ("active", Nature::Token),
            ("description", Nature::Text),
            ("name", Nature::Text),
            ("shippable", Nature::Token),
            ("url", Nature::Text),
        ],
    };
    search::search(&sim.store, &searchable, params)
}
