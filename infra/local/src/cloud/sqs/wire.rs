//! The operations of SQS as its JSON protocol writes them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::queue::{Message, Queue};
use super::refusal::Refusal;
use super::settings::{DELAY_S_MAX, Settings, VISIBILITY_S_MAX};
use super::{Failure, QueueMessage, Sqs, depth};
use crate::cloud::answer::{Answer, json_answer};

/// The most entries of a batch, and the most messages of one receive.
const BATCH_MAX: usize = 10;

/// The longest message and the longest batch, in bytes: 1 MiB since August 2025.
const BYTES_MAX: usize = 1_048_576;

/// One request of any operation. Each operation reads the fields it knows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    queue_url: Option<String>,
    queue_name: Option<String>,
    queue_name_prefix: Option<String>,
    attributes: Option<Value>,
    attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    entries: Vec<Entry>,
    #[serde(flatten)]
    entry: Entry,
}

/// What an entry of a batch says, or a request about one message.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    id: String,
    message_body: Option<String>,
    message_attributes: Option<Value>,
    delay_seconds: Option<i64>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

pub(super) fn perform(sqs: &Sqs, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let request: Request = serde_json::from_slice(body).map_err(|problem| {
        Failure::Refused(Refusal::value("request", "given", &problem.to_string()))
    })?;
    let answer = match operation {
        "CreateQueue" => create_queue(sqs, &request)?,
        "GetQueueUrl" => queue_url(sqs, &request)?,
        "ListQueues" => list_queues(sqs, &request)?,
        "GetQueueAttributes" => queue_attributes(sqs, &request)?,
        "PurgeQueue" => purge(sqs, &request)?,
        "ReceiveMessage" => receive(sqs, &request)?,
        "SendMessage" => one(sqs, &request, send)?,
        "DeleteMessage" => one(sqs, &request, delete)?,
        "ChangeMessageVisibility" => one(sqs, &request, hide)?,
        "SendMessageBatch" => batch(sqs, &request, send)?,
        "DeleteMessageBatch" => batch(sqs, &request, delete)?,
        "ChangeMessageVisibilityBatch" => batch(sqs, &request, hide)?,
        other => {
            return Err(Failure::Refused(Refusal::unsupported(&format!(
                "operation {other}"
            ))));
        }
    };
    Ok(json_answer(200, &answer))
}

impl Request {
    /// The name in the queue's URL. Only its end counts, so that one cloud answers under any host and port.
    fn queue(&self) -> Result<&str, Refusal> {
        let url = self
            .queue_url
            .as_deref()
            .ok_or_else(|| Refusal::missing("QueueUrl"))?;
        Ok(url.rsplit('/').next().unwrap_or(url))
    }
}

fn create_queue(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let name = request
        .queue_name
        .as_deref()
        .ok_or_else(|| Failure::Refused(Refusal::missing("QueueName")))?;
    let given = request.attributes.clone().unwrap_or_else(|| json!({}));
    let settings = Settings::read(&given).map_err(Failure::Refused)?;
    sqs.change(|queues, _| match queues.by_name.get(name) {
        Some(queue) if queue.settings != settings => Err(Refusal::queue_differs()),
        Some(_) => Ok(()),
        None => {
            queues
                .by_name
                .insert(name.to_owned(), Queue::new(settings.clone()));
            Ok(())
        }
    })?;
    sqs.keep_settings(name, &settings)
        .map_err(|problem| Failure::NotKept(problem.to_string()))?;
    Ok(json!({ "QueueUrl": Sqs::url(name) }))
}

fn queue_url(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, _| {
        let name = request
            .queue_name
            .as_deref()
            .ok_or_else(|| Refusal::missing("QueueName"))?;
        queues.existing(name)?;
        Ok(json!({ "QueueUrl": Sqs::url(name) }))
    })
}

fn list_queues(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let prefix = request.queue_name_prefix.as_deref().unwrap_or_default();
    sqs.change(|queues, _| {
        let names = queues
            .by_name
            .keys()
            .filter(|name| name.starts_with(prefix));
        Ok(json!({ "QueueUrls": names.map(|name| Sqs::url(name)).collect::<Vec<_>>() }))
    })
}

fn queue_attributes(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, now| {
        let name = request.queue()?;
        let queue = queues.existing(name)?;
        let depth = depth(queue, now);
        let settings = &queue.settings;
        let mut attributes = Map::new();
        let mut set = |key: &str, value: String| {
            if asked(&request.attribute_names, key) {
                attributes.insert(key.to_owned(), Value::String(value));
            }
        };
        set("QueueArn", Sqs::arn(name));
        set("ApproximateNumberOfMessages", depth.visible.to_string());
        set(
            "ApproximateNumberOfMessagesNotVisible",
            depth.in_flight.to_string(),
        );
        set(
            "ApproximateNumberOfMessagesDelayed",
            depth.delayed.to_string(),
        );
        set("VisibilityTimeout", settings.visibility_s.to_string());
        set("DelaySeconds", settings.delay_s.to_string());
        set("MessageRetentionPeriod", settings.retention_s.to_string());
        set("ReceiveMessageWaitTimeSeconds", settings.wait_s.to_string());
        set("MaximumMessageSize", BYTES_MAX.to_string());
        if let Some(redrive) = &settings.redrive {
            let policy = json!({
                "deadLetterTargetArn": Sqs::arn(&redrive.queue),
                "maxReceiveCount": redrive.receives_max,
            });
            set("RedrivePolicy", policy.to_string());
        }
        Ok(json!({ "Attributes": attributes }))
    })
}

fn purge(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, _| {
        let name = request.queue()?;
        let purged = std::mem::take(&mut queues.existing_mut(name)?.messages);
        let touched = purged.into_keys().map(|number| (name.to_owned(), number));
        queues.touched.extend(touched);
        Ok(json!({}))
    })
}

fn receive(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let received = sqs.change(|queues, now| {
        let name = request.queue()?;
        let count = request.max_number_of_messages.unwrap_or(1);
        let count_max = usize::try_from(count)
            .ok()
            .filter(|count| (1..=BATCH_MAX).contains(count))
            .ok_or_else(|| {
                Refusal::value(
                    "MaxNumberOfMessages",
                    count,
                    "Must be between 1 and 10, if provided.",
                )
            })?;
        let visibility_s = match request.entry.visibility_timeout {
            Some(seconds) if !(0..=VISIBILITY_S_MAX).contains(&seconds) => {
                return Err(Refusal::value(
                    "VisibilityTimeout",
                    seconds,
                    "Must be between 0 and 43200.",
                ));
            }
            Some(seconds) => seconds,
            None => queues.existing(name)?.settings.visibility_s,
        };
        queues.receive(name, now, count_max, visibility_s)
    })?;
    let shown: Vec<Value> = received
        .into_iter()
        .map(|message| show(request, message))
        .collect();
    // SQS leaves the list out altogether where it is empty.
    Ok(if shown.is_empty() {
        json!({})
    } else {
        json!({ "Messages": shown })
    })
}

fn show(request: &Request, message: QueueMessage) -> Value {
    let wanted = |key: &str| {
        asked(&request.attribute_names, key) || asked(&request.message_system_attribute_names, key)
    };
    let attributes: Map<String, Value> = message
        .attributes
        .into_iter()
        .filter(|(key, _)| wanted(key))
        .map(|(key, value)| (key, Value::String(value)))
        .collect();
    let mut shown = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt_handle,
        "MD5OfBody": message.md5_of_body,
        "Body": message.body,
    });
    if !attributes.is_empty() {
        shown["Attributes"] = Value::Object(attributes);
    }
    let own: Map<String, Value> = message
        .message_attributes
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(key, _)| asked(&request.message_attribute_names, key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if !own.is_empty() {
        shown["MessageAttributes"] = Value::Object(own);
    }
    shown
}

fn asked(names: &[String], key: &str) -> bool {
    names
        .iter()
        .any(|name| name == key || name == "All" || name == ".*")
}

/// What is done to one message, alone or as an entry of a batch.
type PerMessage = fn(&Sqs, &str, &Entry) -> Result<Value, Failure>;

fn one(sqs: &Sqs, request: &Request, act: PerMessage) -> Result<Value, Failure> {
    let queue = request.queue().map_err(Failure::Refused)?;
    act(sqs, queue, &request.entry)
}

fn batch(sqs: &Sqs, request: &Request, act: PerMessage) -> Result<Value, Failure> {
    let queue = request.queue().map_err(Failure::Refused)?;
    sqs.change(|queues, _| {
        queues.existing(queue)?;
        well_formed(&request.entries)
    })?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in &request.entries {
        match act(sqs, queue, entry) {
            Ok(mut answer) => {
                answer["Id"] = json!(entry.id);
                successful.push(answer);
            }
            Err(Failure::Refused(refusal)) => failed.push(refusal.entry(&entry.id)),
            Err(failure) => return Err(failure),
        }
    }
    Ok(json!({ "Successful": successful, "Failed": failed }))
}

fn well_formed(entries: &[Entry]) -> Result<(), Refusal> {
    if entries.is_empty() {
        return Err(Refusal::empty_batch());
    }
    if entries.len() > BATCH_MAX {
        return Err(Refusal::large_batch(entries.len()));
    }
    let mut seen = BTreeSet::new();
    for entry in entries {
        let legible = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if entry.id.is_empty() || entry.id.len() > 80 || !entry.id.chars().all(legible) {
            return Err(Refusal::batch_id());
        }
        if !seen.insert(&entry.id) {
            return Err(Refusal::repeated_id(&entry.id));
        }
    }
    let bodies = entries
        .iter()
        .filter_map(|entry| entry.message_body.as_ref());
    let bytes = bodies.map(String::len).sum();
    if bytes > BYTES_MAX {
        return Err(Refusal::long_batch(bytes, BYTES_MAX));
    }
    Ok(())
}

fn send(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
    let hex = sqs.chance.hex128();
    let id = format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    );
    sqs.change(|queues, now| {
        let settings = &queues.existing(queue)?.settings;
        let body = entry
            .message_body
            .as_ref()
            .filter(|body| !body.is_empty())
            .ok_or_else(|| Refusal::missing("MessageBody"))?;
        if body.len() > BYTES_MAX {
            return Err(Refusal::value(
                "MessageBody",
                "given",
                "Message must be shorter than 1048576 bytes.",
            ));
        }
        if !body.chars().all(is_carried) {
            return Err(Refusal::contents());
        }
        let delay_s = entry.delay_seconds.unwrap_or(settings.delay_s);
        if !(0..=DELAY_S_MAX).contains(&delay_s) {
            return Err(Refusal::value(
                "DelaySeconds",
                delay_s,
                "DelaySeconds must be >= 0 and <= 900.",
            ));
        }
        let message = Message {
            id: id.clone(),
            body: body.clone(),
            attributes: entry.message_attributes.clone(),
            sent_at: now,
            visible_at: now.plus_s(delay_s),
            first_received_at: None,
            received_at: None,
            receive_count: 0,
            source: None,
        };
        queues.add(queue, message)?;
        Ok(json!({ "MessageId": id, "MD5OfMessageBody": format!("{:x}", md5::compute(body)) }))
    })
}

/// The characters of XML 1.0: no others travel through SQS.
fn is_carried(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn delete(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
    sqs.change(|queues, _| queues.delete(queue, handle(entry)?))?;
    Ok(json!({}))
}

fn hide(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
    sqs.change(|queues, now| {
        let visibility_s = entry
            .visibility_timeout
            .ok_or_else(|| Refusal::missing("VisibilityTimeout"))?;
        queues.hide(queue, now, handle(entry)?, visibility_s)
    })?;
    Ok(json!({}))
}

fn handle(entry: &Entry) -> Result<&str, Refusal> {
    entry
        .receipt_handle
        .as_deref()
        .ok_or_else(|| Refusal::missing("ReceiptHandle"))
}
