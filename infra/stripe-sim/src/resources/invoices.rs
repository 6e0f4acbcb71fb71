//! `/v1/invoices`

use serde_json::Value;

use crate::billing::{cancel, invoice, payment, preview, renew, settlement};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::{self, payment_methods};
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

mod by_hand;
mod lines;

pub(crate) use by_hand::{create, send};
pub(crate) use lines::{
    add as add_lines, remove as remove_lines, update as update_lines, update_one as update_line,
};

/// `GET /v1/invoices/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "invoice", "invoice", id)
}

/// `GET /v1/invoices`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    // A subscription's invoices are found among its customer's.
    let owner = params
        .given("subscription")
        .and_then(|id| sim.store.get(id))
        .map(|subscription| subscription.text("customer"));
    let listing = Listing {
        kind: "invoice",
        noun: "invoice",
        url: "/v1/invoices",
        owner,
    };
    let equal = [
        ("subscription", "parent/subscription_details/subscription"),
        ("status", "status"),
        ("collection_method", "collection_method"),
    ];
    resources::list(sim, &listing, params, &equal)
}

/// `GET /v1/invoices/:id/lines`
pub(crate) fn lines(sim: &StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    lists::page_within(retrieve(sim, id)?.at("lines"), "line_item", params)
}

/// `POST /v1/invoices/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "auto_advance",
        "description",
        "metadata[*]",
        "default_payment_method",
        "discounts",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "discounts[][discount]",
    ])?;
    let mut invoice = retrieve(sim, id)?;
    let discounts = by_hand::changed_discounts(sim, &invoice, params)?;
    if let Some(auto_advance) = params.flag("auto_advance")? {
        invoice.put("auto_advance", auto_advance);
    }
    if let Some(description) = params.text("description") {
        invoice.put("description", description);
    }
    if let Some(method) = params.given("default_payment_method") {
        let customer = invoice.text("customer").to_owned();
        let method =
            payment_methods::of_customer(sim, method, &customer, "default_payment_method")?;
        invoice.put("default_payment_method", method);
    }
    let mut metadata = invoice.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    invoice.put("metadata", metadata);
    if let Some(discounts) = discounts {
        by_hand::put_discounts(sim, &mut invoice, &discounts);
    }
    let resumes = invoice.text("status") == "draft"
        && invoice.flag("auto_advance")
        && invoice.at("automatically_finalizes_at").is_null();
    sim.update("invoice.updated", id, |slot| *slot = invoice);
    if resumes {
        invoice::finalize_later(sim, id);
    }
    retrieve(sim, id)
}

/// `POST /v1/invoices/:id/finalize`
pub(crate) fn finalize(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["auto_advance"])?;
    if retrieve(sim, id)?.text("status") != "draft" {
        return Err(StripeError::invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
        )
        .code("invoice_not_editable"));
    }
    if let Some(auto_advance) = params.flag("auto_advance")? {
        sim.store
            .change(id, |invoice| invoice.put("auto_advance", auto_advance));
    }
    invoice::finalize(sim, id);
    invoice::charge_later(sim, id);
    retrieve(sim, id)
}

/// `POST /v1/invoices/:id/pay`
pub(crate) fn pay(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["payment_method", "paid_out_of_band", "off_session"])?;
    let found = retrieve(sim, id)?;
    match found.text("status") {
        "paid" => return Err(StripeError::invalid("Invoice is already paid")),
        "void" => {
            return Err(StripeError::invalid(
                "The invoice has been voided and can no longer be paid.",
            )
            .code("invoice_not_editable"));
        }
        "draft" => invoice::finalize(sim, id),
        _ => {}
    }
    if params.flag("paid_out_of_band")?.unwrap_or_default() {
        settlement::settle_out_of_band(sim, id);
        return retrieve(sim, id);
    }
    let method = match params.given("payment_method") {
        Some(method) => {
            let customer = found.text("customer").to_owned();
            Some(payment_methods::of_customer(
                sim,
                method,
                &customer,
                "payment_method",
            )?)
        }
        None => None,
    };
    if retrieve(sim, id)?.text("status") != "paid" {
        payment::pay(sim, id, method.as_deref(), payment::Attempt::Manual)?;
    }
    retrieve(sim, id)
}

/// `POST /v1/invoices/:id/void`
pub(crate) fn void(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    open_or_written_off(sim, id, "void")?;
    cancel::void(sim, id);
    retrieve(sim, id)
}

/// `POST /v1/invoices/:id/mark_uncollectible`
pub(crate) fn mark_uncollectible(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&[])?;
    open_or_written_off(sim, id, "mark as uncollectible")?;
    renew::write_off(sim, id);
    retrieve(sim, id)
}

fn open_or_written_off(sim: &StripeSim, id: &str, verb: &str) -> Result<(), StripeError> {
    match retrieve(sim, id)?.text("status") {
        "open" | "uncollectible" => Ok(()),
        status => Err(StripeError::invalid(format!(
            "You can only {verb} an invoice that is open or uncollectible. This invoice is {status}."
        ))
        .code("invoice_not_editable")),
    }
}

/// `DELETE /v1/invoices/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let found = retrieve(sim, id)?;
    if found.text("status") != "draft" || found.at("parent").is_object() {
        return Err(StripeError::invalid(
            "You can only delete draft invoices that do not belong to a subscription.",
        )
        .code("invoice_not_editable"));
    }
    // What it had taken in waits again.
    let items: Vec<String> = sim
        .store
        .all("invoiceitem", found.text_at("customer"))
        .filter(|item| item.text("invoice") == id)
        .map(|item| item.text("id").to_owned())
        .collect();
    for item in items {
        sim.store
            .change(&item, |item| item.put("invoice", Value::Null));
    }
    sim.emit("invoice.deleted", id);
    sim.store.remove(id);
    Ok(serde_json::json!({"id": id, "object": "invoice", "deleted": true}))
}

/// `GET /v1/invoices/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "invoice",
        plural: "invoices",
        fields: &[
            ("created", Nature::Number),
            ("currency", Nature::Token),
            ("customer", Nature::Token),
            ("number", Nature::Text),
            ("receipt_number", Nature::Text),
            ("status", Nature::Token),
            ("subscription", Nature::Token),
            ("total", Nature::Number),
        ],
    };
    search::search(&sim.store, &searchable, params)
}

/// `POST /v1/invoices/create_preview`
pub(crate) fn create_preview(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    preview::create(sim, params)
}
