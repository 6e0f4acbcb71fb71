//! What the cardholder, the bank and the card network do: inquire, dispute, escalate, decide, or settle beforehand.

use serde_json::{Value, json};

use super::{no_evidence, retrieve};
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{self, early_fraud_warnings, refunds};
use crate::sim::StripeSim;
use crate::tasks::Task;

/// How long Stripe gives for evidence on most cards.
const EVIDENCE_S: i64 = 8 * DAY_S;

/// How long a bank can make a dispute of an inquiry (docs.stripe.com/disputes/how-disputes-work).
const INQUIRY_S: i64 = 120 * DAY_S;

/// How a dispute ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeEnd {
    /// The bank decides for the account: the money comes back.
    Won,
    /// The bank decides for the cardholder: the money stays away.
    Lost,
}

impl StripeSim {
    /// Lets the cardholder dispute a charge, for one of Stripe's reasons, such as `fraudulent` or `product_not_received`.
    /// Gives the dispute's identifier.
    pub fn open_dispute(&mut self, charge_id: &str, reason: &str) -> Result<String, StripeError> {
        self.in_time_of(&[charge_id], |sim| {
            refuse_what_cannot_be_disputed(sim, charge_id)?;
            Ok(open_on(sim, charge_id, reason))
        })
    }

    /// Lets the bank inquire after a charge before it disputes it, if it ever does: no money moves, and the charge may
    /// still be refunded. Gives the dispute's identifier.
    pub fn open_inquiry(&mut self, charge_id: &str, reason: &str) -> Result<String, StripeError> {
        self.in_time_of(&[charge_id], |sim| {
            refuse_what_cannot_be_disputed(sim, charge_id)?;
            Ok(inquire(sim, charge_id, reason))
        })
    }

    /// Lets the network settle a dispute before it is one, where the account takes part in that: the charge is refunded
    /// whole, and the dispute is `prevented` from its first event on. Gives the dispute's identifier.
    pub fn prevent_dispute(
        &mut self,
        charge_id: &str,
        reason: &str,
    ) -> Result<String, StripeError> {
        self.in_time_of(&[charge_id], |sim| {
            refuse_what_cannot_be_disputed(sim, charge_id)?;
            let charge = sim.store.get(charge_id).cloned().unwrap_or_default();
            let left = refunds::refundable(sim, &charge)?;
            let id = insert(sim, charge_id, reason, ("prevented", "resolution"));
            refunds::issue(sim, charge_id, left, None, json!({}));
            sim.emit("charge.dispute.created", &id);
            sim.emit("charge.dispute.closed", &id);
            Ok(id)
        })
    }

    /// Lets the bank make a dispute of its inquiry, which takes the money away.
    pub fn escalate_inquiry(&mut self, dispute_id: &str) -> Result<(), StripeError> {
        self.in_time_of(&[dispute_id], |sim| {
            if is_inquiry(&retrieve(sim, dispute_id)?) {
                escalate(sim, dispute_id);
                Ok(())
            } else {
                Err(StripeError::invalid(format!(
                    "Dispute {dispute_id} is not an open inquiry."
                )))
            }
        })
    }

    /// Lets the bank drop its inquiry.
    pub fn drop_inquiry(&mut self, dispute_id: &str) -> Result<(), StripeError> {
        self.in_time_of(&[dispute_id], |sim| {
            if is_inquiry(&retrieve(sim, dispute_id)?) {
                close_inquiry(sim, dispute_id);
                Ok(())
            } else {
                Err(StripeError::invalid(format!(
                    "Dispute {dispute_id} is not an open inquiry."
                )))
            }
        })
    }

    /// Lets the bank decide a dispute.
    pub fn close_dispute(&mut self, dispute_id: &str, end: DisputeEnd) -> Result<(), StripeError> {
        self.in_time_of(&[dispute_id], |sim| {
            match retrieve(sim, dispute_id)?.text("status") {
                "needs_response" | "under_review" => {
                    decide(sim, dispute_id, end);
                    Ok(())
                }
                _ => Err(StripeError::invalid(format!(
                    "Dispute {dispute_id} is closed."
                ))),
            }
        })
    }
}

fn refuse_what_cannot_be_disputed(sim: &StripeSim, charge_id: &str) -> Result<(), StripeError> {
    let charge = resources::retrieve(sim, "charge", "charge", charge_id)?;
    if charge.flag("disputed") || charge.text("status") != "succeeded" {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} cannot be disputed: it did not succeed, or is disputed already."
        )));
    }
    Ok(())
}

/// Opens a dispute on a charge and takes the money away.
pub(crate) fn open_on(sim: &mut StripeSim, charge_id: &str, reason: &str) -> String {
    refunds::give_way_to_dispute(sim, charge_id);
    let id = insert(sim, charge_id, reason, ("needs_response", "chargeback"));
    let taken = withdrawal(sim, &id);
    early_fraud_warnings::nothing_left_to_do(sim, charge_id);
    sim.update("charge.updated", charge_id, |charge| {
        charge.put("disputed", true);
    });
    sim.emit("charge.dispute.created", &id);
    sim.store.change(&id, |dispute| {
        dispute.put("balance_transactions", vec![taken])
    });
    sim.emit("charge.dispute.funds_withdrawn", &id);
    id
}

/// Opens an inquiry on a charge.
pub(crate) fn inquire(sim: &mut StripeSim, charge_id: &str, reason: &str) -> String {
    let id = insert(
        sim,
        charge_id,
        reason,
        ("warning_needs_response", "inquiry"),
    );
    sim.plan(sim.now_s + INQUIRY_S, Task::CloseInquiry(id.clone()));
    sim.update("charge.updated", charge_id, |charge| {
        charge.put("disputed", true);
    });
    sim.emit("charge.dispute.created", &id);
    id
}

fn insert(
    sim: &mut StripeSim,
    charge_id: &str,
    reason: &str,
    (status, case_type): (&str, &str),
) -> String {
    let charge = sim.store.get(charge_id).cloned().unwrap_or_default();
    let amount = charge.int("amount") - charge.int("amount_refunded");
    let id = sim.ids.long("du");
    let due_s = sim.now_s + EVIDENCE_S;
    let due_by = match status {
        "prevented" => Value::Null,
        _ => json!(due_s),
    };
    sim.store.insert(json!({
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge_id,
        "created": sim.now_s,
        "currency": charge.at("currency"),
        "enhanced_eligibility_types": [],
        "evidence": no_evidence(),
        "evidence_details": {
            "due_by": due_by, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": case_type == "inquiry",
        "livemode": sim.options.livemode,
        "metadata": {},
        "payment_intent": charge.at("payment_intent"),
        "payment_method_details": {
            "card": {
                "brand": charge.at("payment_method_details/card/brand"),
                "case_type": case_type,
                "network": charge.at("payment_method_details/card/network"),
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": status,
    }));
    if status == "needs_response" {
        sim.plan(due_s, Task::MissEvidence(id.clone()));
    }
    id
}

/// Whether a dispute is an inquiry that is still open.
pub(crate) fn is_inquiry(dispute: &Value) -> bool {
    matches!(
        dispute.text("status"),
        "warning_needs_response" | "warning_under_review"
    )
}

/// Whether the disputes of a charge still let it be refunded.
pub(crate) fn leaves_refundable(sim: &StripeSim, charge_id: &str) -> bool {
    of_charge(sim, charge_id).all(|dispute| dispute.flag("is_charge_refundable"))
}

fn of_charge<'a>(sim: &'a StripeSim, charge_id: &'a str) -> impl Iterator<Item = &'a Value> {
    sim.objects("dispute")
        .filter(move |dispute| dispute.text("charge") == charge_id)
}

/// A charge that was refunded whole leaves nothing to inquire after.
pub(crate) fn settled_by_refund(sim: &mut StripeSim, charge_id: &str) {
    let open: Vec<String> = of_charge(sim, charge_id)
        .filter(|dispute| is_inquiry(dispute))
        .map(|dispute| dispute.text("id").to_owned())
        .collect();
    for inquiry in open {
        close_inquiry(sim, &inquiry);
    }
}

/// Ends an inquiry of which no dispute came.
pub(crate) fn close_inquiry(sim: &mut StripeSim, id: &str) {
    let before = sim.update("charge.dispute.updated", id, |dispute| {
        dispute.put("status", "warning_closed");
    });
    sim.update("charge.updated", before.text("charge"), |charge| {
        charge.put("disputed", false);
    });
    sim.emit("charge.dispute.closed", id);
}

fn escalate(sim: &mut StripeSim, id: &str) {
    let (taken, due_s) = (withdrawal(sim, id), sim.now_s + EVIDENCE_S);
    let before = sim.update("charge.dispute.updated", id, |dispute| {
        dispute.put("status", "needs_response");
        dispute.put("payment_method_details/card/case_type", "chargeback");
        dispute.put("is_charge_refundable", false);
        dispute.put("evidence_details/due_by", due_s);
        dispute.put("balance_transactions", vec![taken]);
    });
    early_fraud_warnings::nothing_left_to_do(sim, before.text("charge"));
    sim.plan(due_s, Task::MissEvidence(id.to_owned()));
    sim.emit("charge.dispute.funds_withdrawn", id);
}

/// The day for evidence has passed without any: the bank decides for the cardholder.
pub(crate) fn miss_evidence(sim: &mut StripeSim, id: &str) {
    sim.store.change(id, |dispute| {
        dispute.put("evidence_details/past_due", true);
    });
    decide(sim, id, DisputeEnd::Lost);
}

/// Stripe's magic words in test mode.
pub(super) fn decide_by_word(sim: &mut StripeSim, id: &str, word: &str) {
    let inquiry = sim.store.get(id).is_some_and(|dispute| is_inquiry(dispute));
    match (word, inquiry) {
        ("winning_evidence", false) => decide(sim, id, DisputeEnd::Won),
        ("losing_evidence", false) => decide(sim, id, DisputeEnd::Lost),
        ("winning_evidence" | "losing_evidence", true) => close_inquiry(sim, id),
        ("escalate_inquiry_evidence", true) => escalate(sim, id),
        _ => {}
    }
}

fn decide(sim: &mut StripeSim, id: &str, end: DisputeEnd) {
    let dispute = sim.store.get(id).cloned().unwrap_or_default();
    match end {
        DisputeEnd::Won => {
            let back = transaction(sim, dispute.int("amount"), "dispute_reversal");
            sim.update("charge.dispute.updated", id, |dispute| {
                dispute.put("status", "won");
                dispute.put("is_charge_refundable", true);
                let mut transactions = dispute.list("balance_transactions").to_vec();
                transactions.push(back);
                dispute.put("balance_transactions", transactions);
            });
            sim.emit("charge.dispute.funds_reinstated", id);
            sim.update("charge.updated", dispute.text("charge"), |charge| {
                charge.put("disputed", false);
            });
        }
        DisputeEnd::Lost => {
            sim.update("charge.dispute.updated", id, |dispute| {
                dispute.put("status", "lost");
            });
        }
    }
    sim.emit("charge.dispute.closed", id);
}

/// Stripe's fee for a dispute, in cents.
const FEE_CENTS: i64 = 1_500;

/// The disputed amount, taken from the account.
fn withdrawal(sim: &mut StripeSim, id: &str) -> Value {
    let amount = sim.store.get(id).map_or(0, |dispute| dispute.int("amount"));
    transaction(sim, -amount, "dispute")
}

fn transaction(sim: &mut StripeSim, amount: i64, category: &str) -> Value {
    let fee = if amount < 0 { FEE_CENTS } else { 0 };
    json!({
        "id": sim.ids.payment("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": sim.now_s,
        "balance_type": "payments",
        "created": sim.now_s,
        "currency": "usd",
        "description": null,
        "exchange_rate": null,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": category,
        "source": null,
        "status": "available",
        "type": "adjustment",
    })
}
