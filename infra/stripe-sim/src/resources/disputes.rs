//! `/v1/disputes`, and the cardholder and the bank behind them.

use serde_json::{Value, json};

use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

/// How long Stripe gives for evidence on most cards.
const EVIDENCE_S: i64 = 8 * DAY_S;

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
        let charge = resources::retrieve(self, "charge", "charge", charge_id)?;
        if charge.flag("disputed") || charge.text("status") != "succeeded" {
            return Err(StripeError::invalid(format!(
                "Charge {charge_id} cannot be disputed: it did not succeed, or is disputed already."
            )));
        }
        Ok(open_on(self, charge_id, reason))
    }

    /// Lets the bank decide a dispute.
    pub fn close_dispute(&mut self, dispute_id: &str, end: DisputeEnd) -> Result<(), StripeError> {
        let dispute = retrieve(self, dispute_id)?;
        if matches!(dispute.text("status"), "won" | "lost") {
            return Err(StripeError::invalid(format!(
                "Dispute {dispute_id} is closed."
            )));
        }
        let charge_id = dispute.text("charge");
        match end {
            DisputeEnd::Won => {
                let back = transaction(self, dispute.int("amount"), "dispute_reversal");
                self.update("charge.dispute.updated", dispute_id, |dispute| {
                    dispute.put("status", "won");
                    dispute.put("is_charge_refundable", true);
                    let mut transactions = dispute.list("balance_transactions").to_vec();
                    transactions.push(back);
                    dispute.put("balance_transactions", transactions);
                });
                self.emit("charge.dispute.funds_reinstated", dispute_id);
                self.update("charge.updated", charge_id, |charge| {
                    charge.put("disputed", false);
                });
            }
            DisputeEnd::Lost => {
                self.update("charge.dispute.updated", dispute_id, |dispute| {
                    dispute.put("status", "lost");
                });
            }
        }
        self.emit("charge.dispute.closed", dispute_id);
        Ok(())
    }
}

/// Opens a dispute on a charge and takes the money away.
pub(crate) fn open_on(sim: &mut StripeSim, charge_id: &str, reason: &str) -> String {
    let charge = sim.store.get(charge_id).cloned().unwrap_or_default();
    let amount = charge.int("amount") - charge.int("amount_refunded");
    let id = sim.ids.long("du");
    let taken = transaction(sim, -amount, "dispute");
    sim.store.insert(json!({
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge_id,
        "created": sim.now_s,
        "currency": charge.at("currency"),
        "enhanced_eligibility_types": [],
        "evidence": evidence(),
        "evidence_details": {
            "due_by": sim.now_s + EVIDENCE_S, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": false,
        "livemode": sim.options.livemode,
        "metadata": {},
        "payment_intent": charge.at("payment_intent"),
        "payment_method_details": {
            "card": {
                "brand": charge.at("payment_method_details/card/brand"),
                "case_type": "chargeback",
                "network": charge.at("payment_method_details/card/network"),
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }));
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

/// Stripe's fee for a dispute, in cents.
const FEE_CENTS: i64 = 1_500;

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

const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

fn evidence() -> Value {
    let mut evidence = json!({"enhanced_evidence": {}});
    for name in EVIDENCE {
        evidence.put(name, Value::Null);
    }
    evidence
}

/// `GET /v1/disputes/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "dispute", "dispute", id)
}

/// `POST /v1/disputes/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    let known: Vec<String> = EVIDENCE
        .iter()
        .map(|name| format!("evidence[{name}]"))
        .collect();
    let known: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .chain(["submit", "metadata[*]"])
        .collect();
    params.only(&known)?;
    let mut dispute = retrieve(sim, id)?;
    for (name, value) in params.object("evidence") {
        dispute.put(&format!("evidence/{name}"), value);
        dispute.put("evidence_details/has_evidence", true);
    }
    let submit = params.flag("submit")?.unwrap_or(true);
    if submit
        && dispute.flag("evidence_details/has_evidence")
        && dispute.text("status") == "needs_response"
    {
        dispute.put("status", "under_review");
        dispute.put("evidence_details/submission_count", 1);
    }
    let mut metadata = dispute.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    dispute.put("metadata", metadata);
    sim.update("charge.dispute.updated", id, |slot| *slot = dispute);
    retrieve(sim, id)
}

/// `POST /v1/disputes/:id/close`: the account accepts that the dispute is lost.
pub(crate) fn close(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    retrieve(sim, id)?;
    sim.close_dispute(id, DisputeEnd::Lost)?;
    retrieve(sim, id)
}

/// `GET /v1/disputes`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "dispute",
        noun: "dispute",
        url: "/v1/disputes",
        owner: None,
    };
    let equal = [("charge", "charge"), ("payment_intent", "payment_intent")];
    resources::list(sim, &listing, params, &equal)
}
