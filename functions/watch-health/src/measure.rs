//! How everything is measured. What a foreign service does not answer is unknown, and holds up nothing else; without the
//! tables nothing is known at all.

use std::collections::BTreeMap;

use shared::alert::parts_of;
use shared::error::Error;
use shared::event::subscribed_kinds;
use shared::health::{Endpoint, Measured, SILENT_S_MAX};
use shared::store::alerts::AlertRow;
use shared::stripe::{API_VERSION, Calls, EventQuery};
use shared::tally::Tally;
use shared::time::Timestamp;

use crate::WatchHealth;

/// Seconds after which a delivery is surely written: the longest that the webhook runs, and twice that.
const WRITTEN_S: i64 = 60;

/// Seconds before the first watch from which on deliveries are counted.
const FIRST_S: i64 = 24 * 60 * 60;

/// Seconds back for which it is asked what Stripe has not got rid of.
const UNDELIVERED_S: i64 = 60 * 60;

/// Seconds an event is given to be delivered before it counts as not taken.
const DELIVERED_S: i64 = 5 * 60;

impl WatchHealth {
    /// Measures everything.
    ///
    /// # Errors
    /// Where the tables do not answer.
    pub(crate) async fn measure(
        &self,
        stripe: &Calls<'_>,
        open: &[AlertRow],
        now: Timestamp,
    ) -> Result<Measured, Error> {
        let (tally, lag_s) = self.count(now).await?;
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for row in open {
            *kinds.entry(parts_of(&row.cause).0).or_default() += 1;
        }
        let mut measured = Measured {
            at: now,
            tally,
            lag_s,
            undelivered: self.undelivered(stripe, now).await,
            missed: None,
            events: self.store.events_waiting().await?,
            mails: self.store.mails_waiting().await?,
            dead_letters: self.dead_letters().await,
            syncs: self.store.latest_syncs(now).await?,
            endpoint: self.endpoint(stripe).await,
            open: kinds
                .into_iter()
                .map(|(kind, count)| (kind.to_owned(), count))
                .collect(),
        };
        if measured
            .silent_s()
            .is_some_and(|silent| silent > SILENT_S_MAX)
        {
            measured.missed = self.missed(stripe, &measured).await;
        }
        Ok(measured)
    }

    /// Counts what came in since the last watch; and the longest way of any of it.
    async fn count(&self, now: Timestamp) -> Result<(Tally, Option<i64>), Error> {
        let kept = self.store.tally().await?;
        let counted_from = kept.as_ref().map(|tally| tally.until);
        let mut tally = kept.unwrap_or_else(|| Tally {
            since: now,
            ..Tally::starting_at(now.plus_s(-FIRST_S))
        });
        let until = now.plus_s(-WRITTEN_S);
        // Its clock was ahead: there is nothing to count until the time is there.
        if until <= tally.until {
            return Ok((tally, None));
        }
        let came = self.store.deliveries_between(tally.until, until).await?;
        tally.count(&came, until);
        self.store.keep_tally(&tally, counted_from).await?;
        let lags = came.iter().filter(|it| it.is_webhook());
        Ok((tally, lags.filter_map(|it| it.lag_s).max()))
    }

    async fn undelivered(&self, stripe: &Calls<'_>, now: Timestamp) -> Option<u64> {
        let query = EventQuery {
            undelivered_only: true,
            since: Some(now.plus_s(-UNDELIVERED_S)),
            ..EventQuery::default()
        };
        let answer = stripe.events(query).await;
        let events = known(answer, "the events that were not taken")?.data;
        let late = events
            .iter()
            .filter(|event| now.since_s(event.created) > DELIVERED_S);
        Some(late.count() as u64)
    }

    async fn endpoint(&self, stripe: &Calls<'_>) -> Endpoint {
        let answer = stripe.webhook_endpoints().await;
        known(answer, "the webhook endpoints").map_or(Endpoint::Unknown, |list| {
            Endpoint::of(&list.data, API_VERSION)
        })
    }

    /// Whether Stripe made events, of those it is to send, since the last webhook. One that was made less than a few minutes
    /// ago may be on its way.
    async fn missed(&self, stripe: &Calls<'_>, measured: &Measured) -> Option<bool> {
        let query = EventQuery {
            since: Some(measured.tally.last_webhook_at?.plus_s(1)),
            ..EventQuery::default()
        };
        let answer = stripe.events(query).await;
        let events = known(answer, "the latest events")?.data;
        Some(events.iter().any(|event| {
            measured.at.since_s(event.created) > DELIVERED_S
                && subscribed_kinds().any(|kind| kind == event.kind)
        }))
    }

    async fn dead_letters(&self) -> Option<u64> {
        let mut letters = 0;
        for queue in &self.dead_letters {
            match queue.depth().await {
                Ok(depth) => letters += depth,
                Err(error) => {
                    tracing::warn!(%error, "the dead letters are not known");
                    return None;
                }
            }
        }
        Some(letters)
    }
}

/// What Stripe answered, if it did.
fn known<T>(answer: shared::stripe::StripeResult<T>, what: &str) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer.value),
        Err(error) => {
            tracing::warn!(%error, what, "not known: Stripe did not say");
            None
        }
    }
}
