//! `/v1/credit_notes`: what is taken back of an invoice that can no longer change.

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

mod asked;
mod effects;
mod lines;

use asked::Asked;

const PARAMS: [&str; 20] = [
    "invoice",
    "amount",
    "credit_amount",
    "refund_amount",
    "out_of_band_amount",
    "refunds[][refund]",
    "refunds[][amount_refunded]",
    "refunds[][type]",
    "lines[][type]",
    "lines[][invoice_line_item]",
    "lines[][amount]",
    "lines[][quantity]",
    "lines[][description]",
    "lines[][unit_amount]",
    "lines[][metadata][*]",
    "memo",
    "reason",
    "metadata[*]",
    "effective_at",
    "email_type",
];

/// `POST /v1/credit_notes`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&PARAMS)?;
    let asked = Asked::read(sim, params)?;
    let id = sim.ids.long("cn");
    effects::issue(sim, &id, &asked);
    retrieve(sim, &id)
}

/// `GET /v1/credit_notes/preview`: the note as it would be issued, and nothing happens.
pub(crate) fn preview(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&PARAMS)?;
    let asked = Asked::read(sim, params)?;
    let mut ids = sim.ids.clone();
    let id = ids.long("cn");
    Ok(asked.object(sim, &mut ids, &id))
}

/// `GET /v1/credit_notes/preview/lines`
pub(crate) fn preview_lines(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&PARAMS[..], &lists::PAGING].concat())?;
    let asked = Asked::read(sim, params)?;
    let mut note = asked.object(sim, &mut sim.ids.clone(), "preview");
    note.put("lines/url", "/v1/credit_notes/preview/lines");
    lists::page_within(note.at("lines"), "line item", params)
}

/// `GET /v1/credit_notes/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "credit_note", "credit note", id)
}

/// `GET /v1/credit_notes/:id/lines`
pub(crate) fn lines(sim: &StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    lists::page_within(retrieve(sim, id)?.at("lines"), "line item", params)
}

/// `POST /v1/credit_notes/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["memo", "metadata[*]"])?;
    let mut note = retrieve(sim, id)?;
    if let Some(memo) = params.text("memo") {
        note.put("memo", memo);
    }
    let mut metadata = note.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    note.put("metadata", metadata);
    sim.update("credit_note.updated", id, |slot| *slot = note);
    retrieve(sim, id)
}

/// `POST /v1/credit_notes/:id/void`
pub(crate) fn void(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let note = retrieve(sim, id)?;
    if note.text("status") == "void" {
        return Err(StripeError::invalid("This credit note is already void."));
    }
    let open = sim
        .store
        .get(note.text("invoice"))
        .is_some_and(|invoice| invoice.text("status") == "open");
    if !open || note.text("type") != "pre_payment" {
        return Err(StripeError::invalid(
            "You can only void a credit note that reduced the amount due of an invoice that is still open.",
        ));
    }
    effects::void(sim, id);
    retrieve(sim, id)
}

/// `GET /v1/credit_notes`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "credit_note",
        noun: "credit note",
        url: "/v1/credit_notes",
        owner: None,
    };
    resources::list(sim, &listing, params, &[("invoice", "invoice")])
}
