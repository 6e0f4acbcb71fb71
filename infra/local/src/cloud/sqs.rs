//! SQS: standard queues in the JSON protocol, on the clock of the sandbox, so that a visibility timeout of an hour
//! passes when the clock is moved by an hour.
//!
//! A long poll ends when its time has passed on the machine's clock or on the sandbox's, whichever is first. Lambda's
//! poller never waits: whoever moves the clock asks [`Sqs::next_visible_at`] when there will be something to receive.

mod attributes;
mod calls;
mod entry;
mod queue;
mod queues;
mod receipt;
mod redrive;
mod refusal;
mod settings;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;
use tokio::time::Instant;

use super::CloudError;
use super::answer::{Answer, json_error};
use super::journal::Journal;
use queue::Queue;
use queues::Queues;
pub(crate) use refusal::Refusal;
use settings::{Kept, Settings};

/// The account every queue is in: the one AWS uses where there is none.
const ACCOUNT: &str = "000000000000";

/// The region every queue is in.
const REGION: &str = "us-east-1";

/// How often a long poll looks whether there is something to receive.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A message as Lambda's poller receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// SQS's identifier.
    pub id: String,
    /// What to delete it by. A later receipt of the message makes it stale.
    pub receipt_handle: String,
    /// What was sent.
    pub body: String,
    /// `ApproximateReceiveCount`, `SentTimestamp`, `ApproximateFirstReceiveTimestamp` and `SenderId`, and in a dead
    /// letter queue `DeadLetterQueueSourceArn`.
    pub attributes: BTreeMap<String, String>,
    /// The sender's own attributes in the JSON of SQS, or nothing.
    pub message_attributes: Option<Value>,
    /// MD5 of the body in hexadecimal.
    pub md5_of_body: String,
}

/// How many messages a queue holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Those that may be received now.
    pub visible: usize,
    /// Those received and neither deleted nor visible again.
    pub in_flight: usize,
    /// Those sent with a delay that has not passed.
    pub delayed: usize,
}

/// Every queue of the local cloud.
pub struct Sqs {
    queues: Mutex<Queues>,
    clock: Clock,
    chance: Chance,
    journal: Option<Arc<Journal>>,
}

impl Sqs {
    /// Queues with what `kept` says of an earlier life: the journal's entries.
    pub(crate) fn restore(
        clock: Clock,
        chance: Chance,
        journal: Option<Arc<Journal>>,
        kept: &BTreeMap<String, Value>,
    ) -> Result<Self, serde_json::Error> {
        let mut queues = Queues::default();
        for (key, value) in kept {
            if let Some(name) = key.strip_prefix("queue/") {
                let kept = serde_json::from_value(value.clone())?;
                queues.by_name.insert(name.to_owned(), Queue::new(kept));
            }
        }
        for (key, value) in kept {
            let Some((name, number)) = key
                .strip_prefix("message/")
                .and_then(|rest| rest.split_once('/'))
            else {
                continue;
            };
            if let (Some(queue), Ok(number)) = (queues.by_name.get_mut(name), number.parse()) {
                let message = serde_json::from_value(value.clone())?;
                queue.insert(number, message);
                queues.last_number = queues.last_number.max(number);
            }
        }
        Ok(Self {
            queues: Mutex::new(queues),
            clock,
            chance,
            journal,
        })
    }

    /// Creates the queue that the `Properties` of an `AWS::SQS::Queue` describe, or sets the one that is there to
    /// them, as a deploy does. Returns its URL.
    pub(crate) fn create_queue(&self, properties: &Value) -> Result<String, CloudError> {
        let name = properties["QueueName"].as_str().ok_or_else(|| {
            CloudError::Declaration("a queue needs its QueueName as a text".to_owned())
        })?;
        let settings = Settings::read(properties)
            .map_err(|refusal| CloudError::Declaration(format!("queue {name}: {refusal}")))?;
        let mut queues = self.lock();
        queues
            .reachable(&settings)
            .map_err(|refusal| CloudError::Declaration(format!("queue {name}: {refusal}")))?;
        let now = self.clock.now();
        let before = queues.by_name.get(name);
        let kept = Kept {
            created_at: before.map_or(now, |queue| queue.created_at),
            changed_at: match before {
                Some(queue) if queue.settings == settings => queue.changed_at,
                _ => now,
            },
            settings,
        };
        self.keep(name, Some(&kept)).map_err(CloudError::Journal)?;
        match queues.by_name.get_mut(name) {
            Some(queue) => {
                queue.changed_at = kept.changed_at;
                queue.settings = kept.settings;
            }
            None => {
                queues.by_name.insert(name.to_owned(), Queue::new(kept));
            }
        }
        Ok(Self::url(name))
    }

    /// The URL of the queue `name`.
    pub fn url(name: &str) -> String {
        format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}")
    }

    /// The ARN of the queue `name`.
    pub fn arn(name: &str) -> String {
        format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
    }

    /// Receives up to `batch_size` messages of the queue `name` as Lambda's poller does, hidden for the queue's own
    /// visibility timeout; none where there is no such queue.
    pub fn receive_for_lambda(&self, name: &str, batch_size: usize) -> Vec<QueueMessage> {
        let received = self.change(|queues, now| {
            let visibility_s = queues.existing(name)?.settings.visibility_s;
            queues.receive(name, now, batch_size, visibility_s)
        });
        received.unwrap_or_default()
    }

    /// Deletes the messages of `receipt_handles` from the queue `name`, as Lambda's poller does after a success.
    /// Stale handles delete nothing.
    pub fn delete(&self, name: &str, receipt_handles: &[String]) {
        for handle in receipt_handles {
            let deleted = self.change(|queues, _| queues.delete(name, handle));
            if deleted.is_err() {
                tracing::warn!(
                    queue = name,
                    "a receipt handle is not one of this queue's: nothing is deleted"
                );
            }
        }
    }

    /// When the next message of any queue that is not visible now will be; `None` where there is none.
    pub fn next_visible_at(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let queues = self.lock();
        let messages = queues.by_name.values().flat_map(Queue::messages);
        messages
            .map(|message| message.visible_at)
            .filter(|at| *at > now)
            .min()
    }

    /// How many messages each queue holds, by name.
    pub fn depths(&self) -> BTreeMap<String, Depth> {
        let now = self.clock.now();
        let mut queues = self.lock();
        queues.expire(now);
        let depths = queues.by_name.iter();
        depths
            .map(|(name, queue)| (name.clone(), queue.depth(now)))
            .collect()
    }

    /// Waits as a long poll does: until the queue has something to receive, or the time to wait has passed.
    pub(crate) async fn long_poll(&self, operation: &str, body: &[u8]) {
        if operation != "ReceiveMessage" {
            return;
        }
        let Some((name, wait_s)) = wire::long_poll(self, body) else {
            return;
        };
        let (begun, wait) = (Instant::now(), Duration::from_secs(wait_s.unsigned_abs()));
        let until = self.clock.now().plus_s(wait_s);
        while begun.elapsed() < wait && self.clock.now() < until && !self.has_visible(&name) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Whether there is something to receive, or no such queue, which ends a wait as well.
    fn has_visible(&self, name: &str) -> bool {
        let now = self.clock.now();
        let queues = self.lock();
        let queue = queues.by_name.get(name);
        queue.is_none_or(|queue| queue.has_visible(now))
    }

    /// Answers `operation`, whose request is `body`.
    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        match wire::perform(self, operation, body) {
            Ok(answer) => answer,
            Err(Failure::Refused(refusal)) => refusal.answer(),
            Err(Failure::NotKept(problem)) => {
                json_error(500, "com.amazonaws.sqs#InternalFailure", &problem)
            }
        }
    }

    /// Runs `change` on all queues, then writes down what it changed, before anyone is told.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut Queues, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        let now = self.clock.now();
        let mut queues = self.lock();
        queues.expire(now);
        let outcome = change(&mut queues, now);
        let touched = std::mem::take(&mut queues.touched);
        if let Some(journal) = &self.journal {
            for (name, number) in touched {
                let message = queues
                    .by_name
                    .get(&name)
                    .and_then(|queue| queue.message(number));
                journal
                    .record(&format!("message/{name}/{number:012}"), message)
                    .map_err(|problem| Failure::NotKept(problem.to_string()))?;
            }
        }
        outcome.map_err(Failure::Refused)
    }

    /// A new identifier, written as a UUID.
    fn message_id(&self) -> String {
        let hex = self.chance.hex128();
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        parts.join("-")
    }

    fn keep(&self, name: &str, queue: Option<&Kept>) -> std::io::Result<()> {
        match &self.journal {
            Some(journal) => journal.record(&format!("queue/{name}"), queue),
            None => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why an operation has no answer of its own.
enum Failure {
    /// SQS refuses it.
    Refused(Refusal),
    /// It took effect here, but the folder could not be written.
    NotKept(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
