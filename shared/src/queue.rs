//! Door: the retry queue. A message carries an event's id, never its body.

use aws_sdk_sqs::Client;

use crate::aws::{Aws, failed};
use crate::config::Env;
use crate::error::Error;
use crate::id::EventId;
use crate::lambda::Platform;

/// The longest a message may be hidden, in seconds: SQS's own limit, 12 hours.
const HIDDEN_S_MAX: u64 = 12 * 60 * 60;

/// The queue of events to be settled later.
#[derive(Debug, Clone)]
pub struct RetryQueue {
    sqs: Client,
    url: String,
}

impl RetryQueue {
    /// The queue that the environment names.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            sqs: Aws::of(env, platform)?.sqs(),
            url: env.required("RETRY_QUEUE_URL")?,
        })
    }

    /// Queues an event.
    ///
    /// # Errors
    /// `Unavailable`. The event is on record as pending then, and the sweep queues it.
    pub async fn send(&self, event: &EventId) -> Result<(), Error> {
        self.sqs
            .send_message()
            .queue_url(&self.url)
            .message_body(event.as_ref())
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("queue an event", &error))
    }

    /// Hides a message that was received for `wait_s` seconds from now.
    ///
    /// # Errors
    /// `Unavailable`. The message then comes back when the queue's own timeout has passed.
    pub async fn hide(&self, receipt_handle: &str, wait_s: u64) -> Result<(), Error> {
        let wait_s = i32::try_from(wait_s.min(HIDDEN_S_MAX)).unwrap_or(i32::MAX);
        self.sqs
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(wait_s)
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("hide a message", &error))
    }
}
