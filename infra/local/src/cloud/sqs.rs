//! SQS: standard queues in the JSON protocol, on the clock of the sandbox, so that a visibility timeout of an hour
//! passes when the clock is moved by an hour.
//!
//! A receive never waits, whatever `WaitTimeSeconds` says: whoever moves the clock asks [`Sqs::next_visible_at`] when
//! there will be something to receive.

mod queue;
mod refusal;
mod settings;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;

use super::CloudError;
use super::answer::{Answer, json_error};
use super::journal::Journal;
use queue::{Message, Queue, Receipt, Receive};
pub(crate) use refusal::Refusal;
use settings::Settings;

/// The account every queue is in: the one AWS uses where there is none.
const ACCOUNT: &str = "000000000000";

/// The region every queue is in.
const REGION: &str = "us-east-1";

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

#[derive(Default)]
struct Queues {
    by_name: BTreeMap<String, Queue>,
    last_number: u64,
    /// The messages written or removed since the journal was last told: queue and number.
    touched: Vec<(String, u64)>,
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
                let settings = serde_json::from_value(value.clone())?;
                queues.by_name.insert(name.to_owned(), Queue::new(settings));
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
                queue.messages.insert(number, message);
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
    /// them, as a deploy does. References must be resolved: `deadLetterTargetArn` is [`Sqs::arn`] of a name.
    /// Returns the queue's URL.
    pub(crate) fn create_queue(&self, properties: &Value) -> Result<String, CloudError> {
        let name = properties["QueueName"].as_str().ok_or_else(|| {
            CloudError::Declaration("a queue needs its QueueName as a text".to_owned())
        })?;
        let settings = Settings::read(properties)
            .map_err(|refusal| CloudError::Declaration(format!("queue {name}: {refusal}")))?;
        let mut queues = self.lock();
        self.keep_settings(name, &settings)
            .map_err(CloudError::Journal)?;
        match queues.by_name.get_mut(name) {
            Some(queue) => queue.settings = settings,
            None => {
                queues.by_name.insert(name.to_owned(), Queue::new(settings));
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
        let messages = queues
            .by_name
            .values()
            .flat_map(|queue| queue.messages.values());
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
            .map(|(name, queue)| (name.clone(), depth(queue, now)))
            .collect()
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
                    .and_then(|queue| queue.messages.get(&number));
                journal
                    .record(&format!("message/{name}/{number:012}"), message)
                    .map_err(|problem| Failure::NotKept(problem.to_string()))?;
            }
        }
        outcome.map_err(Failure::Refused)
    }

    fn keep_settings(&self, name: &str, settings: &Settings) -> std::io::Result<()> {
        match &self.journal {
            Some(journal) => journal.record(&format!("queue/{name}"), Some(settings)),
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

impl Queues {
    fn existing(&self, name: &str) -> Result<&Queue, Refusal> {
        self.by_name.get(name).ok_or_else(Refusal::no_such_queue)
    }

    fn existing_mut(&mut self, name: &str) -> Result<&mut Queue, Refusal> {
        self.by_name
            .get_mut(name)
            .ok_or_else(Refusal::no_such_queue)
    }

    fn expire(&mut self, now: Timestamp) {
        for (name, queue) in &mut self.by_name {
            let expired = queue.expire(now);
            self.touched
                .extend(expired.into_iter().map(|number| (name.clone(), number)));
        }
    }

    fn add(&mut self, name: &str, message: Message) -> Result<(), Refusal> {
        let number = self.last_number + 1;
        self.existing_mut(name)?.messages.insert(number, message);
        self.last_number = number;
        self.touched.push((name.to_owned(), number));
        Ok(())
    }

    fn receive(
        &mut self,
        name: &str,
        now: Timestamp,
        count: usize,
        visibility_s: i64,
    ) -> Result<Vec<QueueMessage>, Refusal> {
        let queue = self.existing_mut(name)?;
        let Receive { received, dead } = queue.receive(now, count, visibility_s);
        let dead_letters = queue
            .settings
            .redrive
            .as_ref()
            .map(|redrive| redrive.queue.clone());
        for (number, mut message) in dead {
            self.touched.push((name.to_owned(), number));
            message.source = Some(Sqs::arn(name));
            message.visible_at = now;
            if let Some(dead_letters) = &dead_letters {
                self.add(dead_letters, message)?;
            }
        }
        let mut shown = Vec::with_capacity(received.len());
        for (number, message) in received {
            self.touched.push((name.to_owned(), number));
            shown.push(show(name, number, message));
        }
        Ok(shown)
    }

    fn delete(&mut self, name: &str, handle: &str) -> Result<(), Refusal> {
        let queue = self.existing_mut(name)?;
        let receipt = Receipt::read(name, handle)?;
        if queue.delete(&receipt) {
            self.touched.push((name.to_owned(), receipt.number));
        }
        Ok(())
    }

    fn hide(
        &mut self,
        name: &str,
        now: Timestamp,
        handle: &str,
        visibility_s: i64,
    ) -> Result<(), Refusal> {
        let queue = self.existing_mut(name)?;
        let receipt = Receipt::read(name, handle)?;
        queue.hide(now, &receipt, visibility_s)?;
        self.touched.push((name.to_owned(), receipt.number));
        Ok(())
    }
}

impl Receipt {
    fn write(&self, queue: &str) -> String {
        use base64::Engine;
        let plain = format!("{queue} {} {}", self.number, self.receive_count);
        base64::engine::general_purpose::STANDARD.encode(plain)
    }

    fn read(queue: &str, handle: &str) -> Result<Self, Refusal> {
        use base64::Engine;
        let plain = base64::engine::general_purpose::STANDARD
            .decode(handle)
            .ok();
        let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok());
        plain
            .as_deref()
            .and_then(|plain| {
                let mut words = plain.split(' ');
                words.next().filter(|of| *of == queue)?;
                Some(Self {
                    number: words.next()?.parse().ok()?,
                    receive_count: words.next()?.parse().ok()?,
                })
            })
            .ok_or_else(Refusal::receipt_handle)
    }
}

fn show(queue: &str, number: u64, message: Message) -> QueueMessage {
    let mut attributes = BTreeMap::from([
        (
            "ApproximateReceiveCount".to_owned(),
            message.receive_count.to_string(),
        ),
        (
            "SentTimestamp".to_owned(),
            message.sent_at.as_ms().to_string(),
        ),
        ("SenderId".to_owned(), ACCOUNT.to_owned()),
    ]);
    if let Some(first) = message.first_received_at {
        attributes.insert(
            "ApproximateFirstReceiveTimestamp".to_owned(),
            first.as_ms().to_string(),
        );
    }
    if let Some(source) = message.source {
        attributes.insert("DeadLetterQueueSourceArn".to_owned(), source);
    }
    let receipt = Receipt {
        number,
        receive_count: message.receive_count,
    };
    QueueMessage {
        receipt_handle: receipt.write(queue),
        md5_of_body: format!("{:x}", md5::compute(&message.body)),
        id: message.id,
        body: message.body,
        attributes,
        message_attributes: message.attributes,
    }
}

fn depth(queue: &Queue, now: Timestamp) -> Depth {
    let mut depth = Depth::default();
    for message in queue.messages.values() {
        if message.visible_at <= now {
            depth.visible += 1;
        } else if message.received_at.is_some() {
            depth.in_flight += 1;
        } else {
            depth.delayed += 1;
        }
    }
    depth
}
