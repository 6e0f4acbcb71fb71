//! The retry worker: settles the events that the webhook kept, asking Stripe where what is on record cannot tell.
//!
//! A batch is answered record by record: what failed is named and comes back, what succeeded does not. One bad record,
//! even one that panics, does not touch the others. What Stripe said for one record serves the others of the same object.

mod ask;
mod founding;
mod message;
mod readings;
mod settle;

use std::panic::AssertUnwindSafe;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::FutureExt;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::queue::Queue;
use shared::store::Store;
use shared::stripe::Stripe;

use crate::readings::Readings;

/// Seconds before Lambda ends the function at which no further record is begun: as long as one call to Stripe lasts with
/// all its attempts.
const RESERVE_S: i64 = 35;

/// Seconds until a message that was not begun is handed out again.
const LEFT_OVER_S: i64 = 30;

/// The function with its doors.
#[derive(Debug)]
pub struct RetryEvent {
    store: Store,
    queue: Queue,
    stripe: Stripe,
    livemode: bool,
    catalogue: Catalogue,
    receives_max: u32,
    clock: Clock,
    chance: Chance,
}

impl RetryEvent {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            stripe: Stripe::of(env, platform)?,
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            catalogue: Catalogue::linky(),
            receives_max: env.parsed("RETRY_RECEIVES_MAX")?,
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
        })
    }
}

impl Function for RetryEvent {
    type Event = SqsEvent;
    type Answer = SqsBatchResponse;

    async fn handle(
        &self,
        batch: SqsEvent,
        invocation: Invocation,
    ) -> Result<SqsBatchResponse, Error> {
        let mut response = SqsBatchResponse::default();
        let mut readings = Readings::default();
        for message in batch.records {
            // A message without an id cannot be named as failed: an empty name would fail the whole batch.
            let Some(message_id) = message.message_id.clone() else {
                return Err(Error::internal("SQS handed over a message without an id"));
            };
            let done = self.is_done(&message, &message_id, &invocation, &mut readings);
            if !done.await {
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message_id;
                response.batch_item_failures.push(failure);
            }
        }
        Ok(response)
    }
}

impl RetryEvent {
    /// Whether the message may be deleted.
    async fn is_done(
        &self,
        message: &SqsMessage,
        message_id: &str,
        invocation: &Invocation,
        readings: &mut Readings,
    ) -> bool {
        if self.clock.now().plus_s(RESERVE_S) >= invocation.deadline {
            tracing::info!(
                message.id = message_id,
                "left for another invocation: the time is up"
            );
            self.hide(message, LEFT_OVER_S).await;
            return false;
        }
        let work = AssertUnwindSafe(self.work_off(message, message_id, invocation, readings));
        work.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(message.id = message_id, "a defect: the record panicked");
            false
        })
    }
}
