//! Events that never came: they are kept as if they had been delivered now, and go the way of all others.

use shared::error::Error;
use shared::event::told::as_delivered;
use shared::event::{Event, EventError, subscribed_kinds};
use shared::id::EventId;
use shared::store::deliveries::Delivery;
use shared::store::events::{EventOutcome, Unsettled};
use shared::store::sync_health::HeldRun;
use shared::stripe::{Calls, EventQuery};
use shared::stripe_objects::EventEnvelope;
use shared::sync_run::Step;
use shared::time::Timestamp;

use crate::DailyBillingSync;

/// Seconds for which Stripe keeps an event: 30 days.
const KEPT_AT_STRIPE_S: i64 = 30 * 24 * 60 * 60;

/// Seconds that are gone through whether Stripe thinks an event delivered or not: three nights, so that one may fail.
const RECENT_S: i64 = 3 * 24 * 60 * 60;

/// Seconds for which an event is left to its delivery.
const ON_ITS_WAY_S: i64 = 5 * 60;

impl DailyBillingSync {
    /// Takes in a page of events that are not on record, and brings dead ones back once.
    pub(crate) async fn events(
        &self,
        stripe: &Calls<'_>,
        held: &mut HeldRun,
    ) -> Result<Option<String>, Error> {
        let step = held.run.progress.step;
        let undelivered_only = step == Step::UndeliveredEvents;
        let back_s = if undelivered_only {
            KEPT_AT_STRIPE_S
        } else {
            RECENT_S
        };
        let cursor = held.run.progress.cursor.as_deref().map(EventId::parse);
        let cursor = cursor.transpose().map_err(Error::internal)?;
        let query = EventQuery {
            undelivered_only,
            since: Some(held.run.started_at.plus_s(-back_s)),
            starting_after: cursor.as_ref(),
            ..EventQuery::default()
        };
        let page = stripe.events(query).await?.value;
        let on_record = self
            .store
            .events_on_record(page.data.iter().map(|event| &event.id))
            .await?;
        let now = self.clock.now();
        let counts = &mut held.run.progress.counts;
        for envelope in &page.data {
            counts.events_seen += 1;
            match on_record.get(envelope.id.as_ref()) {
                // Dead for want of Stripe or of the tables, which may be mended now.
                Some(row) if row.outcome == EventOutcome::Dead && undelivered_only => {
                    self.store.revive(&envelope.id, row, now).await?;
                    self.store
                        .queue_kept(&self.retry_queue, &envelope.id, now)
                        .await;
                    counts.events_revived += 1;
                }
                // Taken in by this step before it was ended in the middle of the page.
                Some(row) if row.recorded_by == taken_in_by(&held.day, step) => {
                    counts.events_taken_in += 1;
                }
                Some(_) => {}
                None if is_missed(envelope, now) => {
                    self.take_in(envelope, taken_in_by(&held.day, step), now)
                        .await?;
                    counts.events_taken_in += 1;
                }
                None => {}
            }
        }
        let last = page.data.last().map(|event| event.id.to_string());
        Ok(last.filter(|_| page.has_more))
    }

    async fn take_in(
        &self,
        envelope: &EventEnvelope,
        by: String,
        now: Timestamp,
    ) -> Result<(), Error> {
        let body = as_delivered(envelope);
        let delivery = Delivery {
            id: by,
            ..self.delivery(&envelope.id, &envelope.kind, envelope.created, now)
        };
        let event = match Event::parse(&body) {
            Ok(event) => event,
            Err(error @ (EventError::Unparsable(_) | EventError::Unreadable { .. })) => {
                let reason = error.to_string();
                let alert = shared::alert::Alert::quarantined_event(&envelope.id, &reason);
                return self.store.keep_unreadable(&body, &alert, &delivery).await;
            }
        };
        self.keep(&event, &body, &delivery, now).await
    }

    /// Keeps an event and has it settled. Kept before is kept.
    pub(crate) async fn keep(
        &self,
        event: &Event,
        body: &[u8],
        delivery: &Delivery,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self.store.keep_pending(event, body, delivery, now).await {
            Ok(()) => {
                tracing::warn!(event.id = %event.id, event.kind, "not on record; taken in");
                self.store
                    .queue_kept(&self.retry_queue, &event.id, now)
                    .await;
                Ok(())
            }
            Err(Unsettled::NotOurs | Unsettled::Overtaken) => Ok(()),
            Err(Unsettled::Failed(error)) => Err(error),
        }
    }

    pub(crate) fn delivery(
        &self,
        event: &EventId,
        kind: &str,
        created: Timestamp,
        now: Timestamp,
    ) -> Delivery {
        Delivery {
            id: self.chance.hex128(),
            event_id: event.to_string(),
            event_kind: Some(kind.to_owned()),
            received_at: now,
            lag_s: Some(now.since_s(created)),
            answer: "found_by_sync".to_owned(),
        }
    }
}

/// Whether an event that is not on record ought to be: of a kind the endpoint asks for, and not of this moment.
fn is_missed(envelope: &EventEnvelope, now: Timestamp) -> bool {
    now.since_s(envelope.created) > ON_ITS_WAY_S
        && subscribed_kinds().any(|kind| kind == envelope.kind)
}

/// The name of the delivery by which a step of a run takes events in.
fn taken_in_by(day: &str, step: Step) -> String {
    let which = match step {
        Step::UndeliveredEvents => "undelivered",
        _ => "recent",
    };
    format!("sync:{day}:{which}")
}
