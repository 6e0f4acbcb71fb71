//! `/v1/charges`: read only, because here every charge is made by an invoice.

use serde_json::Value;

use crate::error::StripeError;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

/// `GET /v1/charges/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "charge", "charge", id)
}

/// `GET /v1/charges`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "charge",
        noun: "charge",
        url: "/v1/charges",
        owner: None,
    };
    resources::list(
        sim,
        &listing,
        params,
        &[("payment_intent", "payment_intent")],
    )
}
