//! Door: a queue. A message of the retry queue carries an event's id, never its body; one of the sync's queue, a day.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::aws::{Aws, failed};
use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;

/// The longest a message may be hidden, in seconds: SQS's own limit, 12 hours.
const HIDDEN_S_MAX: u64 = 12 * 60 * 60;

/// A queue of work to be done later.
#[derive(Debug, Clone)]
pub struct Queue {
    sqs: Client,
    url: String,
}

impl Queue {
    /// The queue that the environment names under `setting`, such as `RETRY_QUEUE_URL`.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform, setting: &'static str) -> Result<Self, Error> {
        Ok(Self {
            sqs: Aws::of(env, platform)?.sqs(),
            url: env.required(setting)?,
        })
    }

    /// Queues what is named.
    ///
    /// # Errors
    /// `Unavailable`. An event is on record as pending then, and the sweep queues it.
    pub async fn send(&self, named: impl AsRef<str>) -> Result<(), Error> {
        self.sqs
            .send_message()
            .queue_url(&self.url)
            .message_body(named.as_ref())
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("queue a message", &error))
    }

    /// How many messages wait in it, about.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn depth(&self) -> Result<u64, Error> {
        let answer = self
            .sqs
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .send()
            .await
            .map_err(|error| failed("count the messages of a queue", &error))?;
        let depth = answer.attributes.and_then(|mut all| {
            all.remove(&QueueAttributeName::ApproximateNumberOfMessages)?
                .parse()
                .ok()
        });
        depth.ok_or_else(|| Error::unavailable("SQS told no number of messages"))
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
