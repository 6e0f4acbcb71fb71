//! One event: what is on record of it, what it would change now, and its way back into the queue.

use shared::account::{Outcome, Question};
use shared::drift::FieldDifference;
use shared::error::{Error, ErrorKind};
use shared::event::Event;
use shared::event::told::as_delivered;
use shared::id::EventId;
use shared::store::deliveries::Delivery;
use shared::store::events::{EventOutcome, KeptEvent, Unsettled};
use shared::stripe::Calls;
use shared::stripe_objects::EventEnvelope;
use shared::time::Timestamp;

use crate::ReplayEvent;
use crate::wire::{Effect, Replay};

/// An event as far as it can be had.
pub(crate) struct Found {
    kept: Option<KeptEvent>,
    /// The event with its body; or why there is none.
    body: Result<(Event, Vec<u8>), String>,
}

impl Found {
    /// An event as Stripe lists it.
    pub(crate) fn at_stripe(kept: Option<KeptEvent>, envelope: EventEnvelope) -> Self {
        let body = as_delivered(&envelope);
        let event = Event::of(envelope).map_err(|error| error.to_string());
        Self {
            kept,
            body: event.map(|event| (event, body)),
        }
    }
}

impl ReplayEvent {
    /// Tells what a replay of the event would change, and has it tried anew where that is asked for.
    ///
    /// # Errors
    /// `NotFound` where neither we nor Stripe know it; `Unavailable` where they do not answer.
    pub(crate) async fn replay(
        &self,
        stripe: &Calls<'_>,
        id: &EventId,
        execute: bool,
    ) -> Result<Replay, Error> {
        let found = self.find(stripe, id).await?;
        self.replay_found(stripe, id, &found, execute).await
    }

    /// As [`Self::replay`], of an event that is at hand.
    pub(crate) async fn replay_found(
        &self,
        stripe: &Calls<'_>,
        id: &EventId,
        found: &Found,
        execute: bool,
    ) -> Result<Replay, Error> {
        let row = found.kept.as_ref().map(|kept| &kept.row);
        let mut replay = Replay {
            event: id.clone(),
            kind: row.map(|row| row.kind.clone()),
            outcome: row.map(|row| row.outcome),
            effect: Effect::Impossible,
            differences: Vec::new(),
            reason: None,
        };
        let (event, body) = match &found.body {
            Ok(whole) => whole,
            Err(reason) => {
                replay.reason = Some(reason.clone());
                return Ok(replay);
            }
        };
        replay.kind = Some(event.kind.clone());
        if let Some(reason) = event.misdirected(self.livemode) {
            replay.reason = Some(reason.to_owned());
            return Ok(replay);
        }
        (replay.effect, replay.differences) = self.effect(stripe, event).await?;
        if execute {
            self.try_anew(event, body, found.kept.as_ref()).await?;
        }
        Ok(replay)
    }

    /// The event with its body: as it was kept, else as Stripe has it.
    async fn find(&self, stripe: &Calls<'_>, id: &EventId) -> Result<Found, Error> {
        let kept = self.front.store.kept_event(id).await?;
        if let Some(body) = kept.as_ref().and_then(|kept| kept.body.clone()) {
            let event = Event::parse(&body).map_err(|error| error.to_string());
            return Ok(Found {
                kept,
                body: event.map(|event| (event, body)),
            });
        }
        let body = match stripe.event(id).await.map_err(Error::from) {
            Ok(answer) => return Ok(Found::at_stripe(kept, answer.value)),
            Err(error) if error.kind == ErrorKind::NotFound && kept.is_some() => {
                Err("its body is not kept any more, and Stripe keeps events for 30 days".to_owned())
            }
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    "no_such_event",
                    format!(
                        "There is no event {id}, neither on record nor at Stripe, which keeps them for 30 days."
                    ),
                ));
            }
            Err(error) => return Err(error),
        };
        Ok(Found { kept, body })
    }

    /// What the event would change, and in which fields. Where the record cannot tell, Stripe is asked, as the worker will.
    async fn effect(
        &self,
        stripe: &Calls<'_>,
        event: &Event,
    ) -> Result<(Effect, Vec<FieldDifference>), Error> {
        let account = self.front.store.records_about([&event.subject]).await?;
        let differences = match account.after(event, &self.catalogue) {
            Outcome::Apply(_) => account.differences(&event.subject, &self.catalogue),
            Outcome::Stale | Outcome::Ignore => Vec::new(),
            Outcome::Ask(Question::FoundingSchedule(_)) => {
                return Ok((Effect::EnsuresSchedule, Vec::new()));
            }
            Outcome::Ask(Question::Object | Question::Charge(_)) => {
                let now = stripe.again(&event.subject).await?.value;
                account.differences(&now, &self.catalogue)
            }
        };
        let effect = if differences.is_empty() {
            Effect::Nothing
        } else {
            Effect::Changes
        };
        Ok((effect, differences))
    }

    /// Puts the event back on its way. Recorded first, queued after: what is lost in between is the sweep's.
    async fn try_anew(
        &self,
        event: &Event,
        body: &[u8],
        kept: Option<&KeptEvent>,
    ) -> Result<(), Error> {
        let now = self.front.clock.now();
        match kept {
            None => {
                let delivery = self.delivery(event, now);
                match self
                    .front
                    .store
                    .keep_pending(event, body, &delivery, now)
                    .await
                {
                    Ok(()) | Err(Unsettled::NotOurs | Unsettled::Overtaken) => {}
                    Err(Unsettled::Failed(error)) => return Err(error),
                }
            }
            Some(kept) if kept.row.outcome == EventOutcome::Pending => {}
            Some(kept) => self.front.store.revive(&event.id, &kept.row, now).await?,
        }
        tracing::info!(event.id = %event.id, event.kind, "event replayed");
        self.queue.send(&event.id).await
    }

    fn delivery(&self, event: &Event, now: Timestamp) -> Delivery {
        Delivery {
            id: self.chance.hex128(),
            event_id: event.id.to_string(),
            event_kind: Some(event.kind.clone()),
            received_at: now,
            lag_s: Some(now.since_s(event.created)),
            answer: "replayed".to_owned(),
        }
    }
}
