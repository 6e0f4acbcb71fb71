//! Fact: how the system does, part by part, from what was measured: a state, the reason and what to do about it; and which
//! of it somebody should be told.

mod parts;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alert::Alert;
use crate::event::subscribed_kinds;
use crate::stripe_objects::WebhookEndpoint;
use crate::tally::{SPIKES, Tally};
use crate::time::Timestamp;

/// Seconds for which work may wait before somebody is told.
pub const WAITED_S_MAX: i64 = 15 * 60;

/// Seconds without a webhook, where there used to be some, before somebody is told.
pub const SILENT_S_MAX: i64 = 6 * 60 * 60;

/// Seconds after a nightly sync by which the next has to be done: a day, and two hours for it to run.
pub const SYNCED_S_MAX: i64 = 26 * 60 * 60;

/// Seconds after which what was measured says nothing any more: three runs of the watch.
pub const MEASURED_S_MAX: i64 = 15 * 60;

/// How a part does, and the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthState)]
pub enum State {
    /// As it should.
    Ok,
    /// Something is wrong that loses nothing.
    Degraded,
    /// What customers pay for is not kept right any more, or soon will not be.
    Failing,
}

/// One part of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthPart)]
pub struct Part {
    /// Which.
    pub name: String,
    /// How it does.
    pub state: State,
    /// What was measured, in words.
    pub reason: String,
    /// What to do; nothing where all is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to_do: Option<String>,
}

/// How everything does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthReport)]
pub struct Report {
    /// The worst of the parts.
    pub state: State,
    /// When it was measured.
    pub measured_at: Timestamp,
    /// The parts.
    pub parts: Vec<Part>,
}

/// Work that waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How much of it; where it is very much, as much as was counted.
    pub count: u64,
    /// Since when the oldest of it waits.
    pub oldest_at: Option<Timestamp>,
}

/// The nightly syncs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Syncs {
    /// When the last one was done.
    pub finished_at: Option<Timestamp>,
    /// How many events it took in, and how many objects differed.
    pub found: u64,
    /// Since when one is under way.
    pub running_since: Option<Timestamp>,
}

/// The webhook endpoint, as Stripe has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// Stripe did not say.
    Unknown,
    /// There is none at our address.
    Missing,
    /// What is wrong with it, one thing an entry; nothing where it is right.
    Seen(Vec<String>),
}

/// Where the endpoint's address ends: the route of the webhook.
const WEBHOOK_PATH: &str = "/stripe/webhook";

impl Endpoint {
    /// Judges the endpoints of the account by ours: those at our path. Where there are several, the best of them counts.
    pub fn of(endpoints: &[WebhookEndpoint], version: &str) -> Self {
        let ours = endpoints.iter();
        let ours = ours.filter(|endpoint| endpoint.url.ends_with(WEBHOOK_PATH));
        let judged = ours.map(|endpoint| wrongs_of(endpoint, version));
        judged
            .min_by_key(Vec::len)
            .map_or(Self::Missing, Self::Seen)
    }
}

fn wrongs_of(endpoint: &WebhookEndpoint, version: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    if endpoint.status != "enabled" {
        wrongs.push(format!("it is {}", endpoint.status));
    }
    let is_sent = |kind: &str| {
        let mut sent = endpoint.enabled_events.iter();
        sent.any(|sent| sent == "*" || sent == kind)
    };
    let unsent: Vec<&str> = subscribed_kinds().filter(|kind| !is_sent(kind)).collect();
    if let Some(first) = unsent.first() {
        wrongs.push(format!(
            "{} types of event are not sent, {first} among them",
            unsent.len()
        ));
    }
    if endpoint.api_version.as_deref() != Some(version) {
        let other = endpoint.api_version.as_deref();
        let other = other.unwrap_or("the account's own");
        wrongs.push(format!("its API version is {other}, not {version}"));
    }
    wrongs
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// When.
    pub at: Timestamp,
    /// What came in, day by day.
    pub tally: Tally,
    /// The longest way of an event from Stripe to here, of those that came since the last time.
    pub lag_s: Option<i64>,
    /// Events of the last hour that Stripe has not got rid of; none where it did not say.
    pub undelivered: Option<u64>,
    /// Whether Stripe made events since the last webhook; none where it was not asked or did not say.
    pub missed: Option<bool>,
    /// Events that are kept and not applied.
    pub events: Waiting,
    /// Mails owed.
    pub mails: Waiting,
    /// Messages among the dead letters; none where SQS did not say.
    pub dead_letters: Option<u64>,
    /// The nightly syncs.
    pub syncs: Syncs,
    /// The endpoint at Stripe.
    pub endpoint: Endpoint,
    /// Open alerts by their kind.
    pub open: Vec<(String, u64)>,
}

/// Whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// It does: this is to be known.
    Yes(Alert),
    /// It does not: the alert of this cause has ended.
    No(String),
}

impl Measured {
    /// Seconds without a webhook; none where none ever came.
    pub fn silent_s(&self) -> Option<i64> {
        let last_at = self.tally.last_webhook_at?;
        Some(self.at.since_s(last_at))
    }

    /// Whether webhooks have stopped coming: long enough, where there used to be some, and unless Stripe says that it made
    /// nothing since.
    pub fn is_silent(&self) -> bool {
        self.silent_s().is_some_and(|silent| silent > SILENT_S_MAX)
            && match self.missed {
                Some(missed) => missed,
                None => self.tally.used_to_come(),
            }
    }

    /// Whether the nightly sync is overdue. A system that was just set up is given the time of its first.
    pub fn is_sync_missing(&self) -> bool {
        let since = self.syncs.finished_at.unwrap_or(self.tally.since);
        self.at.since_s(since) > SYNCED_S_MAX
    }

    fn is_old(&self, work: &Waiting) -> bool {
        work.count > 0
            && work
                .oldest_at
                .is_some_and(|oldest| self.at.since_s(oldest) > WAITED_S_MAX)
    }

    /// The conditions that are measured. One of which nothing is known is left out: its alert stays as it is.
    pub fn conditions(&self) -> Vec<Holds> {
        let mut conditions = Vec::new();
        let mut add = |holds: bool, alert: Alert| {
            conditions.push(if holds {
                Holds::Yes(alert)
            } else {
                Holds::No(alert.cause)
            });
        };
        for (name, work) in [("events", &self.events), ("mails", &self.mails)] {
            let oldest_at = work.oldest_at.unwrap_or(self.at);
            add(
                self.is_old(work),
                Alert::queue_age(name, work.count, oldest_at),
            );
        }
        if let Some(last_at) = self.tally.last_webhook_at {
            add(self.is_silent(), Alert::no_webhooks(last_at));
        }
        add(
            self.is_sync_missing(),
            Alert::sync_missing(self.syncs.finished_at),
        );
        match &self.endpoint {
            Endpoint::Unknown => {}
            Endpoint::Missing => add(true, Alert::endpoint("there is none at our address")),
            Endpoint::Seen(wrongs) => add(!wrongs.is_empty(), Alert::endpoint(&wrongs.join("; "))),
        }
        for spike in &SPIKES {
            let found = self.tally.spike(spike, self.at);
            let (today, usual) = found.clone().unwrap_or_default();
            add(found.is_some(), Alert::spike(spike.what, today, &usual));
        }
        conditions
    }
}

impl Report {
    /// What `measured` comes to.
    pub fn of(measured: &Measured) -> Self {
        let parts = measured.parts();
        Self {
            state: parts
                .iter()
                .map(|part| part.state)
                .max()
                .unwrap_or(State::Failing),
            measured_at: measured.at,
            parts,
        }
    }

    /// Whether it is of any use at `now`: one that is old says only that nobody measures.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since_s(self.measured_at) <= MEASURED_S_MAX
    }
}

#[cfg(test)]
mod tests;
