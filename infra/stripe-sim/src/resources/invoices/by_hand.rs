//! `POST /v1/invoices`: invoices that a call writes, rather than a subscription.

use serde_json::{Value, json};

use super::retrieve;
use crate::billing::discount::{self, Target};
use crate::billing::invoice::{self, About};
use crate::billing::line;
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::coupons::{self, Discounts};
use crate::resources::{customers, payment_methods, subscriptions};
use crate::sim::StripeSim;

/// Most days that an invoice may be left to be paid.
const DAYS_MAX: i64 = 3_650;

/// `POST /v1/invoices`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "subscription",
        "auto_advance",
        "collection_method",
        "currency",
        "days_until_due",
        "default_payment_method",
        "description",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "due_date",
        "footer",
        "metadata[*]",
        "pending_invoice_items_behavior",
    ])?;
    let customer = params.required("customer")?.to_owned();
    let living = customers::living(sim, &customer)?;
    let currency = params
        .given("currency")
        .or(living.text_at("currency"))
        .unwrap_or("usd")
        .to_lowercase();
    let method = params
        .word(
            "collection_method",
            &["charge_automatically", "send_invoice"],
        )?
        .unwrap_or("charge_automatically")
        .to_owned();
    let due_s = due_date(sim, params, &method)?;
    let takes_pending =
        params.word("pending_invoice_items_behavior", &["exclude", "include"])? == Some("include");
    let (lines, parent) = match params.given("subscription") {
        Some(id) => of_subscription(sim, id, &customer)?,
        None if takes_pending => (line::waiting_of_customer(sim, &customer), Value::Null),
        None => (Vec::new(), Value::Null),
    };
    let card = match params.given("default_payment_method") {
        Some(card) => Some(payment_methods::of_customer(
            sim,
            card,
            &customer,
            "default_payment_method",
        )?),
        None => None,
    };
    let redeemed = coupons::redeemed(sim, params, "discounts", &currency)?;
    let auto_advance = params.flag("auto_advance")?.unwrap_or_default();
    let metadata = params.metadata("metadata")?;
    let id = sim.ids.long("in");
    let target = Target {
        customer: &customer,
        subscription: None,
        invoice: Some(&id),
        checkout_session: None,
    };
    let discounts = redeemed
        .iter()
        .map(|redeemed| discount::insert(sim, redeemed, &target))
        .collect();
    let about = About {
        customer,
        currency,
        reason: "manual",
        parent,
        discounts,
    };
    let period = (sim.now_s, sim.now_s);
    let mut written = invoice::object(sim, &id, &about, &lines, period);
    written.put("auto_advance", auto_advance);
    written.put("collection_method", method);
    written.put("due_date", json!(due_s));
    written.put("default_payment_method", json!(card));
    written.put("description", json!(params.given("description")));
    written.put("footer", json!(params.given("footer")));
    written.put("metadata", metadata);
    sim.store.insert(written);
    invoice::take_items(sim, &id, &lines);
    if auto_advance {
        invoice::finalize_later(sim, &id);
    }
    sim.emit("invoice.created", &id);
    retrieve(sim, &id)
}

/// When an invoice that is sent is due; one that is charged has no such date.
fn due_date(sim: &StripeSim, params: &Params, method: &str) -> Result<Option<i64>, StripeError> {
    let days = params.int_within("days_until_due", 0..=DAYS_MAX)?;
    let date_s = params.int("due_date")?;
    let refused = |words: &str, name: &str| {
        Err(StripeError::invalid(words.to_owned()).param(name.to_owned()))
    };
    match (method, days, date_s) {
        ("charge_automatically", None, None) => Ok(None),
        ("charge_automatically", ..) => refused(
            "You can only set `days_until_due` or `due_date` if `collection_method` is `send_invoice`.",
            "days_until_due",
        ),
        (_, Some(_), Some(_)) => refused(
            "You may only specify one of these parameters: days_until_due, due_date.",
            "due_date",
        ),
        (_, Some(days), None) => Ok(Some(sim.now_s + days * DAY_S)),
        (_, None, Some(date_s)) if date_s > sim.now_s => Ok(Some(date_s)),
        (_, None, Some(_)) => refused("`due_date` must be in the future.", "due_date"),
        (_, None, None) => refused(
            "If invoice `collection_method` is `send_invoice`, you must specify one of `days_until_due` or `due_date`.",
            "collection_method",
        ),
    }
}

/// The items that wait for a subscription's next invoice, and the field `parent`.
fn of_subscription(
    sim: &StripeSim,
    id: &str,
    customer: &str,
) -> Result<(Vec<line::Line>, Value), StripeError> {
    let subscription = subscriptions::retrieve(sim, id)
        .ok()
        .filter(|subscription| subscription.text("customer") == customer)
        .ok_or_else(|| StripeError::missing_param("subscription", id, "subscription"))?;
    let lines = line::waiting(sim, &subscription);
    if lines.is_empty() {
        return Err(StripeError::invalid("Nothing to invoice for subscription")
            .code("invoice_no_subscription_line_items")
            .param("subscription"));
    }
    let details = json!({"metadata": subscription.at("metadata"), "subscription": id});
    Ok((
        lines,
        json!({
            "quote_details": null, "subscription_details": details, "type": "subscription_details",
        }),
    ))
}

/// What an update says of discounts, which only a draft lets itself be changed in.
pub(super) fn changed_discounts(
    sim: &StripeSim,
    invoice: &Value,
    params: &Params,
) -> Result<Option<Discounts>, StripeError> {
    if params.has("discounts") && invoice.text("status") != "draft" {
        return Err(StripeError::invalid(
            "Finalized invoices can't be updated in this way: discounts",
        )
        .code("invoice_not_editable")
        .param("discounts"));
    }
    coupons::changed_discounts(sim, invoice, params)
}

/// Writes discounts onto a draft, and what follows for its lines and sums.
pub(super) fn put_discounts(sim: &mut StripeSim, invoice: &mut Value, asked: &Discounts) {
    let target = Target {
        customer: invoice.text("customer"),
        subscription: None,
        invoice: invoice.text_at("id"),
        checkout_session: None,
    };
    let mut discounts = asked.kept.clone();
    for redeemed in &asked.new {
        discounts.push(discount::insert(sim, redeemed, &target));
    }
    invoice.put("discounts", discounts);
    let lines = invoice.list("lines/data").to_vec();
    invoice::put_lines(sim, invoice, lines);
}

/// `POST /v1/invoices/:id/send`
pub(crate) fn send(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    let found = retrieve(sim, id)?;
    if found.text("collection_method") != "send_invoice" {
        return Err(StripeError::invalid(
            "You can only manually send an invoice if its collection method is 'send_invoice'.",
        ));
    }
    match found.text("status") {
        "draft" => invoice::finalize(sim, id),
        "open" => {}
        status => {
            return Err(StripeError::invalid(format!(
                "You can only send an invoice that is a draft or open. This invoice is {status}."
            ))
            .code("invoice_not_editable"));
        }
    }
    sim.emit("invoice.sent", id);
    retrieve(sim, id)
}
