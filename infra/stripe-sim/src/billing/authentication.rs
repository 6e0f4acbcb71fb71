//! Payments that wait for the customer to prove who pays: 3D Secure.

use serde_json::{Value, json};

use crate::billing::{charge, direct, payment, settlement};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{payment_intents, setup_intents};
use crate::sim::StripeSim;

/// What the customer does when the bank asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// The bank is satisfied, and the payment goes through.
    Passed,
    /// The customer refuses or fails, and the payment waits for another card.
    Failed,
}

/// The invoice that an intent pays.
pub(crate) fn invoice_of(sim: &StripeSim, intent: &Value) -> Option<String> {
    let id = intent.text("id");
    let mut invoices = sim.store.all("invoice", intent.text_at("customer")).rev();
    let found = invoices.find(|invoice| {
        payment::default_payment(sim, invoice.text("id"))
            .is_some_and(|payment| payment.text("payment/payment_intent") == id)
    });
    found.map(|invoice| invoice.text("id").to_owned())
}

/// Leaves an intent waiting for its customer.
pub(crate) fn ask(sim: &mut StripeSim, intent_id: &str, method: &str, return_url: Option<&str>) {
    let next_action = match return_url {
        Some(return_url) => json!({
            "type": "redirect_to_url",
            "redirect_to_url": {
                "return_url": return_url,
                "url": format!("https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={intent_id}"),
            },
        }),
        None => json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": ""},
        }),
    };
    sim.store.change(intent_id, |intent| {
        intent.put("status", "requires_action");
        intent.put("payment_method", method);
        intent.put("last_payment_error", Value::Null);
        intent.put("next_action", next_action);
    });
    sim.emit("payment_intent.requires_action", intent_id);
}

impl StripeSim {
    /// What the customer does on the bank's page, for a payment or setup intent in `requires_action`.
    pub fn authenticate(
        &mut self,
        intent_id: &str,
        outcome: Authentication,
    ) -> Result<Value, StripeError> {
        self.in_time_of(&[intent_id], |sim| {
            if intent_id.starts_with("seti_") {
                setup_intents::authenticate(sim, intent_id, outcome)
            } else {
                sim.answer_bank(intent_id, outcome)
            }
        })
    }

    fn answer_bank(
        &mut self,
        intent_id: &str,
        outcome: Authentication,
    ) -> Result<Value, StripeError> {
        let intent = payment_intents::retrieve(self, intent_id)?;
        if intent.text("status") != "requires_action" {
            return Err(StripeError::invalid(format!(
                "This PaymentIntent waits for no authentication: its status is {}.",
                intent.text("status")
            ))
            .code("payment_intent_unexpected_state"));
        }
        let method = intent.text("payment_method").to_owned();
        let payment =
            invoice_of(self, &intent).and_then(|invoice| payment::default_payment(self, &invoice));
        match (outcome, payment) {
            (Authentication::Passed, Some(payment)) => {
                let charge_id = charge::insert(self, &intent, &method, None);
                let attempt = payment::Attempt::Manual;
                settlement::succeeded(self, &payment, &charge_id, &method, attempt);
            }
            (Authentication::Passed, None) if intent.text("confirmation_method") == "manual" => {
                // The server is to confirm once more.
                self.authenticated.insert(intent_id.to_owned());
                self.store.change(intent_id, |intent| {
                    intent.put("status", "requires_confirmation");
                    intent.put("next_action", Value::Null);
                });
            }
            (Authentication::Passed, None) => direct::succeeded(self, intent_id, &method),
            (Authentication::Failed, _) => self.fail_authentication(intent_id, &method),
        }
        payment_intents::retrieve(self, intent_id)
    }

    fn fail_authentication(&mut self, intent_id: &str, method: &str) {
        let code = "payment_intent_authentication_failure";
        let card = self.store.get(method).cloned().unwrap_or_default();
        self.store.change(intent_id, |intent| {
            intent.put("status", "requires_payment_method");
            intent.put("payment_method", Value::Null);
            intent.put("next_action", Value::Null);
            intent.put(
                "last_payment_error",
                json!({
                    "code": code,
                    "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
                    "message": "We are unable to authenticate your payment method. Please choose a different payment \
                                method and try again.",
                    "payment_method": *card,
                    "type": "invalid_request_error",
                }),
            );
        });
        self.emit("payment_intent.payment_failed", intent_id);
    }
}
