//! What a call asks to be credited, checked against the invoice.

use serde_json::{Value, json};

use super::lines::{lines, summed_discounts};
use crate::billing::line::money;
use crate::billing::payment;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::lists;
use crate::params::{AMOUNT_MAX, Params};
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
