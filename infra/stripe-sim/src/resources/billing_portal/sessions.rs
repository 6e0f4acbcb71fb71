//! `/v1/billing_portal/sessions`, and what their page does.

use serde_json::{Value, json};

use super::configurations;
use crate::billing::authentication::Authentication;
use crate::billing::cancel;
use crate::calendar::HOUR_S;
use crate::cards::TestCard;
use crate::control::OpenInvoices;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::{customers, subscriptions};
use crate::sim::StripeSim;

const KIND: &str = "billing_portal.session";

/// How long a session can be used. On Stripe its link opens for five minutes and then lasts an hour from the last thing
/// done; here both are an hour from its start.
const USABLE_S: i64 = HOUR_S;

/// `POST /v1/billing_portal/sessions`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "configuration",
        "flow_data[type]",
        "flow_data[subscription_cancel][subscription]",
        "flow_data[after_completion][type]",
        "flow_data[after_completion][redirect][return_url]",
        "flow_data[after_completion][hosted_confirmation][custom_message]",
        "locale",
        "return_url",
    ])?;
    let customer = params.required("customer")?;
    customers::living(sim, customer)?;
    let flow = flow(sim, customer, params)?;
    let configuration = match params.given("configuration") {
        Some(id) => {
            let found = configurations::retrieve(sim, id)
                .map_err(|error| error.status(400).param("configuration"))?;
            if !found.flag("active") {
                return Err(StripeError::invalid(format!(
                    "The configuration `{id}` is not active."
                ))
                .param("configuration"));
            }
            id.to_owned()
        }
        None => configurations::default(sim),
    };
    let return_url = match params.given("return_url") {
        Some(url) => json!(url),
        None => configurations::retrieve(sim, &configuration)?
            .at("default_return_url")
            .clone(),
    };
    let id = sim.ids.long("bps");
    sim.store.insert(json!({
        "id": id,
        "object": KIND,
        "configuration": configuration,
        "created": sim.home_s(),
        "customer": customer,
        "customer_account": null,
        "flow": flow,
        "livemode": sim.options.livemode,
        "locale": params.given("locale"),
        "on_behalf_of": null,
        "return_url": return_url,
        "url": format!("{PAGE}{id}"),
    }));
    sim.emit("billing_portal.session.created", &id);
    sim.portal_session(&id)
}

/// Where Stripe serves the portal.
const PAGE: &str = "https://billing.stripe.com/p/session/";

/// What the session opens with; null for the portal's first page.
fn flow(sim: &StripeSim, customer: &str, params: &Params) -> Result<Value, StripeError> {
    if !params.has("flow_data") {
        return Ok(Value::Null);
    }
    let data = params.below("flow_data");
    data.required("type")?;
    let kind = data.word("type", &["payment_method_update", "subscription_cancel"])?;
    let subscription = if kind == Some("subscription_cancel") {
        let id = data.required("subscription_cancel[subscription]")?;
        let name = "flow_data[subscription_cancel][subscription]";
        let missing = || StripeError::missing_param("subscription", id, name);
        let found = sim.store.of_kind("subscription", id).ok_or_else(missing)?;
        if found.text("customer") != customer {
            return Err(missing());
        }
        if !cancel::can_end(found) || found.flag("cancel_at_period_end") {
            return Err(StripeError::invalid(format!(
                "The subscription `{id}` is already canceled or set to cancel."
            ))
            .param(name));
        }
        json!({"retention": null, "subscription": id})
    } else {
        Value::Null
    };
    let after = ["portal_homepage", "hosted_confirmation", "redirect"];
    let then = data
        .word("after_completion[type]", &after)?
        .unwrap_or(after[0]);
    let redirect = match data.given("after_completion[redirect][return_url]") {
        None if then == "redirect" => {
            return Err(StripeError::parameter_missing(
                "flow_data[after_completion][redirect][return_url]",
            ));
        }
        url => url.map(|url| json!({"return_url": url})),
    };
    let message = data.given("after_completion[hosted_confirmation][custom_message]");
    Ok(json!({
        "after_completion": {
            "hosted_confirmation": (then == after[1]).then(|| json!({"custom_message": message})),
            "redirect": redirect,
            "type": then,
        },
        "customer_update": null,
        "subscription_cancel": subscription,
        "subscription_update": null,
        "subscription_update_confirm": null,
        "type": kind,
    }))
}

impl StripeSim {
    /// A session of the billing portal that can still be used.
    pub fn portal_session(&self, id: &str) -> Result<Value, StripeError> {
        let session = self.store.of_kind(KIND, id);
        let session = session.ok_or_else(|| StripeError::missing("billing portal session", id))?;
        if session.int("created") + USABLE_S < self.home_s() {
            return Err(StripeError::invalid(
                "This billing portal session has expired.",
            ));
        }
        customers::living(self, session.text("customer"))?;
        Ok(Value::clone(session))
    }

    /// What the portal does when its customer gives another card.
    pub fn portal_card(&mut self, session_id: &str, card: TestCard) -> Result<String, StripeError> {
        let session = self.portal_that_may(session_id, "payment_method_update")?;
        self.replace_card(session.text("customer"), card, OpenInvoices::Leave)
    }

    /// What the portal does when its customer cancels: at once or at the end of the period, as it is set up.
    pub fn portal_cancel(
        &mut self,
        session_id: &str,
        subscription_id: &str,
    ) -> Result<Value, StripeError> {
        let session = self.portal_that_may(session_id, "subscription_cancel")?;
        self.own_subscription(&session, subscription_id)?;
        let configuration = configurations::retrieve(self, session.text("configuration"))?;
        let settings = configuration.at("features/subscription_cancel");
        if settings.text("mode") == "immediately" {
            let prorate = (settings.text("proration_behavior") != "none").to_string();
            let params = Params::default().with("prorate", &prorate);
            return self.in_time_of(&[subscription_id], |sim| {
                subscriptions::delete(sim, subscription_id, &params)
            });
        }
        let params = Params::default().with("cancel_at_period_end", "true");
        self.in_time_of(&[subscription_id], |sim| {
            subscriptions::update(sim, subscription_id, &params)
        })
    }

    /// What the portal does when its customer takes a cancellation back before its day.
    pub fn portal_renew(
        &mut self,
        session_id: &str,
        subscription_id: &str,
    ) -> Result<Value, StripeError> {
        let session = self.portal_that_may(session_id, "subscription_cancel")?;
        self.own_subscription(&session, subscription_id)?;
        let params = Params::default().with("cancel_at_period_end", "false");
        self.in_time_of(&[subscription_id], |sim| {
            subscriptions::update(sim, subscription_id, &params)
        })
    }

    /// What the bank's page does for a customer whom the portal's invoices led there.
    pub fn portal_authenticate(
        &mut self,
        session_id: &str,
        intent_id: &str,
        outcome: Authentication,
    ) -> Result<Value, StripeError> {
        let session = self.portal_that_may(session_id, "invoice_history")?;
        let intent = self.store.of_kind("payment_intent", intent_id);
        if intent.is_none_or(|intent| intent.at("customer") != session.at("customer")) {
            return Err(StripeError::missing("payment_intent", intent_id));
        }
        self.authenticate(intent_id, outcome)
    }

    /// The session, if its configuration lets the customer use a feature.
    fn portal_that_may(&self, id: &str, feature: &str) -> Result<Value, StripeError> {
        let session = self.portal_session(id)?;
        let configuration = configurations::retrieve(self, session.text("configuration"))?;
        if configuration.flag(&format!("features/{feature}/enabled")) {
            Ok(session)
        } else {
            Err(StripeError::invalid(format!(
                "This feature of the portal is disabled in its configuration: {feature}."
            )))
        }
    }

    fn own_subscription(&self, session: &Value, id: &str) -> Result<(), StripeError> {
        let found = self.store.of_kind("subscription", id);
        match found.filter(|subscription| subscription.at("customer") == session.at("customer")) {
            Some(_) => Ok(()),
            None => Err(StripeError::missing("subscription", id)),
        }
    }
}
