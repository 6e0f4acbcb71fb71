//! What is on record, without whatever may differ between two runs that come to the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::World;

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Picture {
    /// Rows, in order.
    rows: Vec<String>,
    /// How each delivery was answered.
    answers: Vec<String>,
    /// What is still to be done: mails owed, messages queued.
    undone: Vec<String>,
    /// How many objects of each kind are at Stripe, what stands on customers' balances there, how many mails went out, and how
    /// often the log says of each action that it is done.
    made: Vec<String>,
}

const TABLES: [&str; 9] = [
    "users",
    "billing_events",
    "invoices",
    "refunds",
    "disputes",
    "plan_changes",
    "emails",
    "alerts",
    "admin_actions",
];

/// What tells when something was done, by whom, or at which attempt.
const PASSING: [&str; 25] = [
    "received_at",
    "settled_at",
    "recorded_by",
    "attempts",
    "attempts_before",
    "revivals",
    "lease_owner",
    "lease_until",
    "due_at",
    "owed_shard",
    "reason",
    "sent_at",
    "message_id",
    "expires_at",
    "first_at",
    "last_at",
    "opened_at",
    "updated_at",
    "count",
    "text",
    "counted_on",
    "attempt",
    "attempt_at",
    "decided_at",
    "decided_by",
];

/// What a function makes at Stripe, or has made there. Of checkout pages there may be one more: Stripe keeps a 500 under the
/// key of a page that it made all the same, so that nobody ever learns its address.
const KINDS: [&str; 7] = [
    "charge",
    "customer",
    "subscription",
    "subscription_schedule",
    "invoice",
    "refund",
    "event",
];

impl Picture {
    pub(super) fn of(world: &World) -> Self {
        let cloud = world.sandbox.cloud();
        let items = |table: &str| -> Vec<Value> {
            let table = format!("linky-{table}");
            let items = cloud.items(&table, None);
            items.unwrap_or_else(|error| panic!("{error}"))
        };
        let mut picture = Self::default();
        for table in TABLES {
            for row in items(table) {
                // That something is over is told by the alert's absence.
                if table == "alerts" && row.get("opened_at").is_none() {
                    continue;
                }
                if row.get("owed_shard").is_some() {
                    picture.undone.push(format!("owed {}", row["pk"]["S"]));
                }
                picture
                    .rows
                    .push(format!("{table} {}", lasting(table, row)));
            }
        }
        for row in items("webhook_deliveries") {
            let answer = &row["answer"]["S"];
            picture
                .answers
                .push(format!("{} {answer}", row["event_id"]["S"]));
        }
        for (queue, depth) in cloud.queues().depths() {
            let messages = depth.visible + depth.in_flight + depth.delayed;
            if messages > 0 {
                picture.undone.push(format!("{messages} in {queue}"));
            }
        }
        picture.made = made(world);
        picture.rows.sort_unstable();
        picture.answers.sort_unstable();
        picture.undone.sort_unstable();
        picture
    }

    /// Whether both came to the same, however it came to it.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.rows == other.rows && self.made == other.made && self.undone == other.undone
    }

    /// What differs from `other`, the ways by which it came about included; mails may have been sent sooner.
    pub(super) fn differences(&self, other: &Self, with_outcomes: bool) -> Vec<String> {
        let lines = |picture: &Self| -> BTreeSet<String> {
            let tells = |line: &&String| with_outcomes || !line.starts_with("billing_events ");
            let answers = picture.answers.iter().filter(|_| with_outcomes);
            let rows = picture.rows.iter().filter(tells).chain(answers);
            let undone = picture.undone.iter().filter(|it| !it.starts_with("owed"));
            rows.chain(undone).cloned().collect()
        };
        let (ours, theirs) = (lines(self), lines(other));
        let more = ours.difference(&theirs).map(|line| format!("has {line}"));
        let less = theirs.difference(&ours).map(|line| format!("lacks {line}"));
        more.chain(less).collect()
    }

    /// What came about more often or less often than in `other`: mails, plan changes, objects at Stripe, alerts, outcomes.
    /// Where what Stripe makes has other identifiers in each run, only how much of it there is.
    pub(super) fn other_effects(
        &self,
        other: &Self,
        with_outcomes: bool,
        with_identifiers: bool,
    ) -> Vec<String> {
        let keys = |picture: &Self| -> BTreeSet<String> {
            let kept = picture.rows.iter().filter_map(|row| {
                let (table, row) = row.split_once(' ')?;
                let row: Value = serde_json::from_str(row).ok()?;
                let outcome = match table {
                    "billing_events" if with_outcomes => row["outcome"]["S"].to_string(),
                    "alerts" => String::new(),
                    "plan_changes" | "emails" | "invoices" | "refunds" | "disputes"
                        if with_identifiers =>
                    {
                        String::new()
                    }
                    _ => return None,
                };
                Some(format!("{table} {} {}{outcome}", row["pk"], row["sk"]))
            });
            kept.chain(picture.made.iter().cloned()).collect()
        };
        let (ours, theirs) = (keys(self), keys(other));
        let more = ours.difference(&theirs).map(|line| format!("has {line}"));
        let less = theirs.difference(&ours).map(|line| format!("lacks {line}"));
        more.chain(less).collect()
    }
}

fn made(world: &World) -> Vec<String> {
    let sim = world.sandbox.stripe().now();
    let mut made: Vec<String> = KINDS
        .iter()
        .map(|kind| format!("{} {kind}", sim.objects(kind).count()))
        .collect();
    let balances = sim.objects("customer");
    let balance_cents: i64 = balances.filter_map(|it| it["balance"].as_i64()).sum();
    drop(sim);
    made.push(format!("{balance_cents} on balances"));
    made.push(format!("{} mails", distinct_mails(world)));
    made.push(format!("{:?} done", done(world)));
    made
}

/// How often the log says of each action that it is done. Of two at once it is chance which one is.
fn done(world: &World) -> Vec<u32> {
    let entries = world.sandbox.cloud().items("linky-audit_log", None);
    let entries = entries.unwrap_or_else(|error| panic!("{error}"));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for row in entries {
        let entry = row["entry"]["S"].as_str().unwrap_or_default();
        let entry: Value = serde_json::from_str(entry).unwrap_or_default();
        if let ("done", Some(action)) = (
            entry["outcome"].as_str().unwrap_or_default(),
            entry["action"].as_str(),
        ) {
            *counts.entry(action.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<u32> = counts.into_values().collect();
    counts.sort_unstable();
    counts
}

fn distinct_mails(world: &World) -> usize {
    let mails = world.sandbox.cloud().mail().mails();
    let ids = mails.iter().filter_map(|mail| mail.tags.get("mail_id"));
    ids.collect::<BTreeSet<_>>().len()
}

fn lasting(table: &str, row: Value) -> Value {
    let Value::Object(mut fields) = row else {
        return row;
    };
    fields.retain(|name, _| !PASSING.contains(&name.as_str()));
    match table {
        // When it was owed, and when somebody was told.
        "emails" => drop(fields.remove("created_at")),
        // How often a customer's row was written depends on which events met.
        "users" => drop(fields.remove("revision")),
        "alerts" => fields.retain(|name, _| name == "pk"),
        // Which change of it was the last depends on how often it was taken up.
        "admin_actions" => drop(fields.remove("version")),
        _ => {}
    }
    without_the_reading(&mut fields);
    Value::Object(fields)
}

/// A record that was written from an answer of Stripe's says when and at which attempt it was asked.
fn without_the_reading(fields: &mut Map<String, Value>) {
    let version = fields.get("version").and_then(|it| it["S"].as_str());
    let is_read =
        version.is_some_and(|text| text.matches('#').count() == 2 && !text.ends_with("#first"));
    if is_read {
        fields.insert("version".to_owned(), "read".into());
    }
}
