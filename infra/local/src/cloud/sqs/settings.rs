//! What a queue is set to, read from a template's properties or from the attributes of `CreateQueue`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::refusal::Refusal;

/// The longest a message may be invisible, in seconds: 12 hours, counted from its receipt.
pub(super) const VISIBILITY_S_MAX: i64 = 43_200;

/// The longest a message may wait before it is first seen, in seconds.
pub(super) const DELAY_S_MAX: i64 = 900;

/// The longest a receive may wait for a message, in seconds.
pub(super) const WAIT_S_MAX: i64 = 20;

/// The longest a queue keeps a message, in seconds: 14 days.
const RETENTION_S_MAX: i64 = 1_209_600;

/// The most entries of a batch, and the most messages of one receive.
pub(super) const BATCH_MAX: usize = 10;

/// The longest message and the longest batch, in bytes: 1 MiB since August 2025.
pub(super) const BYTES_MAX: usize = 1_048_576;

/// The settings of one queue. Times are in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(super) visibility_s: i64,
    pub(super) delay_s: i64,
    pub(super) retention_s: i64,
    pub(super) wait_s: i64,
    /// The longest message it takes, in bytes, the sender's attributes included.
    #[serde(default = "bytes_max")]
    pub(super) bytes_max: usize,
    pub(super) redrive: Option<Redrive>,
}

/// A queue as the journal keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub(super) settings: Settings,
    #[serde(default = "unknown")]
    pub(super) created_at: Timestamp,
    #[serde(default = "unknown")]
    pub(super) changed_at: Timestamp,
}

const fn bytes_max() -> usize {
    BYTES_MAX
}

/// What a journal from before these times were kept says of them.
const fn unknown() -> Timestamp {
    Timestamp::from_ms(0)
}

/// Where a message goes that was received too often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Redrive {
    /// The name of the dead letter queue.
    pub(super) queue: String,
    /// How often a message may be received before it is moved.
    pub(super) receives_max: u32,
}

/// What a template may say of a queue that means nothing here: encryption, tags, its own name.
const IGNORED: [&str; 6] = [
    "QueueName",
    "SqsManagedSseEnabled",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "Tags",
    "RedriveAllowPolicy",
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            visibility_s: 30,
            delay_s: 0,
            retention_s: 345_600,
            wait_s: 0,
            bytes_max: BYTES_MAX,
            redrive: None,
        }
    }
}

impl Settings {
    /// Reads `properties`, whose values are numbers in a template and texts in `CreateQueue`.
    pub(super) fn read(properties: &Value) -> Result<Self, Refusal> {
        Self::default().with(properties)
    }

    /// These settings with what `properties` say in their place.
    pub(super) fn with(&self, properties: &Value) -> Result<Self, Refusal> {
        let mut settings = self.clone();
        for (name, value) in properties.as_object().into_iter().flatten() {
            let within = |least: i64, most: i64| {
                number(value)
                    .filter(|seconds| (least..=most).contains(seconds))
                    .ok_or_else(|| Refusal::attribute_value(name))
            };
            match name.as_str() {
                "VisibilityTimeout" => settings.visibility_s = within(0, VISIBILITY_S_MAX)?,
                "DelaySeconds" => settings.delay_s = within(0, DELAY_S_MAX)?,
                "MessageRetentionPeriod" => settings.retention_s = within(60, RETENTION_S_MAX)?,
                "ReceiveMessageWaitTimeSeconds" => settings.wait_s = within(0, WAIT_S_MAX)?,
                "MaximumMessageSize" => {
                    settings.bytes_max = usize::try_from(within(1024, 1_048_576)?)
                        .map_err(|_| Refusal::attribute_value(name))?;
                }
                "RedrivePolicy" if value == "" => settings.redrive = None,
                "RedrivePolicy" => settings.redrive = Some(Redrive::read(value)?),
                "FifoQueue" => return Err(Refusal::unsupported("FIFO queues")),
                other if IGNORED.contains(&other) => {}
                other => return Err(Refusal::attribute_name(other)),
            }
        }
        Ok(settings)
    }

    /// The first of `properties` that says something else than these settings.
    pub(super) fn differing<'a>(&self, properties: &'a Value) -> Result<Option<&'a str>, Refusal> {
        for (name, value) in properties.as_object().into_iter().flatten() {
            if self.with(&json!({ name: value }))? != *self {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}

impl Redrive {
    fn read(policy: &Value) -> Result<Self, Refusal> {
        let wrong = || Refusal::attribute_value("RedrivePolicy");
        let policy = match policy {
            Value::String(text) => serde_json::from_str(text).map_err(|_| wrong())?,
            other => other.clone(),
        };
        let arn = policy["deadLetterTargetArn"].as_str().ok_or_else(wrong)?;
        let receives_max = number(&policy["maxReceiveCount"])
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| (1..=1000).contains(count))
            .ok_or_else(wrong)?;
        let queue = arn.rsplit(':').next().unwrap_or(arn).to_owned();
        Ok(Self {
            queue,
            receives_max,
        })
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}
