//! Invoice items that a call writes: onto a draft, or to wait for the customer's next invoice.

use serde_json::{Value, json};

use super::retrieve;
use crate::billing::invoice;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{AMOUNT_MAX, Params, QUANTITY_MAX};
use crate::resources::{customers, invoices, prices, subscriptions};
use crate::sim::StripeSim;

/// `POST /v1/invoiceitems`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "amount",
        "currency",
        "description",
        "discountable",
        "invoice",
        "metadata[*]",
        "period[start]",
        "period[end]",
        "pricing[price]",
        "quantity",
        "subscription",
    ])?;
    let customer = params.required("customer")?.to_owned();
    customers::living(sim, &customer)?;
    let invoice = match params.given("invoice") {
        Some(id) => Some(draft_of(sim, id, &customer)?),
        None => None,
    };
    let parent = match params.given("subscription") {
        Some(id) => of_subscription(sim, id, &customer)?,
        None => Value::Null,
    };
    let currency = params.given("currency").map(str::to_lowercase);
    let wanted = Wanted {
        customer: &customer,
        currency: currency.as_deref(),
        invoice: invoice.as_ref(),
        parent,
    };
    let id = insert(sim, params, wanted)?;
    if let Some(invoice) = invoice {
        invoice::rewrite_items(sim, invoice.text("id"), std::slice::from_ref(&id), None);
    }
    retrieve(sim, &id)
}

/// Whose a new item is, and where it stands.
pub(crate) struct Wanted<'a> {
    pub(crate) customer: &'a str,
    /// That of the amount, where it has no price.
    pub(crate) currency: Option<&'a str>,
    pub(crate) invoice: Option<&'a Value>,
    pub(crate) parent: Value,
}

/// Stores the item that a call asks for and gives its identifier; the draft's lines are not written yet.
pub(crate) fn insert(
    sim: &mut StripeSim,
    params: &Params,
    wanted: Wanted<'_>,
) -> Result<String, StripeError> {
    let Wanted {
        customer,
        currency,
        invoice,
        parent,
    } = wanted;
    let cost = cost(sim, params, currency)?;
    if let Some(known) = invoice
        .map(|invoice| invoice.text("currency"))
        .filter(|known| *known != cost.currency)
    {
        return Err(StripeError::invalid(format!(
            "The currency of the invoice item ({}) does not match that of the invoice ({known}).",
            cost.currency
        ))
        .param("currency"));
    }
    let discountable = params.flag("discountable")?.unwrap_or(cost.amount > 0);
    let period = period(sim, params)?;
    let metadata = params.metadata("metadata")?;
    let id = sim.ids.long("ii");
    sim.store.insert(json!({
        "id": id,
        "object": "invoiceitem",
        "amount": cost.amount,
        "currency": cost.currency,
        "customer": customer,
        "customer_account": null,
        "date": sim.now_s,
        "description": params.given("description").map(str::to_owned).or(cost.name),
        "discountable": discountable,
        "discounts": [],
        "invoice": invoice.map(|invoice| invoice.text("id")),
        "livemode": sim.options.livemode,
        "metadata": metadata,
        "net_amount": cost.amount,
        "parent": parent,
        "period": {"end": period.1, "start": period.0},
        "pricing": cost.pricing,
        "proration": false,
        "quantity": cost.quantity,
        "quantity_decimal": cost.quantity.to_string(),
        "tax_rates": [],
        "test_clock": sim.test_clock(),
    }));
    sim.store.change(customer, |customer| {
        if customer.at("currency").is_null() {
            customer.put("currency", cost.currency);
        }
    });
    sim.emit("invoiceitem.created", &id);
    Ok(id)
}

/// The draft that an item is written onto.
fn draft_of(sim: &StripeSim, id: &str, customer: &str) -> Result<Value, StripeError> {
    let invoice =
        invoices::retrieve(sim, id).map_err(|error| error.status(400).param("invoice"))?;
    if invoice.text("status") != "draft" || invoice.text("customer") != customer {
        return Err(StripeError::invalid(
            "You can only add invoice items to a draft invoice of the same customer.",
        )
        .code("invoice_not_editable")
        .param("invoice"));
    }
    Ok(invoice)
}

fn of_subscription(sim: &StripeSim, id: &str, customer: &str) -> Result<Value, StripeError> {
    subscriptions::retrieve(sim, id)
        .ok()
        .filter(|subscription| subscription.text("customer") == customer)
        .map(|_| {
            json!({
                "subscription_details": {"subscription": id, "subscription_item": null},
                "type": "subscription_details",
            })
        })
        .ok_or_else(|| StripeError::missing_param("subscription", id, "subscription"))
}

/// What an item costs: an amount, or a price and how many of it.
struct Cost {
    amount: i64,
    currency: String,
    quantity: i64,
    pricing: Value,
    name: Option<String>,
}

fn cost(sim: &StripeSim, params: &Params, currency: Option<&str>) -> Result<Cost, StripeError> {
    let quantity = params.int_within("quantity", 0..=QUANTITY_MAX)?;
    let Some(id) = params.given("pricing[price]") else {
        params.required("amount")?;
        let amount = params.int_within("amount", -AMOUNT_MAX..=AMOUNT_MAX)?;
        if quantity.is_some() {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: amount, quantity.",
            )
            .param("quantity"));
        }
        return Ok(Cost {
            amount: amount.unwrap_or_default(),
            currency: currency
                .ok_or_else(|| StripeError::parameter_missing("currency"))?
                .to_owned(),
            quantity: 1,
            pricing: Value::Null,
            name: None,
        });
    };
    if params.has("amount") {
        return Err(StripeError::invalid(
            "You may only specify one of these parameters: amount, pricing.",
        )
        .param("amount"));
    }
    priced(sim, id, quantity.unwrap_or(1))
}

/// What so many of a price that is paid once cost.
fn priced(sim: &StripeSim, id: &str, quantity: i64) -> Result<Cost, StripeError> {
    let price =
        prices::retrieve(sim, id).map_err(|error| error.status(400).param("pricing[price]"))?;
    if !price.at("recurring").is_null() {
        return Err(StripeError::invalid(
            "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
        )
        .param("pricing[price]"));
    }
    let product = sim.store.get(price.text("product"));
    Ok(Cost {
        amount: price.int("unit_amount") * quantity,
        currency: price.text("currency").to_owned(),
        quantity,
        pricing: json!({
            "price_details": {"price": price.at("id"), "product": price.at("product")},
            "type": "price_details",
            "unit_amount_decimal": price.at("unit_amount_decimal"),
        }),
        name: product.map(|product| product.text("name").to_owned()),
    })
}

fn period(sim: &StripeSim, params: &Params) -> Result<(i64, i64), StripeError> {
    let start_s = params.int("period[start]")?.unwrap_or(sim.now_s);
    let end_s = params.int("period[end]")?.unwrap_or(start_s);
    if end_s < start_s {
        return Err(
            StripeError::invalid("The end of the period must not be before its start.")
                .param("period[end]"),
        );
    }
    Ok((start_s, end_s))
}

/// `POST /v1/invoiceitems/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&CHANGEABLE)?;
    let invoice = editable(sim, id)?.text("invoice").to_owned();
    change(sim, id, params)?;
    invoice::rewrite_items(sim, &invoice, &[id.to_owned()], None);
    retrieve(sim, id)
}

/// What can be changed about an item.
pub(crate) const CHANGEABLE: [&str; 8] = [
    "amount",
    "description",
    "discountable",
    "metadata[*]",
    "period[start]",
    "period[end]",
    "pricing[price]",
    "quantity",
];

/// Changes an item as a call asks; the draft's lines are not written yet.
pub(crate) fn change(sim: &mut StripeSim, id: &str, params: &Params) -> Result<(), StripeError> {
    let mut item = editable(sim, id)?;
    recost(sim, &mut item, params)?;
    if params.has("period") {
        let (start_s, end_s) = period(sim, params)?;
        item.put("period", json!({"end": end_s, "start": start_s}));
    }
    if let Some(description) = params.text("description") {
        item.put("description", description);
    }
    if let Some(discountable) = params.flag("discountable")? {
        item.put("discountable", discountable);
    }
    let mut metadata = item.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    item.put("metadata", metadata);
    sim.store.change(id, |slot| *slot = item);
    Ok(())
}

/// Writes what an item is to cost: another amount, another price, or more of the same.
fn recost(sim: &StripeSim, item: &mut Value, params: &Params) -> Result<(), StripeError> {
    let quantity = params.int_within("quantity", 0..=QUANTITY_MAX)?;
    let price = item
        .text_at("pricing/price_details/price")
        .map(str::to_owned);
    let price = params.given("pricing[price]").map(str::to_owned).or(price);
    if let Some(amount) = params.int_within("amount", -AMOUNT_MAX..=AMOUNT_MAX)? {
        if price.is_some() {
            return Err(StripeError::invalid(
                "You cannot set the `amount` of an invoice item that has a price.",
            )
            .param("amount"));
        }
        item.put("amount", amount);
        item.put("net_amount", amount);
    }
    match price {
        Some(price) if quantity.is_some() || params.has("pricing") => {
            let quantity = quantity.unwrap_or(item.int("quantity"));
            let cost = priced(sim, &price, quantity)?;
            item.put("amount", cost.amount);
            item.put("net_amount", cost.amount);
            item.put("pricing", cost.pricing);
            item.put("quantity", quantity);
            item.put("quantity_decimal", quantity.to_string());
        }
        None if quantity.is_some() => {
            return Err(StripeError::invalid(
                "You cannot set the `quantity` of an invoice item that has no price.",
            )
            .param("quantity"));
        }
        _ => {}
    }
    Ok(())
}

/// An item that waits, or that stands on a draft.
fn editable(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    let item = retrieve(sim, id)?;
    let closed = sim
        .store
        .get(item.text("invoice"))
        .is_some_and(|invoice| invoice.text("status") != "draft");
    if closed {
        return Err(StripeError::invalid(
            "This invoice item belongs to an invoice that is no longer editable.",
        )
        .code("invoice_not_editable"));
    }
    Ok(item)
}

/// `DELETE /v1/invoiceitems/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str) -> Result<Value, StripeError> {
    let item = editable(sim, id)?;
    sim.emit("invoiceitem.deleted", id);
    sim.store.remove(id);
    invoice::rewrite_items(sim, item.text("invoice"), &[id.to_owned()], None);
    Ok(json!({"id": id, "object": "invoiceitem", "deleted": true}))
}
