//! `/v1/radar/early_fraud_warnings`: issuers that say a payment was fraud before anybody disputes it.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

const KIND: &str = "radar.early_fraud_warning";

/// Stripe's words for what the issuer believes happened.
const FRAUD_TYPES: [&str; 6] = [
    "card_never_received",
    "fraudulent_card_application",
    "made_with_counterfeit_card",
    "made_with_lost_card",
    "made_with_stolen_card",
    "unauthorized_use_of_card",
];

/// `GET /v1/radar/early_fraud_warnings/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, KIND, "early fraud warning", id)
}

/// `GET /v1/radar/early_fraud_warnings`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: KIND,
        noun: "early fraud warning",
        url: "/v1/radar/early_fraud_warnings",
        owner: None,
    };
    let equal = [("charge", "charge"), ("payment_intent", "payment_intent")];
    resources::list_without_customer(sim, &listing, params, &equal)
}

impl StripeSim {
    /// Lets the issuer of the card warn of a charge, with one of Stripe's types of fraud, such as
    /// `unauthorized_use_of_card`. Gives the warning's identifier.
    pub fn warn_of_fraud(
        &mut self,
        charge_id: &str,
        fraud_type: &str,
    ) -> Result<String, StripeError> {
        self.in_time_of(&[charge_id], |sim| {
            let charge = resources::retrieve(sim, "charge", "charge", charge_id)?;
            if charge.text("status") != "succeeded" || !FRAUD_TYPES.contains(&fraud_type) {
                return Err(StripeError::invalid(format!(
                    "Charge {charge_id} did not succeed, or {fraud_type} is no type of fraud."
                )));
            }
            Ok(warn(sim, charge_id, fraud_type))
        })
    }
}

/// Writes a warning of a charge. Refunding is what can be done about it, while there is something to refund.
pub(crate) fn warn(sim: &mut StripeSim, charge_id: &str, fraud_type: &str) -> String {
    let charge = sim.store.get(charge_id).cloned().unwrap_or_default();
    let id = sim.ids.long("issfr");
    sim.store.insert(json!({
        "id": id,
        "object": KIND,
        "actionable": !charge.flag("refunded") && !charge.flag("disputed"),
        "charge": charge_id,
        "created": sim.now_s,
        "fraud_type": fraud_type,
        "livemode": sim.options.livemode,
        "payment_intent": charge.at("payment_intent"),
    }));
    sim.emit("radar.early_fraud_warning.created", &id);
    id
}

/// A charge that was refunded whole, or is disputed, leaves nothing to do about a warning of it.
pub(crate) fn nothing_left_to_do(sim: &mut StripeSim, charge_id: &str) {
    let warnings: Vec<String> = sim
        .objects(KIND)
        .filter(|warning| warning.text("charge") == charge_id)
        .map(|warning| warning.text("id").to_owned())
        .collect();
    for warning in warnings {
        sim.update("radar.early_fraud_warning.updated", &warning, |warning| {
            warning.put("actionable", false);
        });
    }
}
