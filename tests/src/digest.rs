//! All that is on record at a moment, so that a test can say what an event or a refusal changed, and what it did not.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::World;

/// Everything in the tables, the queues, the mailbox and at Stripe, by where it is and under which key.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest(BTreeMap<(String, String), Value>);

/// What Stripe keeps that a function could make or change.
const AT_STRIPE: [&str; 5] = [
    "customer",
    "checkout.session",
    "subscription",
    "subscription_schedule",
    "refund",
];

impl World {
    /// What is on record now.
    pub async fn digest(&self) -> Digest {
        let mut all = BTreeMap::new();
        for table in &self.sandbox.deployment().tables {
            let name = text(&table["TableName"]);
            let place = name.strip_prefix("linky-").unwrap_or(name);
            for item in self.rows(place).await {
                let key = format!("{} {}", text(&item["pk"]["S"]), text(&item["sk"]["S"]));
                all.insert((place.to_owned(), key), item);
            }
        }
        for (queue, depth) in self.sandbox.cloud().queues().depths() {
            let messages = depth.visible + depth.in_flight + depth.delayed;
            for number in 0..messages {
                all.insert((queue.clone(), number.to_string()), Value::Null);
            }
        }
        for (number, subject) in self.subjects().into_iter().enumerate() {
            all.insert(("mailbox".to_owned(), number.to_string()), subject.into());
        }
        let stripe = self.sandbox.stripe().now();
        for kind in AT_STRIPE {
            for object in stripe.objects(kind) {
                let place = format!("stripe {kind}");
                all.insert((place, text(&object["id"]).to_owned()), object.clone());
            }
        }
        Digest(all)
    }
}

impl Digest {
    /// Where something was added, changed or removed since `before`, and how many things: `alerts 1, emails 2`. Empty
    /// where nothing was.
    pub fn since(&self, before: &Self) -> String {
        let mut counts = BTreeMap::<&str, usize>::new();
        let keys = self
            .0
            .keys()
            .chain(before.0.keys().filter(|key| !self.0.contains_key(*key)));
        for key in keys.filter(|key| self.0.get(*key) != before.0.get(*key)) {
            *counts.entry(&key.0).or_default() += 1;
        }
        let counts = counts
            .into_iter()
            .map(|(place, count)| format!("{place} {count}"));
        counts.collect::<Vec<_>>().join(", ")
    }

    /// The items of a table, in the form that DynamoDB gives them on the wire.
    pub fn table(&self, name: &str) -> Vec<&Value> {
        let items = self.0.iter().filter(|((place, _), _)| place == name);
        items.map(|(_, item)| item).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
