//! `/v1/payment_intents`: those that invoices make, and those that a call makes.

use serde_json::Value;

use crate::billing::payment::{self, Attempt};
use crate::billing::{authentication, direct};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources::{self, payment_methods};
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

pub(crate) mod shipping;
mod write;

pub(crate) use write::{cancel, capture, create, update};

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

/// `GET /v1/payment_intents/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "payment_intent",
        plural: "payment_intents",
        fields: &[
            ("amount", Nature::Number),
            ("created", Nature::Number),
            ("currency", Nature::Token),
            ("customer", Nature::Token),
            ("status", Nature::Token),
        ],
    };
    search::search(&sim.store, &searchable, params)
}

/// `POST /v1/payment_intents/:id/confirm`: the customer is there, so a card that wants to be authenticated asks for it
/// and is not declined. What the customer then does is [`StripeSim::authenticate`].
pub(crate) fn confirm(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["payment_method", "return_url", "off_session"])?;
    let intent = retrieve(sim, id)?;
    match intent.text("status") {
        "requires_payment_method" | "requires_confirmation" | "requires_action" => {}
        "succeeded" => {
            return Err(unexpected(
                &intent,
                "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
            ));
        }
        status => {
            let words = format!(
                "You cannot confirm this PaymentIntent because it has a status of {status}."
            );
            return Err(unexpected(&intent, &words));
        }
    }
    let method = match params.given("payment_method") {
        Some(given) if intent.at("customer").is_null() => {
            payment_methods::resolve(sim, given, "payment_method")?
        }
        Some(given) => {
            payment_methods::of_customer(sim, given, intent.text("customer"), "payment_method")?
        }
        None => match intent.text_at("payment_method") {
            Some(method) => method.to_owned(),
            None => {
                return Err(unexpected(
                    &intent,
                    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update \
                     the PaymentIntent with a payment method and then confirm it again, or confirm it again directly \
                     with a payment method or ConfirmationToken.",
                ));
            }
        },
    };
    let off_session = params.flag("off_session")?.unwrap_or_default();
    if authentication::invoice_of(sim, &intent).is_none() {
        let return_url = params.given("return_url");
        direct::confirm(sim, id, &method, off_session, return_url)?;
        return retrieve(sim, id);
    }
    let asks = payment_methods::card(sim, &method).asks_who_pays();
    if asks && !off_session {
        authentication::ask(sim, id, &method, params.given("return_url"));
    } else if let Some(invoice) = authentication::invoice_of(sim, &intent) {
        payment::pay(sim, &invoice, Some(&method), Attempt::Manual)?;
    }
    retrieve(sim, id)
}

fn unexpected(intent: &Value, words: &str) -> StripeError {
    StripeError::invalid(words)
        .code("payment_intent_unexpected_state")
        .with("payment_intent", intent.clone())
}
