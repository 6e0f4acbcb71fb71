//! What becomes of a signed event: applied at once where what is on record settles it, else kept for the retry worker.

use sha2::{Digest, Sha256};
use shared::account::Outcome;
use shared::alert::Alert;
use shared::error::{Error, ErrorKind};
use shared::event::{Event, EventError};
use shared::store::deliveries::Delivery;
use shared::store::events::{EventOutcome, Right, Settlement, Unsettled};
use shared::telemetry::metrics;
use shared::time::Timestamp;

use crate::StripeWebhook;

/// Times an event is decided anew because a record changed between reading and writing. The burst of a new
/// subscription touches one record at most three times; what meets more goes to the queue.
const ROUNDS_MAX: u32 = 4;

/// The answer for an event that came before.
const DUPLICATE: &str = "duplicate";

impl StripeWebhook {
    /// Applies or keeps the event in `body`; the answer is what became of it, in one word.
    ///
    /// # Errors
    /// Where not even keeping it succeeded. Nothing was written then, and Stripe is to send it again.
    pub(crate) async fn accept(&self, body: &[u8], now: Timestamp) -> Result<&'static str, Error> {
        let event = match Event::parse(body) {
            Ok(event) => event,
            Err(error) => return self.keep_unreadable(body, &error, now).await,
        };
        let outcome = match self.settle(&event, now).await {
            Ok(outcome) => outcome,
            Err(NotNow::Ask) => self.keep_pending(&event, body, now).await?,
            Err(NotNow::Failed(error)) => {
                tracing::warn!(event.id = %event.id, %error, "not settled at once");
                self.keep_pending(&event, body, now).await?
            }
        };
        self.metrics.record(
            now,
            &[
                metrics::count("events_received", 1),
                metrics::milliseconds("event_lag_ms", now.as_ms() - event.created.as_ms()),
            ],
        );
        tracing::info!(event.id = %event.id, event.kind, outcome, "event received");
        Ok(outcome)
    }

    /// The fast path: one read, one transaction.
    async fn settle(&self, event: &Event, now: Timestamp) -> Result<&'static str, NotNow> {
        let mut delivery = self.delivery(event, now);
        for _ in 0..ROUNDS_MAX {
            let known = self.store.known(event).await.map_err(NotNow::Failed)?;
            if known.row.is_some() {
                return Ok(self.note_duplicate(delivery).await);
            }
            let outcome = known.account.after(event, &self.catalogue);
            let settlement = match (event.misdirected(self.livemode), &outcome) {
                (Some(reason), _) => Settlement::Refused(reason),
                (None, Outcome::Apply(change)) => Settlement::Applied(change),
                (None, Outcome::Stale) => Settlement::Stale,
                (None, Outcome::Ignore) => Settlement::Ignored,
                (None, Outcome::Ask(_)) => return Err(NotNow::Ask),
            };
            let word = EventOutcome::from(&settlement).as_str();
            word.clone_into(&mut delivery.answer);
            let right = Right::New(&delivery);
            match self.store.settle(event, settlement, right, now).await {
                Ok(()) => return Ok(word),
                Err(Unsettled::NotOurs) => return Ok(self.note_duplicate(delivery).await),
                Err(Unsettled::Overtaken) => {}
                Err(Unsettled::Failed(error)) => return Err(NotNow::Failed(error)),
            }
        }
        Err(NotNow::Failed(Error::unavailable(
            "overtaken by other events again and again",
        )))
    }

    /// Keeps an event for the retry worker. Once it is kept it is not lost, so a queue that does not answer is no
    /// reason to have Stripe send it again: the sweep queues it.
    async fn keep_pending(
        &self,
        event: &Event,
        body: &[u8],
        now: Timestamp,
    ) -> Result<&'static str, Error> {
        let mut delivery = self.delivery(event, now);
        let pending = EventOutcome::Pending.as_str();
        pending.clone_into(&mut delivery.answer);
        match self.store.keep_pending(event, body, &delivery, now).await {
            Ok(()) => {}
            Err(Unsettled::NotOurs) => return Ok(self.note_duplicate(delivery).await),
            Err(Unsettled::Overtaken) => {
                return Err(not_kept(&Error::internal("no record was to be written")));
            }
            Err(Unsettled::Failed(error)) => return Err(not_kept(&error)),
        }
        self.store.queue_kept(&self.queue, &event.id, now).await;
        Ok(pending)
    }

    /// Keeps what Stripe signed and nobody can apply. Sending it again would not mend it, so it is answered 200, and
    /// an alert tells.
    async fn keep_unreadable(
        &self,
        body: &[u8],
        error: &EventError,
        now: Timestamp,
    ) -> Result<&'static str, Error> {
        let (kept_as, kind, alert) = match error {
            EventError::Unparsable(reason) => {
                let kept_as = format!("unparsable_{}", hex::encode(Sha256::digest(body)));
                let alert = Alert::unparsable_event(&kept_as, reason);
                (kept_as, None, alert)
            }
            EventError::Unreadable { id, kind, .. } => {
                let alert = Alert::quarantined_event(id, &error.to_string());
                (id.to_string(), Some(kind.clone()), alert)
            }
        };
        let outcome = EventOutcome::Quarantined.as_str();
        let delivery = Delivery {
            id: self.chance.hex128(),
            event_id: kept_as,
            event_kind: kind,
            received_at: now,
            lag_s: None,
            answer: outcome.to_owned(),
        };
        self.store
            .keep_unreadable(body, &alert, &delivery)
            .await
            .map_err(|error| not_kept(&error))?;
        tracing::error!(event.id = delivery.event_id, %error, "a signed body cannot be applied");
        Ok(outcome)
    }

    /// Notes a delivery of an event that is on record already. That it came is of interest to us; it is no reason for
    /// Stripe to send it once more, so a failure to note it is not one to Stripe.
    async fn note_duplicate(&self, mut delivery: Delivery) -> &'static str {
        DUPLICATE.clone_into(&mut delivery.answer);
        if let Err(error) = self.store.note_delivery(&delivery).await {
            tracing::warn!(event.id = delivery.event_id, %error, "duplicate delivery not noted");
        }
        DUPLICATE
    }

    fn delivery(&self, event: &Event, now: Timestamp) -> Delivery {
        Delivery {
            id: self.chance.hex128(),
            event_id: event.id.to_string(),
            event_kind: Some(event.kind.clone()),
            received_at: now,
            lag_s: Some(now.since_s(event.created)),
            answer: String::new(),
        }
    }
}

/// Why an event is not settled on the fast path.
enum NotNow {
    /// What is on record cannot settle it, and this function cannot ask Stripe.
    Ask,
    /// The tables did not do it.
    Failed(Error),
}

/// The one answer that makes Stripe send an event again.
fn not_kept(error: &Error) -> Error {
    Error {
        inner: error.to_string(),
        ..Error::new(
            ErrorKind::Internal,
            "event_not_kept",
            "The event could not be kept. Send it again.",
        )
    }
}
