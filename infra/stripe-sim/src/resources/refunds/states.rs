//! The states a refund goes through after it was issued, and who moves it: the bank, the customer, or a call.

use serde_json::{Value, json};

use super::{change, retrieve};
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// How long the test cards of refunds take to show how the refund ends. Stripe says "some time later".
pub(crate) const SETTLES_S: i64 = 300;

/// How long a customer has to say where the money is to go.
const ANSWERED_S: i64 = 45 * DAY_S;

/// `POST /v1/refunds/:id/cancel`: only of a refund that waits for its customer.
pub(crate) fn cancel(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    refuse_unless_it_waits(&retrieve(sim, id)?, "canceled")?;
    end(sim, id, "canceled", "merchant_request");
    retrieve(sim, id)
}

/// `POST /v1/test_helpers/refunds/:id/expire`: the customer never answered.
pub(crate) fn expire(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    refuse_unless_it_waits(&retrieve(sim, id)?, "expired")?;
    lapse(sim, id);
    retrieve(sim, id)
}

fn refuse_unless_it_waits(refund: &Value, what: &str) -> Result<(), StripeError> {
    match refund.text("status") {
        "requires_action" => Ok(()),
        status => Err(StripeError::invalid(format!(
            "This refund cannot be {what} because its status is `{status}`. Only refunds with a status of \
             `requires_action` can be {what}."
        ))),
    }
}

/// Lets a refund that waits for its customer fail.
pub(crate) fn lapse(sim: &mut StripeSim, id: &str) {
    end(sim, id, "failed", "unknown");
}

/// The money has arrived.
pub(crate) fn settle(sim: &mut StripeSim, id: &str) {
    change(sim, id, |refund| {
        refund.put("status", "succeeded");
        forget_what_it_waited_for(refund);
    });
}

/// The bank sends the money back.
pub(crate) fn fail(sim: &mut StripeSim, id: &str) {
    end(sim, id, "failed", "expired_or_canceled_card");
}

/// A refund that is on its way when its charge is disputed does not arrive: the dispute takes the money.
pub(crate) fn give_way_to_dispute(sim: &mut StripeSim, charge_id: &str) {
    let pending: Vec<String> = sim
        .objects("refund")
        .filter(|refund| refund.text("charge") == charge_id && refund.text("status") == "pending")
        .map(|refund| refund.text("id").to_owned())
        .collect();
    for refund in pending {
        end(sim, &refund, "failed", "charge_for_pending_refund_disputed");
    }
}

/// Ends a refund whose money stays with the account: the charge counts as not refunded by it.
fn end(sim: &mut StripeSim, id: &str, status: &str, reason: &str) {
    let refund = sim.store.get(id).cloned().unwrap_or_default();
    let transaction = sim.ids.payment("txn");
    change(sim, id, |refund| {
        refund.put("status", status);
        refund.put("failure_reason", reason);
        refund.put("failure_balance_transaction", transaction);
        forget_what_it_waited_for(refund);
    });
    let (charge_id, amount) = (refund.text("charge"), refund.int("amount"));
    sim.update("charge.updated", charge_id, |charge| {
        charge.put("amount_refunded", charge.int("amount_refunded") - amount);
        charge.put("refunded", false);
    });
    if status == "failed" {
        sim.emit("refund.failed", id);
    }
}

fn forget_what_it_waited_for(refund: &mut Value) {
    if let Value::Object(fields) = refund {
        fields.remove("pending_reason");
        fields.remove("next_action");
    }
}

impl StripeSim {
    /// Lets a refund fail after all, as it does when the card was closed meanwhile: the money stays with the account,
    /// and the charge counts as not refunded by it.
    pub fn fail_refund(&mut self, refund_id: &str) -> Result<(), StripeError> {
        self.in_time_of(&[refund_id], |sim| {
            if !is_over(&retrieve(sim, refund_id)?) {
                fail(sim, refund_id);
            }
            Ok(())
        })
    }

    /// Lets the money of a refund arrive that is pending or waits for its customer.
    pub fn settle_refund(&mut self, refund_id: &str) -> Result<(), StripeError> {
        self.in_time_of(&[refund_id], |sim| {
            match retrieve(sim, refund_id)?.text("status") {
                "pending" | "requires_action" => {
                    settle(sim, refund_id);
                    Ok(())
                }
                status => Err(StripeError::invalid(format!(
                    "Refund {refund_id} is not on its way: its status is `{status}`."
                ))),
            }
        })
    }

    /// Lets a refund that has not arrived wait for its customer to say where the money is to go, as Stripe does where
    /// the payment cannot be sent back the way it came: the customer gets a mail and has 45 days.
    pub fn ask_where_to_refund(&mut self, refund_id: &str) -> Result<(), StripeError> {
        self.in_time_of(&[refund_id], |sim| {
            let refund = retrieve(sim, refund_id)?;
            if refund.text("status") != "pending" {
                return Err(StripeError::invalid(format!(
                    "Refund {refund_id} is not pending."
                )));
            }
            let customer = sim.store.get(refund.text("customer")).cloned();
            let (now_s, until_s) = (sim.now_s, sim.now_s + ANSWERED_S);
            let address = customer.unwrap_or_default().text("email").to_owned();
            change(sim, refund_id, |refund| {
                refund.put("status", "requires_action");
                forget_what_it_waited_for(refund);
                let details = json!({
                    "email_sent": {"email_sent_at": now_s, "email_sent_to": address}, "expires_at": until_s,
                });
                refund.put(
                    "next_action",
                    json!({"type": "display_details", "display_details": details}),
                );
            });
            sim.plan(until_s, Task::LapseRefund(refund_id.to_owned()));
            Ok(())
        })
    }
}

fn is_over(refund: &Value) -> bool {
    matches!(refund.text("status"), "failed" | "canceled")
}
