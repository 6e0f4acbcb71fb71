//! The nightly sync: what was missed is found. Events that never came go the way of those that did, and what Stripe
//! says of every subscription, open invoice, refund and dispute is compared with the record.
//!
//! At 02:00 UTC the schedule has a message queued that names the day; the message is what is worked on, and it stays in
//! the queue until the run is done. So a run goes on after its time is up, after a failure and after a crash, from the
//! page it had come to. A lease sees to it that two workers never run one.

mod cause;
mod claims;
mod compare;
mod events;
mod run;
mod suspects;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::queue::Queue;
use shared::store::Store;
use shared::stripe::Stripe;
use shared::time::Timestamp;

use crate::run::Stop;

/// The function with its doors.
#[derive(Debug)]
pub struct DailyBillingSync {
    store: Store,
    stripe: Stripe,
    retry_queue: Queue,
    sync_queue: Queue,
    catalogue: Catalogue,
    livemode: bool,
    clock: Clock,
    chance: Chance,
}

impl DailyBillingSync {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            stripe: Stripe::of(env, platform)?,
            retry_queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            sync_queue: Queue::new(env, platform, "SYNC_QUEUE_URL")?,
            catalogue: Catalogue::linky(),
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
        })
    }
}

impl Function for DailyBillingSync {
    /// The schedule's, which says nothing that is needed, or a batch of the queue's.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, Error> {
        if event.get("Records").is_none() {
            return self.start().await;
        }
        let batch: SqsEvent = serde_json::from_value(event).map_err(Error::internal)?;
        let mut response = SqsBatchResponse::default();
        for message in batch.records {
            let Some(message_id) = message.message_id.clone() else {
                return Err(Error::internal("SQS handed over a message without an id"));
            };
            if !self.is_done(&message, &message_id, &invocation).await {
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message_id;
                response.batch_item_failures.push(failure);
            }
        }
        serde_json::to_value(response).map_err(Error::internal)
    }
}

impl DailyBillingSync {
    /// Queues the run of today. Where somebody works on it already, the answer says who and until when: the message then
    /// waits for that, and finds nothing left to do.
    async fn start(&self) -> Result<Value, Error> {
        let now = self.clock.now();
        let day = now.day();
        self.sync_queue.send(&day).await?;
        let run = self.store.run_of(&day).await?;
        let held = run.filter(|run| run.lease_until.is_some_and(|until| until > now));
        Ok(match held {
            Some(run) => json!({
                "queued": day, "held_by": run.lease_owner, "held_until": run.lease_until,
            }),
            None => json!({ "queued": day }),
        })
    }

    /// Whether the message may be deleted: its run is done, or is no run.
    async fn is_done(
        &self,
        message: &SqsMessage,
        message_id: &str,
        invocation: &Invocation,
    ) -> bool {
        let day = message.body.as_deref().unwrap_or_default().trim();
        if !is_day(day) {
            tracing::error!(
                message.id = message_id,
                "a message that names no day; dropped"
            );
            return true;
        }
        let owner = format!("{}#{message_id}", invocation.request_id);
        let stop = self.work_on(day, &owner, invocation).await;
        let wait_s = match stop {
            Stop::Done => return true,
            Stop::Later(wait_s) => wait_s,
        };
        if let Some(receipt_handle) = &message.receipt_handle
            && let Err(error) = self.sync_queue.hide(receipt_handle, wait_s).await
        {
            tracing::warn!(%error, "not hidden; the queue's own timeout brings it back");
        }
        false
    }
}

/// Whether the text is a day, such as `2026-11-24`.
fn is_day(text: &str) -> bool {
    Timestamp::of_day(text).is_ok_and(|at| at.day() == text)
}
