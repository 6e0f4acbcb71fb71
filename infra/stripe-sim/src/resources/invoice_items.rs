//! `/v1/invoiceitems`: what waits for an invoice, above all prorations.

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

pub(crate) mod write;

pub(crate) use write::{create, delete, update};

/// `GET /v1/invoiceitems/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "invoiceitem", "invoice item", id)
}

/// `GET /v1/invoiceitems`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["customer", "invoice", "pending"]].concat())?;
    let pending = params.flag("pending")?;
    let listing = Listing {
        kind: "invoiceitem",
        noun: "invoice item",
        url: "/v1/invoiceitems",
        owner: params.given("customer"),
    };
    lists::page(&sim.store, &listing, params, |item| {
        pending.is_none_or(|pending| item.at("invoice").is_null() == pending)
            && params
                .given("invoice")
                .is_none_or(|invoice| item.text("invoice") == invoice)
    })
}
