//! The invoice object, from draft to open.

use serde_json::{Value, json};

use crate::billing::line::{self, Line};
use crate::billing::{discount, payment, settlement, subscription};
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

/// Writes a draft of these lines, takes in the invoice items among them, and makes it the subscription's latest. The
/// subscription's coupons take off what they do.
pub(crate) fn draft(
    sim: &mut StripeSim,
    subscription_id: &str,
    reason: Reason,
    lines: &[Line],
    period: (i64, i64),
) -> String {
    let id = sim.ids.long("in");
    let subscription = sim.store.get(subscription_id).cloned().unwrap_or_default();
    let about = About {
        customer: subscription.text("customer").to_owned(),
        currency: subscription.text("currency").to_owned(),
        reason: reason.word(),
        parent: json!({
            "quote_details": null,
            "subscription_details": {
                "metadata": subscription.at("metadata"),
                "subscription": subscription_id,
            },
            "type": "subscription_details",
        }),
        discounts: discount::live(sim, &subscription, sim.now_s),
    };
    let invoice = object(sim, &id, &about, lines, period);
    sim.store.insert(invoice);
    take_items(sim, &id, lines);
    sim.store.change(subscription_id, |subscription| {
        subscription.put("latest_invoice", id.as_str());
    });
    id
}

/// Writes the invoice into the items that its lines come from.
pub(crate) fn take_items(sim: &mut StripeSim, id: &str, lines: &[Line]) {
    for item in lines.iter().filter_map(|line| line.invoice_item.as_deref()) {
        sim.store.change(item, |item| item.put("invoice", id));
    }
}

/// Brings a draft's lines of some invoice items to what the items say, new, changed, or gone, and gives it metadata.
pub(crate) fn rewrite_items(
    sim: &mut StripeSim,
    id: &str,
    items: &[String],
    metadata: Option<Value>,
) {
    let Some(mut invoice) = sim.store.get(id).map(|invoice| Value::clone(invoice)) else {
        return;
    };
    let mut lines = invoice.list("lines/data").to_vec();
    for item in items {
        rewrite_line(sim, &invoice, &mut lines, item);
    }
    if let Some(metadata) = metadata {
        invoice.put("metadata", metadata);
    }
    put_lines(sim, &mut invoice, lines);
    sim.update("invoice.updated", id, |slot| *slot = invoice);
}

fn rewrite_line(sim: &mut StripeSim, invoice: &Value, lines: &mut Vec<Value>, item_id: &str) {
    let id = invoice.text("id");
    let at = lines
        .iter()
        .position(|line| line.text("parent/invoice_item_details/invoice_item") == item_id);
    let item = sim.store.get(item_id).cloned();
    let on_it = item.filter(|item| item.text("invoice") == id);
    let new = on_it.map(|item| {
        let currency = invoice.text("currency");
        line::of_invoice_item(sim, &item).object(sim, id, currency)
    });
    match (at, new) {
        (Some(at), Some(mut new)) => {
            new.put("id", lines[at].at("id").clone());
            lines[at] = new;
        }
        (Some(at), None) => {
            lines.remove(at);
        }
        (None, Some(new)) => lines.push(new),
        (None, None) => {}
    }
}

/// Whose an invoice is, and why it is written.
pub(crate) struct About {
    pub(crate) customer: String,
    pub(crate) currency: String,
    /// The field `billing_reason`.
    pub(crate) reason: &'static str,
    /// The field `parent`.
    pub(crate) parent: Value,
    /// The discounts that take something off its lines.
    pub(crate) discounts: Vec<String>,
}

/// The object of an invoice, as a draft that nobody stored.
pub(crate) fn object(
    sim: &mut StripeSim,
    id: &str,
    about: &About,
    lines: &[Line],
    period: (i64, i64),
) -> Value {
    let customer = sim.store.get(&about.customer).cloned().unwrap_or_default();
    let currency = about.currency.as_str();
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
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": null,
        "attempt_count": 0,
        "attempted": false,
        "auto_advance": true,
        "automatic_tax": {
            "disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null,
        },
        "automatically_finalizes_at": null,
        "billing_reason": about.reason,
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
        "discounts": about.discounts,
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
        "parent": about.parent,
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
        "starting_balance": customer.int("balance"),
        "statement_descriptor": null,
        "status": "draft",
        "status_transitions": {
            "finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": sim.test_clock(),
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": null,
    });
    put_lines(sim, &mut invoice, lines);
    invoice
}

/// Writes the lines of a draft, what its discounts take off them, and the sums that follow.
pub(crate) fn put_lines(sim: &StripeSim, invoice: &mut Value, mut lines: Vec<Value>) {
    let discounts: Vec<String> = invoice
        .list("discounts")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let taken_off = discount::apply(sim, &discounts, &mut lines);
    let subtotal: i64 = lines.iter().map(|line| line.int("amount")).sum();
    let total = subtotal - taken_off.iter().map(|off| off.int("amount")).sum::<i64>();
    let amount_due = (total + invoice.int("starting_balance")).max(0);
    for (field, amount) in [
        ("subtotal", subtotal),
        ("subtotal_excluding_tax", subtotal),
        ("total", total),
        ("total_excluding_tax", total),
        ("amount_due", amount_due),
        ("amount_remaining", amount_due),
    ] {
        invoice.put(field, amount);
    }
    invoice.put("total_discount_amounts", taken_off);
    let url = format!("/v1/invoices/{}/lines", invoice.text("id"));
    invoice.put("lines", lists::embedded(lines, &url));
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

/// Lets an open invoice be charged by itself after a while, where it advances by itself.
pub(crate) fn charge_later(sim: &mut StripeSim, id: &str) {
    let due_s = sim.now_s + sim.options.draft_s;
    let advances = sim.store.get(id).is_some_and(|invoice| {
        invoice.text("status") == "open"
            && invoice.flag("auto_advance")
            && invoice.text("collection_method") == "charge_automatically"
    });
    sim.store.change(id, |invoice| {
        invoice.put(
            "next_payment_attempt",
            if advances { json!(due_s) } else { Value::Null },
        );
    });
    if advances {
        sim.plan(due_s, Task::RetryPayment(id.to_owned()));
    }
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
    discount::use_up(sim, &invoice);
    if amount_due == 0 {
        settlement::settle_without_charge(sim, id);
    }
}

/// Finalises a draft whose time has come, and charges for it.
pub(crate) fn finalize_and_pay(sim: &mut StripeSim, id: &str) {
    finalize(sim, id);
    let still_open = sim.store.get(id).is_some_and(|invoice| {
        invoice.text("status") == "open"
            && invoice.text("collection_method") == "charge_automatically"
    });
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
