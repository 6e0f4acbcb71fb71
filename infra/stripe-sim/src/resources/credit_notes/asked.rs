//! What a call asks to be credited, checked against the invoice.

use serde_json::{Value, json};

use crate::billing::line::money;
use crate::billing::payment;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::lists;
use crate::params::{AMOUNT_MAX, Params, QUANTITY_MAX};
use crate::proration::share;
use crate::resources::{customers, invoices, refunds};
use crate::sim::StripeSim;

/// A credit note that may be issued.
pub(super) struct Asked {
    pub(super) invoice: Value,
    /// The lines, without identifiers.
    lines: Vec<Value>,
    pub(super) total: i64,
    /// What is taken off the amount still due.
    pub(super) pre_payment: i64,
    /// What goes back of what was paid.
    pub(super) post_payment: i64,
    pub(super) credit: i64,
    pub(super) refund: i64,
    pub(super) out_of_band: Option<i64>,
    /// Refunds that were made already and belong to this note, with their part of it.
    pub(super) linked: Vec<(String, i64)>,
    /// The charge that is refunded.
    pub(super) charge: Option<String>,
    pub(super) reason: Option<String>,
    memo: Option<String>,
    metadata: Value,
    effective_at_s: Option<i64>,
}

impl Asked {
    pub(super) fn read(sim: &StripeSim, params: &Params) -> Result<Self, StripeError> {
        let id = params.required("invoice")?;
        let invoice =
            invoices::retrieve(sim, id).map_err(|error| error.status(400).param("invoice"))?;
        if !matches!(invoice.text("status"), "open" | "paid" | "uncollectible") {
            return Err(StripeError::invalid(format!(
                "You cannot create a credit note for an invoice that is {}. The invoice must be open, paid or \
                 uncollectible.",
                invoice.text("status")
            ))
            .param("invoice"));
        }
        let lines = lines(&invoice, params)?;
        let total: i64 = lines
            .iter()
            .map(|line| line.int("amount") - line.int("discount_amount"))
            .sum();
        refuse_beyond_the_invoice(&invoice, total)?;
        let pre_payment = total.min(invoice.int("amount_remaining"));
        let amount = |name: &str| {
            let given = params.int_within(name, 0..=AMOUNT_MAX);
            given.map(Option::unwrap_or_default)
        };
        let mut asked = Self {
            total,
            pre_payment,
            post_payment: total - pre_payment,
            credit: amount("credit_amount")?,
            refund: amount("refund_amount")?,
            out_of_band: params.int_within("out_of_band_amount", 0..=AMOUNT_MAX)?,
            linked: linked(sim, params)?,
            charge: None,
            reason: params.word("reason", &REASONS)?.map(str::to_owned),
            memo: params.given("memo").map(str::to_owned),
            metadata: params.metadata("metadata")?,
            effective_at_s: params.int("effective_at")?,
            invoice,
            lines,
        };
        asked.refuse_an_uneven_sum()?;
        if asked.credit > 0 {
            customers::living(sim, asked.invoice.text("customer"))?;
        }
        if asked.refund > 0 {
            asked.charge = Some(asked.refundable_charge(sim)?);
        }
        Ok(asked)
    }

    /// What was paid goes back in full, in one way or another.
    fn refuse_an_uneven_sum(&self) -> Result<(), StripeError> {
        let linked: i64 = self.linked.iter().map(|(_, amount)| amount).sum();
        let back = self.refund + linked + self.credit + self.out_of_band.unwrap_or_default();
        if back == self.post_payment {
            return Ok(());
        }
        let currency = self.invoice.text("currency");
        Err(StripeError::invalid(format!(
            "The sum of refunds, credit amount, and out of band amount ({}) must equal the credit note \
             post_payment_amount ({}).",
            money(back, currency),
            money(self.post_payment, currency)
        )))
    }

    fn refundable_charge(&self, sim: &StripeSim) -> Result<String, StripeError> {
        let charge = payment::default_payment(sim, self.invoice.text("id"))
            .and_then(|payment| sim.store.get(payment.text("payment/payment_intent")))
            .and_then(|intent| sim.store.get(intent.text("latest_charge")))
            .ok_or_else(|| {
                StripeError::invalid("This invoice has no payment that can be refunded.")
                    .param("refund_amount")
            })?;
        let left = refunds::refundable(sim, charge)?;
        refunds::refuse_more_than(left, self.refund, charge.text("currency"))
            .map_err(|error| error.param("refund_amount"))?;
        Ok(charge.text("id").to_owned())
    }

    /// The note as an object.
    pub(super) fn object(&self, sim: &StripeSim, ids: &mut Ids, id: &str) -> Value {
        let invoice = self.invoice.text("id");
        let before = sim
            .store
            .all("credit_note", self.invoice.text_at("customer"))
            .filter(|note| note.text("invoice") == invoice)
            .count();
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| {
                let mut line = line.clone();
                line.put("id", ids.long("cnli"));
                line.put("livemode", sim.options.livemode);
                line
            })
            .collect();
        let discount: i64 = lines.iter().map(|line| line.int("discount_amount")).sum();
        let subtotal = self.total + discount;
        let linked: Vec<Value> = self
            .linked
            .iter()
            .map(|(refund, amount)| refund_object(refund, *amount))
            .collect();
        let kind = match (self.pre_payment, self.post_payment) {
            (_, 0) => "pre_payment",
            (0, _) => "post_payment",
            _ => "mixed",
        };
        let mut note = json!({
            "id": id,
            "object": "credit_note",
            "amount": self.total,
            "amount_shipping": 0,
            "created": sim.now_s,
            "currency": self.invoice.at("currency"),
            "customer": self.invoice.at("customer"),
            "customer_account": null,
            "customer_balance_transaction": null,
            "discount_amount": discount,
            "discount_amounts": summed_discounts(&lines),
            "effective_at": self.effective_at_s.unwrap_or(sim.now_s),
            "invoice": invoice,
            "livemode": sim.options.livemode,
            "memo": self.memo,
            "metadata": self.metadata,
            "number": format!("{}-CN-{:02}", self.invoice.text("number"), before + 1),
            "out_of_band_amount": self.out_of_band,
            "pdf": format!("https://pay.stripe.com/credit_notes/acct_sim/{id}/pdf?s=ap"),
            "post_payment_amount": self.post_payment,
            "pre_payment_amount": self.pre_payment,
            "pretax_credit_amounts": [],
            "reason": self.reason,
            "refunds": linked,
            "shipping_cost": null,
            "status": "issued",
            "subtotal": subtotal,
            "subtotal_excluding_tax": subtotal,
            "total": self.total,
            "total_excluding_tax": self.total,
            "total_taxes": [],
            "type": kind,
            "voided_at": null,
        });
        let url = format!("/v1/credit_notes/{id}/lines");
        note.put("lines", lists::embedded(lines, &url));
        note
    }
}

/// Stripe's words for why a note is issued.
const REASONS: [&str; 4] = [
    "duplicate",
    "fraudulent",
    "order_change",
    "product_unsatisfactory",
];

/// An element of a note's `refunds`.
pub(super) fn refund_object(refund: &str, amount: i64) -> Value {
    json!({
        "amount_refunded": amount, "payment_record_refund": null, "refund": refund, "type": "refund",
    })
}

fn refuse_beyond_the_invoice(invoice: &Value, total: i64) -> Result<(), StripeError> {
    let credited = invoice.int("pre_payment_credit_notes_amount")
        + invoice.int("post_payment_credit_notes_amount");
    let left = invoice.int("total") - credited;
    let currency = invoice.text("currency");
    if total < 1 {
        return Err(
            StripeError::invalid("The amount of a credit note must be greater than zero.")
                .param("amount"),
        );
    }
    if total > left {
        return Err(StripeError::invalid(format!(
            "The credit note amount ({}) is greater than the amount that is left to credit on the invoice ({}).",
            money(total, currency),
            money(left, currency)
        ))
        .param("amount"));
    }
    Ok(())
}

fn linked(sim: &StripeSim, params: &Params) -> Result<Vec<(String, i64)>, StripeError> {
    params
        .elements("refunds")
        .iter()
        .map(|element| {
            let id = element.required("refund")?;
            let refund = refunds::retrieve(sim, id)
                .map_err(|error| error.status(400).param(element.full_name("refund")))?;
            let amount = element.int_within("amount_refunded", 1..=refund.int("amount"))?;
            Ok((id.to_owned(), amount.unwrap_or(refund.int("amount"))))
        })
        .collect()
}

/// The lines that are asked for; an amount alone is a line of its own.
fn lines(invoice: &Value, params: &Params) -> Result<Vec<Value>, StripeError> {
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
fn summed_discounts(lines: &[Value]) -> Vec<Value> {
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
