//! The invoice object, from draft to open.

use serde_json::{Value, json};

use crate::billing::line::Line;
use crate::billing::{payment, subscription};
use crate::fields::Fields;
use crate::lists;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// Why an invoice of a subscription is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Create,
    Cycle,
    Update,
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "subscription_create",
            Self::Cycle => "subscription_cycle",
            Self::Update => "subscription_update",
        }
    }
}

/// Writes a draft of these lines, takes in the invoice items among them, and makes it the subscription's latest.
pub(crate) fn draft(
    sim: &mut StripeSim,
    subscription_id: &str,
    reason: Reason,
    lines: &[Line],
    period: (i64, i64),
) -> String {
    let id = sim.ids.long("in");
    let invoice = object(sim, &id, subscription_id, reason, lines, period);
    sim.store.insert(invoice);
    for item in lines.iter().filter_map(|line| line.invoice_item.as_deref()) {
        sim.store
            .change(item, |item| item.put("invoice", id.as_str()));
    }
    sim.store.change(subscription_id, |subscription| {
        subscription.put("latest_invoice", id.as_str());
    });
    id
}

/// The object of an invoice of a subscription, as a draft that nobody stored.
pub(crate) fn object(
    sim: &mut StripeSim,
    id: &str,
    subscription_id: &str,
    reason: Reason,
    lines: &[Line],
    period: (i64, i64),
) -> Value {
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let customer = sim
        .store
        .get(subscription.text("customer"))
        .cloned()
        .unwrap_or_default();
    let currency = subscription.text("currency");
    let total: i64 = lines.iter().map(|line| line.amount).sum();
    let starting_balance = customer.int("balance");
    let amount_due = (total + starting_balance).max(0);
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| line.object(sim, id, currency))
        .collect();
    let mut invoice = json!({
        "id": id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Linky",
        "account_tax_ids": null,
        "amount_due": amount_due,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": amount_due,
        "amount_shipping": 0,
        "application": null,
        "attempt_count": 0,
        "attempted": false,
        "auto_advance": true,
        "automatic_tax": {
            "disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null,
        },
        "automatically_finalizes_at": null,
        "billing_reason": reason.word(),
        "collection_method": "charge_automatically",
        "created": sim.now_s,
        "currency": currency,
        "custom_fields": null,
        "customer": customer.at("id"),
        "customer_account": null,
        "customer_address": customer.at("address"),
        "customer_email": customer.at("email"),
        "customer_name": customer.at("name"),
        "customer_phone": customer.at("phone"),
        "customer_shipping": customer.at("shipping"),
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": null,
        "default_source": null,
        "default_tax_rates": [],
        "description": null,
        "discounts": [],
        "due_date": null,
        "effective_at": null,
        "ending_balance": null,
        "footer": null,
        "from_invoice": null,
        "hosted_invoice_url": null,
        "invoice_pdf": null,
        "issuer": {"type": "self"},
        "last_finalization_error": null,
        "latest_revision": null,
        "livemode": sim.options.livemode,
        "metadata": {},
        "next_payment_attempt": null,
        "number": null,
        "on_behalf_of": null,
        "parent": {
            "quote_details": null,
            "subscription_details": {
                "metadata": subscription.at("metadata"),
                "subscription": subscription_id,
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": null, "payment_method_options": null, "payment_method_types": null,
        },
        "period_end": period.1,
        "period_start": period.0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": null,
        "rendering": null,
        "shipping_cost": null,
        "shipping_details": null,
        "starting_balance": starting_balance,
        "statement_descriptor": null,
        "status": "draft",
        "status_transitions": {
            "finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null,
        },
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "test_clock": null,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": null,
    });
    let lines = lists::embedded(lines, &format!("/v1/invoices/{id}/lines"));
    invoice.put("lines", lines);
    invoice
}

/// Lets a draft be finalised by itself after a while, as renewals are.
pub(crate) fn finalize_later(sim: &mut StripeSim, id: &str) {
    let due_s = sim.now_s + sim.options.draft_s;
    sim.store.change(id, |invoice| {
        invoice.put("automatically_finalizes_at", due_s);
        invoice.put("next_payment_attempt", due_s);
    });
    sim.plan(due_s, Task::FinalizeInvoice(id.to_owned()));
}

/// Opens a draft: it gets its number, takes the customer's balance, and can no longer change.
pub(crate) fn finalize(sim: &mut StripeSim, id: &str) {
    let Some(invoice) = sim.store.get(id).cloned() else {
        return;
    };
    let customer_id = invoice.text("customer").to_owned();
    let customer = sim.store.get(&customer_id).cloned().unwrap_or_default();
    let sequence = customer.int("next_invoice_sequence");
    let number = format!("{}-{sequence:04}", customer.text("invoice_prefix"));
    let (total, balance) = (invoice.int("total"), customer.int("balance"));
    let amount_due = (total + balance).max(0);
    let ending_balance = total + balance - amount_due;
    sim.store.change(&customer_id, |customer| {
        customer.put("next_invoice_sequence", sequence + 1);
    });
    if ending_balance != balance {
        sim.update("customer.updated", &customer_id, |customer| {
            customer.put("balance", ending_balance);
        });
    }
    let (now_s, code) = (sim.now_s, sim.ids.letters(40));
    sim.store.change(id, |invoice| {
        invoice.put("status", "open");
        invoice.put("number", number);
        invoice.put("starting_balance", balance);
        invoice.put("ending_balance", ending_balance);
        invoice.put("amount_due", amount_due);
        invoice.put("amount_remaining", amount_due);
        invoice.put("effective_at", now_s);
        invoice.put("automatically_finalizes_at", Value::Null);
        invoice.put("status_transitions/finalized_at", now_s);
        invoice.put("webhooks_delivered_at", now_s);
        invoice.put(
            "hosted_invoice_url",
            format!("https://invoice.stripe.com/i/acct_sim/test_{code}?s=ap"),
        );
        invoice.put(
            "invoice_pdf",
            format!("https://pay.stripe.com/invoice/acct_sim/test_{code}/pdf?s=ap"),
        );
    });
    if amount_due > 0 {
        payment::open_intent(sim, id);
    }
    sim.emit("invoice.finalized", id);
    if amount_due == 0 {
        payment::settle_without_charge(sim, id);
    }
}

/// Finalises a draft whose time has come, and charges for it.
pub(crate) fn finalize_and_pay(sim: &mut StripeSim, id: &str) {
    finalize(sim, id);
    let still_open = sim
        .store
        .get(id)
        .is_some_and(|invoice| invoice.text("status") == "open");
    if still_open {
        // A payment that fails starts the retries; there is nobody to tell of it here.
        payment::pay(sim, id, None, payment::Attempt::Automatic).ok();
    }
}

/// Writes and opens the invoice of an immediate change.
pub(crate) fn draft_and_finalize(
    sim: &mut StripeSim,
    subscription_id: &str,
    lines: &[Line],
) -> String {
    let period = sim
        .store
        .get(subscription_id)
        .map_or((sim.now_s, sim.now_s), |found| subscription::period(found));
    let id = draft(sim, subscription_id, Reason::Update, lines, period);
    sim.emit("invoice.created", &id);
    finalize(sim, &id);
    id
}
