//! Events as Stripe sends them, made by the simulator: of customers who subscribe, and whose subscription renews.

use std::collections::BTreeSet;

use local::stripe::Stripe;
use serde_json::Value;
use shared::clock::Clock;
use shared::event::subscribed_kinds;
use shared::plan::Plan;
use shared::time::Timestamp;
use stripe_sim::{DeliveryAnswer, TestCard, signature_header};
use tests::triggers::webhook_request;

/// The plan that is sold. Not the founding plan: the checkout of a founding member has its schedule set up by the retry
/// worker, so it is never settled on the fast path.
const PLAN: Plan = Plan::Prospector;

/// Longer than any month, and the hour for which a renewal invoice stays a draft.
const PERIOD_S: i64 = 32 * 24 * 60 * 60;

/// One event on its way.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// Its type.
    pub(crate) kind: String,
    /// It as JSON.
    pub(crate) body: String,
}

/// A Stripe account whose customers come and stay.
pub(crate) struct Customers {
    stripe: Stripe,
    clock: Clock,
    price: String,
    kinds: BTreeSet<&'static str>,
}

impl Customers {
    /// An account nobody has subscribed to yet.
    pub(crate) fn none(stripe: Stripe, clock: Clock) -> Result<Self, String> {
        let query = [("lookup_keys[]", PLAN.key())];
        let prices = stripe.call("GET", "/v1/prices", &query)?;
        Ok(Self {
            price: id(&prices["data"][0])?,
            stripe,
            clock,
            kinds: subscribed_kinds().collect(),
        })
    }

    /// Has one more customer subscribe, and gives the events of that checkout.
    pub(crate) fn subscribe(&self) -> Result<Vec<Sent>, String> {
        let customer = [("email", "ada@example.com"), ("name", "Ada Example")];
        let customer = id(&self.stripe.call("POST", "/v1/customers", &customer)?)?;
        let session = [
            ("mode", "subscription"),
            ("customer", &customer),
            ("client_reference_id", "user_1"),
            ("line_items[0][price]", &self.price),
            ("line_items[0][quantity]", "1"),
            ("metadata[plan]", PLAN.key()),
            ("success_url", "https://app.example.com/welcome"),
        ];
        let session = self
            .stripe
            .call("POST", "/v1/checkout/sessions", &session)?;
        // What went before belongs to signing up, not to subscribing.
        self.sent();
        let completed = self
            .stripe
            .now()
            .complete_checkout(&id(&session)?, TestCard::Good);
        completed.map_err(|error| error.message.to_string())?;
        Ok(self.sent())
    }

    /// Lets a period pass, and gives the events of every renewal in it, each customer's in their order.
    pub(crate) fn renew(&self) -> Vec<Sent> {
        let now = self.clock.now().plus_s(PERIOD_S);
        self.clock.advance_to(now);
        self.sent()
    }

    /// The events sent since the last time, as far as our endpoint is subscribed to them.
    fn sent(&self) -> Vec<Sent> {
        let mut sim = self.stripe.now();
        let deliveries = sim.take_deliveries();
        for delivery in &deliveries {
            sim.delivered(&delivery.id, DeliveryAnswer::Status(200));
        }
        let ours = deliveries
            .into_iter()
            .filter(|delivery| self.kinds.contains(delivery.event_type.as_str()));
        ours.map(|delivery| Sent {
            kind: delivery.event_type,
            body: String::from_utf8_lossy(&delivery.body).into_owned(),
        })
        .collect()
    }
}

impl Sent {
    /// The event that API Gateway makes of its delivery at `now`.
    pub(crate) fn through_gateway(&self, secret: &str, now: Timestamp) -> Value {
        let signature = signature_header(secret, now.as_s(), self.body.as_bytes());
        webhook_request(&self.body, &signature, now)
    }
}

fn id(object: &Value) -> Result<String, String> {
    let id = object["id"].as_str();
    id.map(str::to_owned)
        .ok_or_else(|| format!("Stripe answered an object without an id: {object}"))
}
