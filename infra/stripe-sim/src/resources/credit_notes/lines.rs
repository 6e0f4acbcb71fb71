//! The lines of a credit note: parts of the invoice's lines, and amounts of their own.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{AMOUNT_MAX, Params, QUANTITY_MAX};
use crate::proration::share;

/// The lines that are asked for; an amount alone is a line of its own.
pub(super) fn lines(invoice: &Value, params: &Params) -> Result<Vec<Value>, StripeError> {
    let amount = params.int_within("amount", 1..=AMOUNT_MAX)?;
    let lines: Vec<Value> = params
        .elements("lines")
        .iter()
        .map(|line| match line.required("type")? {
            "invoice_line_item" => of_invoice(invoice, line),
            "custom_line_item" => of_its_own(line),
            _ => Err(StripeError::invalid(format!(
                "Invalid {}: must be one of custom_line_item, or invoice_line_item",
                line.full_name("type")
            ))
            .param(line.full_name("type"))),
        })
        .collect::<Result<_, _>>()?;
    match (amount, lines.is_empty()) {
        (None, true) => Err(StripeError::invalid(
            "You must specify one of `amount`, `lines`, or `shipping_cost`.",
        )
        .code("parameter_missing")),
        (Some(amount), true) => Ok(vec![line(amount, 0, 1, Value::Null)]),
        (Some(amount), false) => {
            let total: i64 = lines
                .iter()
                .map(|line| line.int("amount") - line.int("discount_amount"))
                .sum();
            if total == amount {
                Ok(lines)
            } else {
                Err(StripeError::invalid(
                    "The `amount` of a credit note must equal the sum of its `lines`.",
                )
                .param("amount"))
            }
        }
        (None, false) => Ok(lines),
    }
}

/// A line with what both kinds share, as one of its own.
fn line(amount: i64, discount: i64, quantity: i64, description: Value) -> Value {
    json!({
        "object": "credit_note_line_item",
        "amount": amount,
        "description": description,
        "discount_amount": discount,
        "discount_amounts": [],
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
        "unit_amount": amount / quantity.max(1),
        "unit_amount_decimal": (amount / quantity.max(1)).to_string(),
    })
}

fn of_its_own(asked: &Params) -> Result<Value, StripeError> {
    let unit_amount = asked
        .int_within("unit_amount", 1..=AMOUNT_MAX)?
        .ok_or_else(|| StripeError::parameter_missing(&asked.full_name("unit_amount")))?;
    let quantity = asked.int_within("quantity", 1..=QUANTITY_MAX)?.unwrap_or(1);
    let description = asked.required("description")?;
    let mut line = line(unit_amount * quantity, 0, quantity, json!(description));
    line.put("metadata", asked.metadata("metadata")?);
    Ok(line)
}

/// A part of a line of the invoice, with its part of the line's discounts.
fn of_invoice(invoice: &Value, asked: &Params) -> Result<Value, StripeError> {
    let id = asked.required("invoice_line_item")?;
    let name = asked.full_name("invoice_line_item");
    let credited = invoice
        .list("lines/data")
        .iter()
        .find(|line| line.text("id") == id)
        .ok_or_else(|| StripeError::missing_param("invoice line item", id, &name))?;
    let (whole, quantity) = (credited.int("amount"), credited.int("quantity").max(1));
    let amount = asked.int_within("amount", 1..=whole.max(1))?;
    let times = asked.int_within("quantity", 1..=quantity)?;
    let amount = match (amount, times) {
        (Some(amount), _) => amount,
        (None, Some(times)) => whole / quantity * times,
        (None, None) => {
            return Err(StripeError::parameter_missing(&asked.full_name("amount")));
        }
    };
    let discounts: Vec<Value> = credited
        .list("discount_amounts")
        .iter()
        .map(|discount| {
            let part = share(discount.int("amount"), whole - amount, 0, whole);
            json!({"amount": part, "discount": discount.at("discount")})
        })
        .collect();
    let discount = discounts
        .iter()
        .map(|discount| discount.int("amount"))
        .sum();
    let description = credited.at("description").clone();
    let mut line = line(amount, discount, times.unwrap_or(quantity), description);
    line.put("type", "invoice_line_item");
    line["invoice_line_item"] = json!(id);
    line.put("discount_amounts", discounts);
    line.put("unit_amount", Value::Null);
    line.put("unit_amount_decimal", Value::Null);
    Ok(line)
}

/// The discounts of some lines, summed by discount.
pub(super) fn summed_discounts(lines: &[Value]) -> Vec<Value> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for discount in lines.iter().flat_map(|line| line.list("discount_amounts")) {
        let (id, amount) = (discount.text("discount"), discount.int("amount"));
        match sums.iter_mut().find(|(known, _)| known == id) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((id.to_owned(), amount)),
        }
    }
    sums.into_iter()
        .map(|(discount, amount)| json!({"amount": amount, "discount": discount}))
        .collect()
}
