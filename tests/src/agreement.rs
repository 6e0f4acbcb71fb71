//! Whether what is on record is what Stripe has, and whether each effect came about once.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::event::{Event, Moment, Subject, subscribed_kinds};
use shared::figures::{Books, DayFigures};
use shared::id::CustomerId;
use shared::plan::Catalogue;
use shared::stripe_objects::Price;
use shared::time::Timestamp;

use crate::World;

/// The kinds of object of which every one is on record, under Stripe's name for them.
const KINDS: [&str; 7] = [
    "customer",
    "subscription",
    "subscription_schedule",
    "invoice",
    "payment_method",
    "refund",
    "dispute",
];

impl World {
    /// Everything that is not as it should be, in words; empty once all has converged.
    pub async fn wrongs(&self) -> Vec<String> {
        let mut wrongs = self.disagreements().await;
        wrongs.extend(self.wrong_totals().await);
        wrongs.extend(self.wrong_books().await);
        wrongs.extend(self.unfinished().await);
        wrongs.extend(self.unsettled_actions().await);
        wrongs.extend(self.broken_audit().await);
        wrongs.extend(self.mails_sent_twice());
        wrongs
    }

    /// As [`Self::wrongs`], but for what lies in a dead-letter queue: it stays there until somebody redrives or deletes it.
    pub async fn wrongs_but_dead_letters(&self) -> Vec<String> {
        let mut wrongs = self.wrongs().await;
        wrongs.retain(|wrong| !wrong.contains("-dead is not empty"));
        wrongs
    }

    /// Objects whose record does not say what Stripe says.
    pub async fn disagreements(&self) -> Vec<String> {
        let mut wrongs = Vec::new();
        for kind in KINDS {
            for object in self.all_at_stripe(kind) {
                let versions = self.allowed_versions(kind, &object);
                let probe = probe(subject(kind, object.clone()), &object);
                let known = self.store.known(&probe).await;
                let known = known.unwrap_or_else(|error| panic!("{error}"));
                let agrees = versions.into_iter().any(|version| {
                    known
                        .account
                        .agrees_with(&subject(kind, version), &Catalogue::linky())
                });
                if !agrees {
                    wrongs.push(format!(
                        "{} is on record as {:?}",
                        object["id"], known.account
                    ));
                }
            }
        }
        wrongs
    }

    /// The object as Stripe has it; and of an invoice, as it was last told: that Stripe has given up trying is told by
    /// `invoice.updated` alone, which is not applied, so that the night's sync is the first to know.
    fn allowed_versions(&self, kind: &str, object: &Value) -> Vec<Value> {
        let mut versions = vec![object.clone()];
        if kind == "invoice" {
            let mut as_told = object.clone();
            let id = object["id"].as_str().unwrap_or_default();
            as_told["next_payment_attempt"] = self.told(id, "next_payment_attempt");
            versions.push(as_told);
        }
        versions
    }

    /// Customers whose total is not the sum of what Stripe took from them.
    async fn wrong_totals(&self) -> Vec<String> {
        let mut paid_cents: BTreeMap<String, i64> = BTreeMap::new();
        for invoice in self.all_at_stripe("invoice") {
            let customer = invoice["customer"].as_str().unwrap_or_default();
            *paid_cents.entry(customer.to_owned()).or_default() +=
                invoice["amount_paid"].as_i64().unwrap_or_default();
        }
        let mut wrongs = Vec::new();
        for (id, expected) in paid_cents {
            let customer = CustomerId::parse(id).unwrap_or_else(|error| panic!("{error}"));
            let account = self.account(&customer).await;
            let counted: i64 = account
                .totals
                .values()
                .map(|totals| totals.paid_cents)
                .sum();
            if counted != expected {
                wrongs.push(format!(
                    "{customer} paid {expected}, and {counted} is on record"
                ));
            }
        }
        wrongs
    }

    /// Plans of which the events count something else, all together, than Stripe has.
    async fn wrong_books(&self) -> Vec<String> {
        let events = self.rows("billing_events").await;
        let partitions = events
            .iter()
            .filter_map(|event| event["counted_on"]["S"].as_str());
        let days: BTreeSet<&str> = partitions.map(|partition| &partition[..10]).collect();
        let mut figures = Vec::new();
        for day in days {
            let counted = self.store.figures_on(day).await;
            figures.extend(counted.unwrap_or_else(|error| panic!("{error}")));
        }
        let counted = DayFigures::of(
            String::new(),
            &Books::new(),
            &figures,
            &[],
            self.now(),
            true,
        );
        let mut expected = Books::new();
        for subscription in self.all_at_stripe("subscription") {
            let status = subscription["status"].as_str().unwrap_or_default();
            if matches!(status, "canceled" | "incomplete" | "incomplete_expired") {
                continue;
            }
            let price: Price = read(subscription["items"]["data"][0]["price"].clone());
            let book = expected
                .entry(Catalogue::linky().plan_of(&price))
                .or_default();
            book.customers += 1;
            let is_collected = subscription["pause_collection"].is_null();
            if matches!(status, "active" | "past_due") && is_collected {
                book.mrr_cents += price.monthly().map_or(0, |monthly| monthly.amount.0);
            }
        }
        if counted.plans == expected {
            return Vec::new();
        }
        vec![format!(
            "the events count {:?}, and Stripe has {expected:?}",
            counted.plans
        )]
    }

    /// Events that are not settled, and messages nobody has worked off.
    async fn unfinished(&self) -> Vec<String> {
        let mut wrongs = Vec::new();
        for event in self.rows("billing_events").await {
            let outcome = event["outcome"]["S"].as_str().unwrap_or_default();
            if !matches!(outcome, "applied" | "stale" | "ignored") {
                wrongs.push(format!("{} is {outcome}", event["pk"]["S"]));
            }
        }
        for (queue, depth) in self.sandbox.cloud().queues().depths() {
            if depth.visible + depth.in_flight + depth.delayed > 0 {
                wrongs.push(format!("{queue} is not empty: {depth:?}"));
            }
        }
        for mail in self.rows("emails").await {
            if mail.get("sent_at").is_none() {
                wrongs.push(format!("mail {} is not sent", mail["pk"]["S"]));
            }
        }
        wrongs
    }

    /// Actions of which nobody knows how they ended, and what is still set aside for them.
    async fn unsettled_actions(&self) -> Vec<String> {
        let rows = self.rows("admin_actions").await;
        let unsettled = rows.iter().filter(|row| {
            let state = row["state"]["S"].as_str().unwrap_or("succeeded");
            let set_aside = row["reserved_cents"]["N"].as_str().unwrap_or("0");
            matches!(state, "executing" | "unknown") || set_aside != "0"
        });
        unsettled.map(|row| format!("unsettled: {row}")).collect()
    }

    /// Where the audit log does not hold together.
    async fn broken_audit(&self) -> Option<String> {
        let functions = self.sandbox.functions();
        let verified = functions.invoke("verify-audit", json!({})).await;
        match verified {
            Ok(night) if night["broken"].is_null() => None,
            other => Some(format!("the audit log is broken: {other:?}")),
        }
    }

    fn mails_sent_twice(&self) -> Vec<String> {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for mail in self.sandbox.cloud().mail().mails() {
            let id = mail.tags.get("mail_id").cloned().unwrap_or_default();
            *counts.entry(id).or_default() += 1;
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(id, count)| format!("mail {id} was sent {count} times"))
            .collect()
    }

    /// A field of an object as the last event told it that is applied.
    fn told(&self, id: &str, field: &str) -> Value {
        let kinds: Vec<_> = subscribed_kinds().collect();
        let sim = self.sandbox.stripe().now();
        let mut told = sim.events().filter(|event| {
            event["data"]["object"]["id"] == id && kinds.iter().any(|kind| event["type"] == *kind)
        });
        told.next_back()
            .map_or(Value::Null, |event| event["data"]["object"][field].clone())
    }

    fn all_at_stripe(&self, kind: &str) -> Vec<Value> {
        self.sandbox.stripe().now().objects(kind).cloned().collect()
    }
}

/// An event that carries an object as it is, for reading the record it belongs to.
fn probe(subject: Subject, object: &Value) -> Event {
    let mut event = Event {
        id: "evt_probe"
            .parse()
            .unwrap_or_else(|error| panic!("{error}")),
        kind: "probe".to_owned(),
        created: Timestamp::from_s(0),
        livemode: false,
        account: None,
        subject,
        moment: Moment::Later,
        before: None,
    };
    if event.customer().is_none() {
        // A detached card: whose it was stands nowhere any more.
        event.before = object["metadata"]["customer"]
            .as_str()
            .map(|_| event.subject.clone());
    }
    event
}

fn subject(kind: &str, object: Value) -> Subject {
    match kind {
        "customer" => Subject::Customer(read(object)),
        "subscription" => Subject::Subscription(read(object)),
        "subscription_schedule" => Subject::Schedule(read(object)),
        "invoice" => Subject::Invoice(read(object)),
        "payment_method" => Subject::PaymentMethod(read(object)),
        "refund" => Subject::Refund(read(object)),
        "dispute" => Subject::Dispute(read(object)),
        _ => Subject::Other,
    }
}

fn read<T: DeserializeOwned>(object: Value) -> T {
    serde_json::from_value(object).unwrap_or_else(|error| panic!("{error}"))
}
