//! `/v1/refunds`

use serde_json::{Value, json};

use crate::billing::line::money;
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::{self, disputes, early_fraud_warnings, payment_methods};
use crate::sim::StripeSim;
use crate::tasks::Task;

mod states;

pub(crate) use states::{SETTLES_S, cancel, expire, fail, give_way_to_dispute, lapse, settle};

/// `POST /v1/refunds`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "charge",
        "payment_intent",
        "amount",
        "currency",
        "instructions_email",
        "reason",
        "metadata[*]",
    ])?;
    let charge = charge(sim, params)?;
    let reason = params.word(
        "reason",
        &["duplicate", "fraudulent", "requested_by_customer"],
    )?;
    let left = refundable(sim, &charge)?;
    let amount = params.int("amount")?.unwrap_or(left);
    refuse_amount(left, amount, charge.text("currency"))?;
    let metadata = params.metadata("metadata")?;
    let id = issue(sim, charge.text("id"), amount, reason, metadata);
    retrieve(sim, &id)
}

/// What is left of a charge to be refunded; an error where nothing may be.
pub(crate) fn refundable(sim: &StripeSim, charge: &Value) -> Result<i64, StripeError> {
    let charge_id = charge.text("id");
    if charge.text("status") != "succeeded" {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} is not refundable because it did not succeed."
        )));
    }
    if !charge.flag("captured") {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} has not been captured; cancel its PaymentIntent instead of refunding it."
        )));
    }
    if charge.flag("disputed") && !disputes::leaves_refundable(sim, charge_id) {
        return Err(StripeError::invalid(format!(
            "Charge {charge_id} has been charged back; cannot issue a refund."
        ))
        .code("charge_disputed"));
    }
    // What was held and not captured counts as refunded.
    match charge.int("amount") - charge.int("amount_refunded") {
        0 => Err(
            StripeError::invalid(format!("Charge {charge_id} has already been refunded."))
                .code("charge_already_refunded"),
        ),
        left => Ok(left),
    }
}

/// Refuses an amount that is none, or beyond what is left.
fn refuse_amount(left: i64, amount: i64, currency: &str) -> Result<(), StripeError> {
    if amount < 1 {
        return Err(StripeError::invalid("Invalid positive integer")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    refuse_more_than(left, amount, currency)
}

/// Refuses an amount beyond what is left.
pub(crate) fn refuse_more_than(left: i64, amount: i64, currency: &str) -> Result<(), StripeError> {
    if amount <= left {
        return Ok(());
    }
    Err(StripeError::invalid(format!(
        "Refund amount ({}) is greater than unrefunded amount on charge ({})",
        money(amount, currency),
        money(left, currency)
    ))
    .param("amount"))
}

/// Refunds an amount that is left of a charge, and gives the refund's identifier.
pub(crate) fn issue(
    sim: &mut StripeSim,
    charge_id: &str,
    amount: i64,
    reason: Option<&str>,
    metadata: Value,
) -> String {
    let charge = sim.store.get(charge_id).cloned().unwrap_or_default();
    let card = payment_methods::card(sim, charge.text("payment_method"));
    let asked = Asked {
        amount,
        reason,
        metadata,
    };
    issue_arriving(sim, &charge, asked, Arrival::on(card))
}

/// What a refund is to be.
struct Asked<'a> {
    amount: i64,
    reason: Option<&'a str>,
    metadata: Value,
}

/// When the money of a refund arrives.
enum Arrival {
    AtOnce,
    /// It is pending for some minutes.
    Later,
    /// It seems to have arrived and comes back some minutes later.
    Never,
    /// It is pending until the account's balance suffices.
    OnceFundsSuffice,
}

impl Arrival {
    fn on(card: TestCard) -> Self {
        match card {
            TestCard::RefundPending => Self::Later,
            TestCard::RefundFails => Self::Never,
            _ => Self::AtOnce,
        }
    }
}

fn issue_arriving(
    sim: &mut StripeSim,
    charge: &Value,
    asked: Asked<'_>,
    arrival: Arrival,
) -> String {
    let Asked {
        amount,
        reason,
        metadata,
    } = asked;
    let charge_id = charge.text("id");
    let left = charge.int("amount") - charge.int("amount_refunded");
    let id = sim.ids.payment("re");
    let transaction = sim.ids.payment("txn");
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
    let mut waits_for = |reason: &str| {
        sim.store.change(&id, |refund| {
            refund.put("status", "pending");
            refund.put("pending_reason", reason);
        });
    };
    match arrival {
        Arrival::AtOnce => {}
        Arrival::Later => {
            waits_for("processing");
            sim.plan(sim.now_s + SETTLES_S, Task::SettleRefund(id.clone()));
        }
        Arrival::Never => {
            sim.plan(sim.now_s + SETTLES_S, Task::FailRefund(id.clone()));
        }
        Arrival::OnceFundsSuffice => waits_for("insufficient_funds"),
    }
    let before = sim.store.change(charge_id, |charge| {
        charge.put("amount_refunded", charge.int("amount_refunded") + amount);
        charge.put("refunded", amount == left);
    });
    sim.emit_change("charge.refunded", &before, charge_id);
    sim.emit("refund.created", &id);
    if amount == left {
        disputes::settled_by_refund(sim, charge_id);
        early_fraud_warnings::nothing_left_to_do(sim, charge_id);
    }
    id
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

/// `GET /v1/charges/:id/refunds`
pub(crate) fn list_of_charge(
    sim: &StripeSim,
    charge: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    let found = resources::retrieve(sim, "charge", "charge", charge)?;
    let listing = Listing {
        kind: "refund",
        noun: "refund",
        url: &format!("/v1/charges/{charge}/refunds"),
        owner: found.text_at("customer"),
    };
    lists::page(&sim.store, &listing, params, |refund| {
        refund.text("charge") == charge
    })
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
    resources::list_without_customer(sim, &listing, params, &equal)
}

impl StripeSim {
    /// Refunds a charge, or a part of it, while the account's balance does not suffice: the refund is pending until it is
    /// settled or fails. Gives its identifier.
    pub fn refund_beyond_balance(
        &mut self,
        charge_id: &str,
        amount: Option<i64>,
    ) -> Result<String, StripeError> {
        self.in_time_of(&[charge_id], |sim| {
            let charge = resources::retrieve(sim, "charge", "charge", charge_id)?;
            let left = refundable(sim, &charge)?;
            let amount = amount.unwrap_or(left);
            refuse_amount(left, amount, charge.text("currency"))?;
            let asked = Asked {
                amount,
                reason: None,
                metadata: json!({}),
            };
            let arrival = Arrival::OnceFundsSuffice;
            Ok(issue_arriving(sim, &charge, asked, arrival))
        })
    }
}

/// Changes a refund and says so twice, as Stripe does: once in the charge's words.
fn change(sim: &mut StripeSim, id: &str, change: impl FnOnce(&mut Value)) {
    let before = sim.update("refund.updated", id, change);
    sim.emit_change("charge.refund.updated", &before, id);
}
