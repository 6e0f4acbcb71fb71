//! The lines of a draft, several at a time: added, changed, removed. All of what a call asks for is done, or nothing.

use serde_json::Value;

use super::retrieve;
use crate::billing::invoice;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::invoice_items::{self, write};
use crate::sim::StripeSim;

/// `POST /v1/invoices/:id/add_lines`: each line is a new invoice item, or one that was waiting.
pub(crate) fn add(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    only_lines(params, "invoice_item")?;
    on_each(sim, id, params, |sim, draft, line| {
        let customer = draft.text("customer");
        if let Some(item) = line.given("invoice_item") {
            let waits = invoice_items::retrieve(sim, item).is_ok_and(|item| {
                item.text("customer") == customer && item.at("invoice").is_null()
            });
            if !waits {
                return Err(StripeError::missing_param(
                    "invoice item",
                    item,
                    "invoice_item",
                ));
            }
            sim.store
                .change(item, |item| item.put("invoice", draft.at("id").clone()));
            write::change(sim, item, line)?;
            return Ok(item.to_owned());
        }
        let wanted = write::Wanted {
            customer,
            currency: draft.text_at("currency"),
            invoice: Some(draft),
            parent: Value::Null,
        };
        write::insert(sim, line, wanted)
    })
}

/// `POST /v1/invoices/:id/update_lines`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    only_lines(params, "id")?;
    on_each(sim, id, params, |sim, draft, line| {
        let item = item_of(draft, line.required("id")?)?;
        write::change(sim, &item, line)?;
        Ok(item)
    })
}

/// `POST /v1/invoices/:id/lines/:line`
pub(crate) fn update_one(
    sim: &mut StripeSim,
    id: &str,
    line: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&write::CHANGEABLE)?;
    let item = item_of(&draft(sim, id)?, line).map_err(|error| error.status(404))?;
    write::change(sim, &item, params)?;
    invoice::rewrite_items(sim, id, &[item], None);
    let written = retrieve(sim, id)?;
    let mut lines = written.list("lines/data").iter();
    lines
        .find(|written| written.text("id") == line)
        .cloned()
        .ok_or_else(|| StripeError::missing("line item", line))
}

/// `POST /v1/invoices/:id/remove_lines`: what is unassigned waits again, what is deleted is gone.
pub(crate) fn remove(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["lines[][id]", "lines[][behavior]", "invoice_metadata[*]"])?;
    on_each(sim, id, params, |sim, draft, line| {
        let item = item_of(draft, line.required("id")?)?;
        line.required("behavior")?;
        match line.word("behavior", &["delete", "unassign"])? {
            Some("delete") => {
                sim.emit("invoiceitem.deleted", &item);
                sim.store.remove(&item);
            }
            _ => {
                sim.store
                    .change(&item, |item| item.put("invoice", Value::Null));
            }
        }
        Ok(item)
    })
}

/// Refuses what no line says, but for what this call has it say.
fn only_lines(params: &Params, own: &str) -> Result<(), StripeError> {
    let mut known = vec!["invoice_metadata[*]".to_owned()];
    for name in write::CHANGEABLE.iter().chain([&own]) {
        let (first, rest) = name.find('[').map_or((*name, ""), |at| name.split_at(at));
        known.push(format!("lines[][{first}]{rest}"));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    params.only(&known)
}

/// Has `act` do each line of a call on a draft, which gives the invoice item, and writes the lines that follow.
fn on_each(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
    act: impl Fn(&mut StripeSim, &Value, &Params) -> Result<String, StripeError>,
) -> Result<Value, StripeError> {
    let draft = draft(sim, id)?;
    let lines = params.elements("lines");
    if lines.is_empty() {
        return Err(StripeError::parameter_missing("lines"));
    }
    let metadata = match params.has("invoice_metadata") {
        true => {
            let mut metadata = draft.at("metadata").clone();
            params.merge_metadata("invoice_metadata", &mut metadata)?;
            Some(metadata)
        }
        false => None,
    };
    // A line that is refused takes those before it with it.
    let mut tried = sim.clone();
    let mut items = Vec::with_capacity(lines.len());
    for line in &lines {
        let item = act(&mut tried, &draft, line).map_err(|error| named(error, line))?;
        items.push(item);
    }
    invoice::rewrite_items(&mut tried, id, &items, metadata);
    *sim = tried;
    retrieve(sim, id)
}

/// The error of a line, whose parameter is named as the caller wrote it.
fn named(error: StripeError, line: &Params) -> StripeError {
    match error.param.clone() {
        Some(param) if !param.starts_with("lines[") => error.param(line.full_name(&param)),
        _ => error,
    }
}

fn draft(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    let invoice = retrieve(sim, id)?;
    if invoice.text("status") == "draft" {
        Ok(invoice)
    } else {
        Err(StripeError::invalid(
            "You can only change the line items of an invoice that is a draft.",
        )
        .code("invoice_not_editable"))
    }
}

/// The invoice item of a line; a line of the subscription itself has none.
fn item_of(draft: &Value, line: &str) -> Result<String, StripeError> {
    let mut lines = draft.list("lines/data").iter();
    let found = lines
        .find(|found| found.text("id") == line)
        .ok_or_else(|| StripeError::missing_param("line item", line, "id"))?;
    let item = found.text_at("parent/invoice_item_details/invoice_item");
    item.map(str::to_owned).ok_or_else(|| {
        StripeError::invalid(format!(
            "The line item {line} is of a subscription; change the subscription instead."
        ))
        .param("id")
    })
}
