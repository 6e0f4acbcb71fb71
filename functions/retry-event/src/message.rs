//! One message: the event it names is taken up, settled or given back, or given up at the last receive.

use aws_lambda_events::sqs::SqsMessage;
use shared::backoff;
use shared::error::Error;
use shared::id::EventId;
use shared::lambda::Invocation;
use shared::store::events::{Lease, Leased};

use crate::RetryEvent;
use crate::settle::Failure;

impl RetryEvent {
    /// Works off one message; true where it may be deleted.
    pub(crate) async fn work_off(
        &self,
        message: &SqsMessage,
        message_id: &str,
        invocation: &Invocation,
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
            Ok(Lease::Taken | Lease::Settled(_)) => return true,
            Ok(Lease::Missing) => {
                tracing::error!(event.id = %id, "a message for an event that is not on record; dropped");
                return true;
            }
            Err(error) => {
                tracing::warn!(event.id = %id, %error, "not taken up");
                self.hide(message, receives(message)).await;
                return false;
            }
        };
        match self.settle(&leased, invocation.deadline).await {
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

    /// After a failure that may pass: back for later, or dead at the last receive. The message is not deleted in
    /// either case: SQS brings it back, or moves it to the dead letters.
    async fn give_back(&self, leased: &Leased, message: &SqsMessage, error: &Error) -> bool {
        let reason = error.to_string();
        let now = self.clock.now();
        let receives = receives(message);
        if receives >= self.receives_max {
            match self.store.bury(leased, &reason, now).await {
                Ok(()) => tracing::error!(event.id = %leased.id, reason, "event is dead"),
                Err(error) => {
                    tracing::warn!(event.id = %leased.id, %error, "not marked dead; the sweep brings it back")
                }
            }
            return false;
        }
        let wait_s = self.hide(message, receives).await;
        let next = now.plus_s(i64::try_from(wait_s).unwrap_or(i64::MAX));
        tracing::warn!(event.id = %leased.id, %error, attempt = leased.row.attempts, wait_s, "event not settled; it comes back");
        if let Err(error) = self.store.give_back(leased, &reason, next).await {
            tracing::warn!(event.id = %leased.id, %error, "not given back; the lease runs out by itself");
        }
        false
    }

    /// Hides the message until the next attempt; the answer is how long, in seconds.
    async fn hide(&self, message: &SqsMessage, receives: u32) -> u64 {
        let wait_s = backoff::wait_s(receives, self.chance.below(u64::MAX));
        if let Some(receipt_handle) = &message.receipt_handle
            && let Err(error) = self.queue.hide(receipt_handle, wait_s).await
        {
            tracing::warn!(%error, "not hidden; the queue's own timeout brings it back");
        }
        wait_s
    }
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
