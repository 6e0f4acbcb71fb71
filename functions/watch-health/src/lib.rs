//! The watch: every five minutes it measures how everything does, opens and ends alerts by it, and tells the
//! administrators what is owed to them.
//!
//! What it tells goes out first: nothing that fails later holds up what is known already. Whatever it does not manage, or
//! does twice, the next watch makes good: it decides by what is on record and not by what it did before.

mod endings;
mod measure;
mod tell;

use serde_json::{Value, json};
use shared::alert::parts_of;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::health::{Holds, Report, State};
use shared::lambda::{Function, Invocation, Platform};
use shared::notice::Topic;
use shared::plan::Catalogue;
use shared::queue::Queue;
use shared::store::Store;
use shared::store::alerts::AlertRow;
use shared::stripe::Stripe;
use shared::telemetry::metrics::{Metrics, count, seconds};
use shared::time::Timestamp;

/// The function with its doors.
#[derive(Debug)]
pub struct WatchHealth {
    store: Store,
    stripe: Stripe,
    dead_letters: [Queue; 2],
    topic: Topic,
    catalogue: Catalogue,
    clock: Clock,
    metrics: Metrics,
}

impl WatchHealth {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            stripe: Stripe::of(env, platform)?,
            dead_letters: [
                Queue::new(env, platform, "RETRY_DEAD_QUEUE_URL")?,
                Queue::new(env, platform, "SYNC_DEAD_QUEUE_URL")?,
            ],
            topic: Topic::of(env, platform)?,
            catalogue: Catalogue::linky(),
            clock: platform.clock.clone(),
            metrics: platform.metrics.clone(),
        })
    }

    /// Opens what has begun and ends what has ended, of what was measured.
    async fn apply(
        &self,
        conditions: Vec<Holds>,
        open: &[AlertRow],
        now: Timestamp,
    ) -> Result<(), Error> {
        let open_of = |cause: &str| open.iter().find(|row| row.cause == cause);
        for condition in conditions {
            match condition {
                Holds::Yes(alert) => {
                    // Raised once, and not every five minutes: what goes on is not told again.
                    if open_of(&alert.cause).is_none() {
                        self.store.raise(&alert, now).await?;
                        tracing::error!(alert.cause, "{}", alert.message);
                    }
                }
                Holds::No(cause) => {
                    if let Some(row) = open_of(&cause) {
                        self.end(row, now).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn end(&self, row: &AlertRow, now: Timestamp) -> Result<(), Error> {
        self.store.resolve_alert(row, now).await?;
        tracing::info!(alert.cause = row.cause, "an alert has ended by itself");
        Ok(())
    }
}

impl Function for WatchHealth {
    /// The schedule says nothing that is needed.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, _: Value, invocation: Invocation) -> Result<Value, Error> {
        let now = self.clock.now();
        let stripe = self.stripe.by(invocation.patience());
        let told = self.tell(now).await;
        let open = self.store.open_alerts().await?;
        let mut measured = self.measure(&stripe, &open, now).await?;
        let conditions = measured.conditions();
        let is_new = |cause: &str| open.iter().all(|row| row.cause != cause);
        let opening = conditions.iter().filter_map(|condition| match condition {
            Holds::Yes(alert) if is_new(&alert.cause) => Some(parts_of(&alert.cause).0),
            Holds::Yes(_) | Holds::No(_) => None,
        });
        // What is opened in a moment is open in the report that tells why.
        measured
            .open
            .extend(opening.map(|kind| (kind.to_owned(), 1)));
        let report = Report::of(&measured);
        // Before anything that may fail: whoever asks is to know what was measured.
        self.store.keep_report(&report).await?;
        self.emit(&measured, report.state);
        self.apply(conditions, &open, now).await?;
        self.end_what_has_ended(&stripe, &measured, &open).await?;
        let told = told? + self.tell(now).await?;
        Ok(json!({ "state": report.state, "told": told }))
    }
}

impl WatchHealth {
    fn emit(&self, measured: &shared::health::Measured, state: State) {
        let oldest_s = |at: Option<Timestamp>| at.map_or(0, |at| measured.at.since_s(at).max(0));
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let open = measured.open.iter().map(|(_, count)| count).sum();
        let mut metrics = vec![
            count(
                "health_state",
                match state {
                    State::Ok => 0,
                    State::Degraded => 1,
                    State::Failing => 2,
                },
            ),
            count("alerts_open", whole(open)),
            count("events_pending", whole(measured.events.count)),
            seconds("oldest_event_s", oldest_s(measured.events.oldest_at)),
            count("mails_owed", whole(measured.mails.count)),
            seconds("oldest_mail_s", oldest_s(measured.mails.oldest_at)),
        ];
        if let Some(letters) = measured.dead_letters {
            metrics.push(count("dead_letters", whole(letters)));
        }
        self.metrics.record(measured.at, &metrics);
    }
}
