//! One message: the event it names is taken up, settled or given back, or given up at the last receive.

use aws_lambda_events::sqs::SqsMessage;
use shared::backoff;
use shared::chance::Chance;
use shared::error::{Error, ErrorKind};
use shared::id::EventId;
use shared::lambda::Invocation;
use shared::store::events::{EventOutcome, EventRow, Lease, Leased};
use shared::stripe;
use shared::time::Timestamp;

use crate::RetryEvent;
use crate::readings::Readings;
use crate::settle::Failure;

impl RetryEvent {
    /// Works off one message; true where it may be deleted.
    pub(crate) async fn work_off(
        &self,
        message: &SqsMessage,
        message_id: &str,
        invocation: &Invocation,
        readings: &mut Readings,
    ) -> bool {
        let Some(id) = event_named(message) else {
            tracing::error!(
                message.id = message_id,
                "a message that names no event; dropped"
            );
            return true;
        };
        let owner = format!("{}#{message_id}", invocation.request_id);
        let lease = self
            .store
            .lease(&id, &owner, self.clock.now(), invocation.deadline)
            .await;
        let leased = match lease {
            Ok(Lease::Ours(leased)) => leased,
            // Whoever holds it has a message of its own, and the sweep is behind both.
            Ok(Lease::Taken) => return true,
            Ok(Lease::Settled(row)) => return self.is_settled(&id, &row, message).await,
            Ok(Lease::Missing) => {
                tracing::error!(event.id = %id, "a message for an event that is not on record; dropped");
                return true;
            }
            Err(error) => {
                tracing::warn!(event.id = %id, %error, "not taken up");
                self.hide(message, backoff_s(receives(message), &self.chance))
                    .await;
                return false;
            }
        };
        if leased.row.tried() > 2 * self.receives_max {
            // A panic and the end of the invocation leave no trace but the count.
            let reason = "it ended the worker every time it was tried";
            return self.bury(&leased, reason).await;
        }
        let settled = self.settle(&leased, invocation.patience(), readings);
        match settled.await {
            Ok(outcome) => {
                tracing::info!(event.id = %id, attempt = leased.row.attempts, outcome, "event settled");
                true
            }
            Err(Failure::Overtaken) => true,
            Err(Failure::Permanent(reason)) => self.quarantine(&leased, &reason).await,
            Err(Failure::Passing(error)) => self.give_back(&leased, message, &error).await,
        }
    }

    /// What can never be applied is not tried again. Deleted only once that is on record.
    async fn quarantine(&self, leased: &Leased, reason: &str) -> bool {
        match self
            .store
            .quarantine(leased, reason, self.clock.now())
            .await
        {
            Ok(()) => {
                tracing::error!(event.id = %leased.id, reason, "event quarantined");
                true
            }
            Err(error) => {
                tracing::warn!(event.id = %leased.id, %error, "not quarantined yet");
                false
            }
        }
    }

    /// A message for a settled event is done with, unless somebody has sent it after the event was dead: then the dead
    /// letters were redriven, and the event is tried anew.
    async fn is_settled(&self, id: &EventId, row: &EventRow, message: &SqsMessage) -> bool {
        let is_redriven = row.outcome == EventOutcome::Dead
            && sent_at(message).is_some_and(|sent_at| Some(sent_at) > row.settled_at);
        if !is_redriven {
            return true;
        }
        match self.store.revive(id, row, self.clock.now()).await {
            Ok(()) => {
                tracing::info!(event.id = %id, "a dead event was redriven; it is tried anew");
                self.hide(message, 0).await;
            }
            Err(error) => tracing::warn!(event.id = %id, %error, "not brought back yet"),
        }
        false
    }

    /// After a failure that may pass: back for later, or dead after the last attempt. The message is not deleted in
    /// either case: SQS brings it back, or moves it to the dead letters.
    async fn give_back(&self, leased: &Leased, message: &SqsMessage, error: &Error) -> bool {
        let reason = error.to_string();
        let tried = leased.row.tried();
        // A receive is no attempt: a message may have come in a batch whose time was up.
        if receives(message) >= self.receives_max && tried >= self.receives_max {
            self.bury(leased, &reason).await;
            return false;
        }
        let wait_s = backoff_s(tried, &self.chance);
        self.hide(message, wait_s).await;
        let next = self.clock.now().plus_s(wait_s);
        // What Stripe answers otherwise, such as to a key that may not, no outage is behind.
        let waits_for_stripe =
            error.code == stripe::ERROR_CODE && error.kind == ErrorKind::Unavailable;
        // The last attempts keep their waits, which are to outlast what Stripe does not do although it answers.
        let may_be_woken = waits_for_stripe && tried <= self.receives_max / 4 * 3;
        let hidden = message.receipt_handle.as_deref();
        let hidden = hidden.filter(|_| may_be_woken);
        tracing::warn!(event.id = %leased.id, %error, attempt = leased.row.attempts, wait_s, "event not settled; it comes back");
        if let Err(error) = self.store.give_back(leased, &reason, next, hidden).await {
            tracing::warn!(event.id = %leased.id, %error, "not given back; the lease runs out by itself");
        }
        false
    }

    /// Marks an event dead; true once that is on record.
    async fn bury(&self, leased: &Leased, reason: &str) -> bool {
        match self.store.bury(leased, reason, self.clock.now()).await {
            Ok(()) => {
                tracing::error!(event.id = %leased.id, reason, "event is dead");
                true
            }
            Err(error) => {
                tracing::warn!(event.id = %leased.id, %error, "not marked dead; the sweep brings it back");
                false
            }
        }
    }

    /// Hides the message for some seconds.
    pub(crate) async fn hide(&self, message: &SqsMessage, wait_s: i64) {
        if let Some(receipt_handle) = &message.receipt_handle
            && let Err(error) = self.queue.hide(receipt_handle, wait_s.unsigned_abs()).await
        {
            tracing::warn!(%error, "not hidden; the queue's own timeout brings it back");
        }
    }
}

/// Seconds until the next attempt, after so many.
fn backoff_s(tried: u32, chance: &Chance) -> i64 {
    let jitter = chance.below(u64::MAX);
    i64::try_from(backoff::wait_s(tried, backoff::EVENT_LONGEST_S, jitter)).unwrap_or(i64::MAX)
}

fn event_named(message: &SqsMessage) -> Option<EventId> {
    message.body.as_deref()?.trim().parse().ok()
}

/// How often SQS has handed the message out, this time included.
fn receives(message: &SqsMessage) -> u32 {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
}

/// When the message was put into the queue; a redriven one when it was redriven.
fn sent_at(message: &SqsMessage) -> Option<Timestamp> {
    let ms = message.attributes.get("SentTimestamp")?.parse().ok()?;
    Some(Timestamp::from_ms(ms))
}
