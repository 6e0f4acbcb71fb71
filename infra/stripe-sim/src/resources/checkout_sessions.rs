//! `/v1/checkout/sessions`

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

mod complete;
mod create;
mod mode;
mod plan;
mod promotion;
mod recovery;

pub(crate) use create::create;
pub(crate) use plan::{SessionPlan, recurring_price};

/// Where the hosted page of a session stands.
fn url_of(sim: &StripeSim, id: &str) -> String {
    format!("{}/c/pay/{id}", sim.options.pages_base)
}

/// `GET /v1/checkout/sessions/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "checkout.session", "checkout.session", id)
}

/// `GET /v1/checkout/sessions`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "checkout.session",
        noun: "checkout.session",
        url: "/v1/checkout/sessions",
        owner: None,
    };
    let equal = [
        ("subscription", "subscription"),
        ("status", "status"),
        ("payment_intent", "payment_intent"),
        ("customer_details[email]", "customer_details/email"),
    ];
    resources::list(sim, &listing, params, &equal)
}

/// `GET /v1/checkout/sessions/:id/line_items`
pub(crate) fn line_items_of(
    sim: &StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    retrieve(sim, id)?;
    let lines = sim
        .session_lines(id)
        .ok_or_else(|| StripeError::missing("checkout.session", id))?;
    lists::page_within(&lines, "item", params)
}

/// `POST /v1/checkout/sessions/:id/expire`
pub(crate) fn expire(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let session = retrieve(sim, id)?;
    if session.text("status") != "open" {
        return Err(StripeError::invalid(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of \
             `{}`.",
            session.text("status")
        )));
    }
    expire_now(sim, id);
    retrieve(sim, id)
}

/// Closes an open session that nobody paid.
pub(crate) fn expire_now(sim: &mut StripeSim, id: &str) {
    let now_s = sim.now_s;
    sim.store.change(id, |session| {
        recovery::offer(session, now_s);
        session.put("status", "expired");
        session.put("url", Value::Null);
    });
    sim.emit("checkout.session.expired", id);
}
