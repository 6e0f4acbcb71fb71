//! `/v1/refunds`

use serde_json::{Value, json};

use crate::billing::line::money;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

/// `POST /v1/refunds`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "charge",
        "payment_intent",
        "amount",
        "reason",
        "metadata[*]",
    ])?;
    let charge = charge(sim, params)?;
    let charge_id = charge.text("id").to_owned();
    let reason = params.word(
        "reason",
        &["duplicate", "fraudulent", "requested_by_customer"],
    )?;
    let left = charge.int("amount_captured") - charge.int("amount_refunded");
    if charge.text("status") != "succeeded" {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} is not refundable because it did not succeed."
        )));
    }
    if charge.flag("disputed") {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} has been charged back; cannot issue a refund."
        ))
        .code("charge_disputed"));
    }
    if left == 0 {
        return Err(
            StripeError::invalid(format!("Charge {charge_id} has already been refunded."))
                .code("charge_already_refunded"),
        );
    }
    let amount = params.int("amount")?.unwrap_or(left);
    if amount < 1 {
        return Err(StripeError::invalid("Invalid positive integer")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    if amount > left {
        let currency = charge.text("currency");
        return Err(StripeError::invalid(format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({})",
            money(amount, currency),
            money(left, currency)
        ))
        .param("amount"));
    }
    let id = sim.ids.payment("re");
    let transaction = sim.ids.payment("txn");
    let metadata = params.metadata("metadata")?;
    sim.store.insert(json!({
        "id": id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": transaction,
        "charge": charge_id,
        "created": sim.now_s,
        "currency": charge.at("currency"),
        "customer": charge.at("customer"),
        "customer_account": null,
        "destination_details": {
            "card": {
                "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund",
            },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge.at("payment_intent"),
        "payment_method": charge.at("payment_method"),
        "reason": reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    }));
    let before = sim.store.change(&charge_id, |charge| {
        charge.put("amount_refunded", charge.int("amount_refunded") + amount);
        charge.put("refunded", amount == left);
    });
    sim.emit_change("charge.refunded", &before, &charge_id);
    sim.emit("refund.created", &id);
    retrieve(sim, &id)
}

fn charge(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let (id, param) = match (params.given("charge"), params.given("payment_intent")) {
        (Some(charge), _) => (charge.to_owned(), "charge"),
        (None, Some(intent)) => {
            let found = sim.store.of_kind("payment_intent", intent).ok_or_else(|| {
                StripeError::missing_param("payment_intent", intent, "payment_intent")
            })?;
            let charge = found.text_at("latest_charge").ok_or_else(|| {
                StripeError::invalid(format!(
                    "This PaymentIntent ({intent}) does not have a successful charge to refund."
                ))
            })?;
            (charge.to_owned(), "payment_intent")
        }
        (None, None) => {
            return Err(StripeError::invalid(
                "One of the following params should be provided for this request: payment_intent or charge.",
            )
            .code("parameter_missing"));
        }
    };
    sim.store
        .of_kind("charge", &id)
        .map(|charge| Value::clone(charge))
        .ok_or_else(|| StripeError::missing_param("charge", &id, param))
}

/// `GET /v1/refunds/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "refund", "refund", id)
}

/// `POST /v1/refunds/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["metadata[*]"])?;
    let mut metadata = retrieve(sim, id)?.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    change(sim, id, |refund| refund.put("metadata", metadata));
    retrieve(sim, id)
}

/// `GET /v1/refunds`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    // The refunds of a charge are found among its customer's.
    let owner = params
        .given("charge")
        .or(params.given("payment_intent"))
        .and_then(|id| sim.store.get(id))
        .map(|charge| charge.text("customer"));
    let listing = Listing {
        kind: "refund",
        noun: "refund",
        url: "/v1/refunds",
        owner,
    };
    let equal = [("charge", "charge"), ("payment_intent", "payment_intent")];
    resources::list(sim, &listing, params, &equal)
}

/// Changes a refund and says so twice, as Stripe does: once in the charge's words.
fn change(sim: &mut StripeSim, id: &str, change: impl FnOnce(&mut Value)) {
    let before = sim.update("refund.updated", id, change);
    sim.emit_change("charge.refund.updated", &before, id);
}

impl StripeSim {
    /// Lets a refund fail after all, as it does when the card was closed meanwhile: the money stays with the account,
    /// and the charge counts as not refunded by it.
    pub fn fail_refund(&mut self, refund_id: &str) -> Result<(), StripeError> {
        let refund = retrieve(self, refund_id)?;
        if refund.text("status") == "failed" {
            return Ok(());
        }
        let transaction = self.ids.payment("txn");
        change(self, refund_id, |refund| {
            refund.put("status", "failed");
            refund.put("failure_reason", "expired_or_canceled_card");
            refund.put("failure_balance_transaction", transaction);
        });
        let (charge_id, amount) = (refund.text("charge"), refund.int("amount"));
        self.update("charge.updated", charge_id, |charge| {
            charge.put("amount_refunded", charge.int("amount_refunded") - amount);
            charge.put("refunded", false);
        });
        self.emit("refund.failed", refund_id);
        Ok(())
    }
}
