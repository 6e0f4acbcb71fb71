//! `/v1/payment_intents`: read only, because here every intent is made by an invoice.

use serde_json::Value;

use crate::error::StripeError;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

/// `GET /v1/payment_intents/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "payment_intent", "payment_intent", id)
}

/// `GET /v1/payment_intents`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "payment_intent",
        noun: "payment_intent",
        url: "/v1/payment_intents",
        owner: None,
    };
    resources::list(sim, &listing, params, &[])
}
