//! What no call on the API can do: the customer at the billing portal, the card network, the people at Stripe.

use serde_json::Value;

use crate::billing::payment;
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{customers, payment_methods};
use crate::sim::StripeSim;
use crate::webhooks::Secrets;

/// What the billing portal does with open invoices when a card is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenInvoices {
    /// They wait for their next retry.
    Leave,
    /// They are charged to the new card at once.
    Pay,
}

impl StripeSim {
    /// What the billing portal does when a customer gives another card: it is put on file, becomes the default of the
    /// customer and of its running subscriptions, and pays open invoices if asked to. A card that Stripe refuses to put
    /// on file changes nothing. Gives the new payment method's identifier.
    pub fn replace_card(
        &mut self,
        customer_id: &str,
        card: TestCard,
        open_invoices: OpenInvoices,
    ) -> Result<String, StripeError> {
        self.in_time_of(&[customer_id], |sim| {
            sim.give_card(customer_id, card, open_invoices)
        })
    }

    fn give_card(
        &mut self,
        customer_id: &str,
        card: TestCard,
        open_invoices: OpenInvoices,
    ) -> Result<String, StripeError> {
        customers::living(self, customer_id)?;
        if let Some(decline) = card.decline_at_attach() {
            return Err(decline.error());
        }
        let method = payment_methods::new(self, card, (2030, 8));
        payment_methods::use_for(self, &method, customer_id)?;
        self.update("customer.updated", customer_id, |customer| {
            customer.put("invoice_settings/default_payment_method", method.as_str());
        });
        for subscription in self.ids_of("subscription", customer_id, |subscription| {
            crate::billing::cancel::can_end(subscription)
                && subscription.at("default_payment_method").is_string()
        }) {
            self.update(
                "customer.subscription.updated",
                &subscription,
                |subscription| {
                    subscription.put("default_payment_method", method.as_str());
                },
            );
        }
        if open_invoices == OpenInvoices::Pay {
            let open = self.ids_of("invoice", customer_id, |invoice| {
                invoice.text("status") == "open" && invoice.flag("attempted")
            });
            for invoice in open {
                // A decline is recorded on the invoice; the card was still replaced.
                payment::pay(self, &invoice, None, payment::Attempt::Manual).ok();
            }
        }
        Ok(method)
    }

    /// What the card networks do when a bank sends a new card: the expiry moves on, and nobody asked for it.
    pub fn renew_card(&mut self, payment_method_id: &str) -> Result<(), StripeError> {
        payment_methods::retrieve(self, payment_method_id)?;
        self.in_time_of(&[payment_method_id], |sim| {
            let told = "payment_method.automatically_updated";
            sim.update(told, payment_method_id, |method| {
                method.put("card/exp_year", method.int("card/exp_year") + 4);
            });
        });
        Ok(())
    }

    /// Gives a webhook endpoint another secret, as the dashboard does, and returns it. The one before signs too for
    /// `overlap_s` seconds.
    pub fn roll_endpoint_secret(
        &mut self,
        endpoint_id: &str,
        overlap_s: i64,
    ) -> Result<String, StripeError> {
        let secret = format!("whsec_{}", self.ids.letters(32));
        let until_s = self.now_s + overlap_s;
        let secrets = self.secrets_of(endpoint_id)?;
        let before = std::mem::replace(&mut secrets.current, secret.clone());
        secrets.previous = Some((before, until_s));
        Ok(secret)
    }

    /// Gives a webhook endpoint a secret of the caller's choice, which no Stripe does: a sandbox knows it beforehand.
    pub fn set_endpoint_secret(
        &mut self,
        endpoint_id: &str,
        secret: &str,
    ) -> Result<(), StripeError> {
        *self.secrets_of(endpoint_id)? = Secrets::new(secret.to_owned());
        Ok(())
    }

    fn secrets_of(&mut self, endpoint_id: &str) -> Result<&mut Secrets, StripeError> {
        self.endpoint_secrets
            .get_mut(endpoint_id)
            .ok_or_else(|| StripeError::missing("webhook endpoint", endpoint_id))
    }

    /// The secret of a webhook endpoint, which the API shows only once.
    pub fn endpoint_secret(&self, endpoint_id: &str) -> Option<&str> {
        self.endpoint_secrets
            .get(endpoint_id)
            .map(|secrets| secrets.current.as_str())
    }

    /// Where the hosted page of a session sends its customer once it is paid.
    pub fn return_url(&self, session_id: &str) -> Option<String> {
        let session = self.store.of_kind("checkout.session", session_id)?;
        Some(
            session
                .text("success_url")
                .replace("{CHECKOUT_SESSION_ID}", session_id),
        )
    }

    fn ids_of(&self, kind: &str, customer: &str, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
        self.store
            .all(kind, Some(customer))
            .filter(|object| wanted(object))
            .map(|object| object.text("id").to_owned())
            .collect()
    }
}
