//! `/v1/invoice_payments`: which intent pays which invoice.

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

/// `GET /v1/invoice_payments/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "invoice_payment", "invoice_payment", id)
}

/// `GET /v1/invoice_payments`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let own = [
        "invoice",
        "status",
        "payment[type]",
        "payment[payment_intent]",
    ];
    params.only(&[&lists::PAGING[..], &own].concat())?;
    let listing = Listing {
        kind: "invoice_payment",
        noun: "invoice_payment",
        url: "/v1/invoice_payments",
        owner: params.given("invoice"),
    };
    let is = |param: &str, value: &str| params.given(param).is_none_or(|wanted| wanted == value);
    lists::page(&sim.store, &listing, params, |payment| {
        is("status", payment.text("status"))
            && is("payment[type]", "payment_intent")
            && is(
                "payment[payment_intent]",
                payment.text("payment/payment_intent"),
            )
    })
}
