//! What a credit note does: to its invoice, to the customer's balance, and to the money that was paid.

use serde_json::{Value, json};

use super::asked::{Asked, refund_object};
use crate::billing::{payment, settlement};
use crate::fields::Fields;
use crate::resources::{customer_balance, refunds};
use crate::sim::StripeSim;

/// Issues a note under an identifier, with everything that follows from it.
pub(super) fn issue(sim: &mut StripeSim, id: &str, asked: &Asked) {
    let invoice = asked.invoice.text("id");
    let mut ids = sim.ids.clone();
    let mut note = asked.object(sim, &mut ids, id);
    sim.ids = ids;
    if let Some(charge) = &asked.charge {
        // A refund has fewer reasons than a note.
        let reason = asked
            .reason
            .as_deref()
            .filter(|reason| ["duplicate", "fraudulent"].contains(reason))
            .unwrap_or("requested_by_customer");
        let refund = refunds::issue(sim, charge, asked.refund, Some(reason), json!({}));
        let mut refunds = note.list("refunds").to_vec();
        refunds.push(refund_object(&refund, asked.refund));
        note.put("refunds", refunds);
    }
    if asked.credit > 0 {
        let (customer, currency) = (note.text("customer"), note.text("currency"));
        let transaction =
            customer_balance::shift(sim, customer, -asked.credit, "credit_note", currency);
        sim.store.change(&transaction, |transaction| {
            transaction.put("credit_note", id);
            transaction.put("invoice", invoice);
        });
        note.put("customer_balance_transaction", transaction);
    }
    sim.store.insert(note);
    sim.emit("credit_note.created", id);
    let (pre_payment, post_payment) = (asked.pre_payment, asked.post_payment);
    sim.update("invoice.updated", invoice, |invoice| {
        let post = invoice.int("post_payment_credit_notes_amount");
        invoice.put("post_payment_credit_notes_amount", post + post_payment);
        take_off(invoice, pre_payment);
    });
    ask_for_what_remains(sim, invoice);
    let nothing_remains = sim.store.get(invoice).is_some_and(|invoice| {
        invoice.text("status") != "paid" && invoice.int("amount_remaining") == 0
    });
    if nothing_remains {
        settlement::cancel_intent(sim, invoice);
        settlement::settle_without_charge(sim, invoice);
    }
}

/// Takes a note back that nothing was paid out for: its amount is due again.
pub(super) fn void(sim: &mut StripeSim, id: &str) {
    let now_s = sim.now_s;
    let before = sim.store.change(id, |note| {
        note.put("status", "void");
        note.put("voided_at", now_s);
    });
    sim.emit("credit_note.voided", id);
    let invoice = before.text("invoice");
    sim.update("invoice.updated", invoice, |invoice| {
        take_off(invoice, -before.int("pre_payment_amount"));
    });
    ask_for_what_remains(sim, invoice);
}

fn take_off(invoice: &mut Value, amount: i64) {
    for (field, change) in [
        ("amount_due", -amount),
        ("amount_remaining", -amount),
        ("pre_payment_credit_notes_amount", amount),
    ] {
        invoice.put(field, invoice.int(field) + change);
    }
}

/// The payment of an invoice asks for no more than remains.
fn ask_for_what_remains(sim: &mut StripeSim, invoice: &str) {
    let remains = sim
        .store
        .get(invoice)
        .filter(|invoice| matches!(invoice.text("status"), "open" | "uncollectible"))
        .map_or(0, |invoice| invoice.int("amount_remaining"));
    if remains == 0 {
        return;
    }
    if let Some(payment) = payment::default_payment(sim, invoice) {
        sim.store.change(payment.text("id"), |payment| {
            payment.put("amount_requested", remains);
        });
        sim.store
            .change(payment.text("payment/payment_intent"), |intent| {
                intent.put("amount", remains);
            });
    }
}
