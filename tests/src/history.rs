//! What happens at Stripe, with the webhooks held back, so that a test can bring them in any order.

use futures::future::join_all;
use local::cloud::{Fault, Matching, Service};
use serde_json::Value;
use stripe_sim::{DisputeEnd, OpenInvoices, TestCard};

use crate::World;

/// One thing that somebody does at Stripe, or that time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Nothing but time, in seconds. Without it everything happens within one second.
    Wait(i64),
    /// The subscription moves to the plan with this lookup key, charged at once.
    Move(&'static str),
    /// It is to end with the period, or no longer.
    EndWithPeriod(bool),
    /// Collection is paused or goes on.
    Pause(bool),
    /// The card is replaced, and open invoices are paid with it.
    Card(TestCard),
    /// A dollar of the last charge is given back.
    Refund,
    /// The last charge is disputed, and the dispute lost.
    LoseDispute,
    /// The subscription ends now.
    Cancel,
    /// The customer is deleted.
    DeleteCustomer,
}

/// An event as Stripe would post it.
#[derive(Debug, Clone)]
pub struct Held {
    /// Stripe's id of the event.
    pub id: String,
    /// Its type.
    pub kind: String,
    body: Vec<u8>,
}

impl Held {
    /// The body as text.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl World {
    /// Does one thing at Stripe. What Stripe refuses, because it makes no sense by now, is not done.
    pub fn happen(&self, customer: &str, deed: Deed) {
        let stripe = self.sandbox.stripe();
        let last = |kind: &str| -> String {
            let sim = stripe.now();
            let mut of_customer = sim
                .objects(kind)
                .filter(|object| object["customer"] == customer);
            let id = of_customer.next_back().map(|object| object["id"].clone());
            id.as_ref()
                .and_then(Value::as_str)
                .unwrap_or("none")
                .to_owned()
        };
        let subscription = format!("/v1/subscriptions/{}", last("subscription"));
        // A refusal is part of many a history: whoever clicks in a dashboard meets them too.
        let done = match deed {
            Deed::Wait(seconds) => {
                self.sandbox
                    .time()
                    .clock()
                    .advance_to(self.now().plus_s(seconds));
                stripe.now().advance_to(self.now().as_s());
                Ok(Value::Null)
            }
            Deed::Move(plan) => {
                let item = self.at_stripe(&last("subscription"))["items"]["data"][0]["id"].clone();
                let price = self.price(plan);
                let form = [
                    ("items[0][id]", item.as_str().unwrap_or_default()),
                    ("items[0][price]", price.as_str()),
                    ("proration_behavior", "always_invoice"),
                ];
                stripe.call("POST", &subscription, &form)
            }
            Deed::EndWithPeriod(ends) => {
                let ends = if ends { "true" } else { "false" };
                stripe.call("POST", &subscription, &[("cancel_at_period_end", ends)])
            }
            Deed::Pause(true) => stripe.call(
                "POST",
                &subscription,
                &[("pause_collection[behavior]", "void")],
            ),
            Deed::Pause(false) => stripe.call("POST", &subscription, &[("pause_collection", "")]),
            Deed::Card(card) => {
                let replaced = stripe.now().replace_card(customer, card, OpenInvoices::Pay);
                replaced
                    .map(Value::from)
                    .map_err(|error| format!("{error:?}"))
            }
            Deed::Refund => stripe.call(
                "POST",
                "/v1/refunds",
                &[("charge", &last("charge")), ("amount", "100")],
            ),
            Deed::LoseDispute => {
                let charge = last("charge");
                let mut sim = stripe.now();
                let opened = sim.open_dispute(&charge, "fraudulent");
                let lost = opened.and_then(|dispute| sim.close_dispute(&dispute, DisputeEnd::Lost));
                lost.map(|()| Value::Null)
                    .map_err(|error| format!("{error:?}"))
            }
            Deed::Cancel => stripe.call("DELETE", &subscription, &[]),
            Deed::DeleteCustomer => {
                stripe.call("DELETE", &format!("/v1/customers/{customer}"), &[])
            }
        };
        if let Err(refused) = done {
            eprintln!("{deed:?} was refused: {refused}");
        }
    }

    fn price(&self, plan: &str) -> String {
        let sim = self.sandbox.stripe().now();
        let price = sim
            .objects("price")
            .find(|price| price["lookup_key"] == plan);
        price
            .and_then(|price| price["id"].as_str())
            .unwrap_or("none")
            .to_owned()
    }

    /// Takes every webhook that is due from Stripe's hands, as if it had been delivered.
    pub fn hold_webhooks(&self) -> Vec<Held> {
        let mut sim = self.sandbox.stripe().now();
        let due = sim.take_deliveries();
        due.into_iter()
            .map(|delivery| {
                sim.delivered(&delivery.id, stripe_sim::DeliveryAnswer::Status(200));
                Held {
                    id: delivery.event_id,
                    kind: delivery.event_type,
                    body: delivery.body,
                }
            })
            .collect()
    }

    /// Signs a founding member up and has every event of it on record as pending, with no message for any: the tables
    /// failed while they were read, and the queue did not answer.
    pub async fn all_pending(&self) -> Vec<Held> {
        let ada = self
            .open_checkout("ada@example.com", "founding_member")
            .await;
        self.pay(&ada.session, TestCard::Good);
        let events = self.hold_webhooks();
        self.bring_pending(&events).await;
        events
    }

    /// Brings webhooks so that each is on record as pending, with no message for any.
    pub async fn bring_pending(&self, events: &[Held]) {
        let faults = self.sandbox.cloud().faults();
        faults.plan(
            Matching::operation(Service::DynamoDb, "BatchGetItem").by("stripe-webhook"),
            Fault::RefuseBefore,
        );
        faults.plan(
            Matching::service(Service::Sqs).by("stripe-webhook"),
            Fault::RefuseBefore,
        );
        let answers = join_all(events.iter().map(|event| self.bring(event))).await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        faults.clear();
    }

    /// Signs a founding member up while Stripe fails the worker, until the event by which the schedule is set up is dead.
    pub async fn until_dead(&self) {
        let ada = self
            .open_checkout("ada@example.com", "founding_member")
            .await;
        let faults = self.sandbox.cloud().faults();
        faults.plan(
            Matching::service(Service::Stripe).by("retry-event"),
            Fault::Status500Before,
        );
        self.pay(&ada.session, TestCard::Good);
        self.advance_s(24 * 3600).await;
        faults.clear();
    }

    /// How many objects of a kind Stripe has.
    pub fn count_at_stripe(&self, kind: &str) -> usize {
        self.sandbox.stripe().now().objects(kind).count()
    }

    /// Brings a webhook that was held back, signed anew as Stripe does for every attempt; the answer is its status.
    pub async fn bring(&self, held: &Held) -> u16 {
        self.post_signed(held.body.clone()).await.status
    }
}
