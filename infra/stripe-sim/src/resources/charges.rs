//! `/v1/charges`: they are made by payment intents; here they are read, found and written on.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

/// `GET /v1/charges/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "charge", "charge", id)
}

/// `POST /v1/charges/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "description",
        "fraud_details[user_report]",
        "metadata[*]",
        "receipt_email",
    ])?;
    let mut charge = retrieve(sim, id)?;
    for field in ["description", "receipt_email"] {
        if let Some(value) = params.text(field) {
            let value = (!value.is_empty()).then_some(value);
            charge.put(field, json!(value));
        }
    }
    let report = params.word("fraud_details[user_report]", &["fraudulent", "safe"])?;
    if let Some(report) = report {
        charge.put("fraud_details/user_report", report);
    }
    let mut metadata = charge.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    charge.put("metadata", metadata);
    sim.update("charge.updated", id, |slot| *slot = charge);
    retrieve(sim, id)
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

/// `GET /v1/charges/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "charge",
        plural: "charges",
        fields: &[
            ("amount", Nature::Number),
            ("billing_details.address.postal_code", Nature::Token),
            ("created", Nature::Number),
            ("currency", Nature::Token),
            ("customer", Nature::Token),
            ("disputed", Nature::Token),
            ("payment_method_details.card.brand", Nature::Token),
            ("payment_method_details.card.exp_month", Nature::Number),
            ("payment_method_details.card.exp_year", Nature::Number),
            ("payment_method_details.card.fingerprint", Nature::Token),
            ("payment_method_details.card.last4", Nature::Token),
            ("refunded", Nature::Token),
            ("status", Nature::Token),
        ],
    };
    search::search(&sim.store, &searchable, params)
}
