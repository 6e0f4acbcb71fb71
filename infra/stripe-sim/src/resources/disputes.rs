//! `/v1/disputes`, and the cardholder and the bank behind them.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

mod bank;

pub use bank::DisputeEnd;
pub(crate) use bank::{
    close_inquiry, inquire, leaves_refundable, miss_evidence, open_on, settled_by_refund,
};

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

fn no_evidence() -> Value {
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

/// `POST /v1/disputes/:id`. In test mode some texts in `evidence[uncategorized_text]` decide the dispute
/// (docs.stripe.com/testing#disputes).
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
    let waits = matches!(
        dispute.text("status"),
        "needs_response" | "warning_needs_response"
    );
    if params.has("evidence") && !waits {
        return Err(StripeError::invalid(
            "This dispute is no longer waiting for evidence, so its evidence cannot be changed.",
        ));
    }
    for (name, value) in params.object("evidence") {
        let value = if value == json!("") {
            Value::Null
        } else {
            value
        };
        dispute.put(&format!("evidence/{name}"), value);
    }
    let has_evidence = EVIDENCE
        .iter()
        .any(|name| !dispute.at(&format!("evidence/{name}")).is_null());
    dispute.put("evidence_details/has_evidence", has_evidence);
    let submitted = waits && has_evidence && params.flag("submit")?.unwrap_or(true);
    if submitted {
        let reviewed = match dispute.text("status") {
            "warning_needs_response" => "warning_under_review",
            _ => "under_review",
        };
        dispute.put("status", reviewed);
        let submissions = dispute.int("evidence_details/submission_count") + 1;
        dispute.put("evidence_details/submission_count", submissions);
    }
    let mut metadata = dispute.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    dispute.put("metadata", metadata);
    let word = dispute.text("evidence/uncategorized_text").to_owned();
    sim.update("charge.dispute.updated", id, |slot| *slot = dispute);
    if submitted && !sim.options.livemode {
        bank::decide_by_word(sim, id, &word);
    }
    retrieve(sim, id)
}

/// `POST /v1/disputes/:id/close`: the account accepts that the dispute is lost. An inquiry it closes just so, as Stripe's
/// command line does.
pub(crate) fn close(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    if bank::is_inquiry(&retrieve(sim, id)?) {
        sim.drop_inquiry(id)?;
    } else {
        sim.close_dispute(id, DisputeEnd::Lost)?;
    }
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
    resources::list_without_customer(sim, &listing, params, &equal)
}
