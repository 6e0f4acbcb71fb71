//! The operations of SQS as its JSON protocol writes them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::calls::{
    create_queue, delete_queue, list_queues, list_sources, purge, queue_attributes, queue_url,
    set_queue_attributes,
};
use super::entry::{Entry, batch, delete, hide, send};
use super::refusal::Refusal;
use super::settings::{BATCH_MAX, VISIBILITY_S_MAX, WAIT_S_MAX};
use super::{Failure, QueueMessage, Sqs, attributes, redrive};
use crate::cloud::answer::{Answer, json_answer};

/// One request of any operation. Each operation reads the fields it knows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Request {
    queue_url: Option<String>,
    pub(super) queue_name: Option<String>,
    pub(super) queue_name_prefix: Option<String>,
    source_arn: Option<String>,
    pub(super) destination_arn: Option<String>,
    pub(super) attributes: Option<Value>,
    pub(super) attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    pub(super) max_results: Option<i64>,
    wait_time_seconds: Option<i64>,
    entries: Vec<Entry>,
    #[serde(flatten)]
    entry: Entry,
}

pub(super) fn perform(sqs: &Sqs, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let request: Request = serde_json::from_slice(body)
        .map_err(|problem| Refusal::value("request", "given", &problem.to_string()))?;
    let answer = match operation {
        "CreateQueue" => create_queue(sqs, &request)?,
        "GetQueueUrl" => queue_url(sqs, &request)?,
        "ListQueues" => list_queues(sqs, &request)?,
        "GetQueueAttributes" => queue_attributes(sqs, &request)?,
        "PurgeQueue" => purge(sqs, &request)?,
        "SetQueueAttributes" => set_queue_attributes(sqs, &request)?,
        "DeleteQueue" => delete_queue(sqs, &request)?,
        "ListDeadLetterSourceQueues" => list_sources(sqs, &request)?,
        "StartMessageMoveTask" => redrive::start(sqs, &request)?,
        "ListMessageMoveTasks" => redrive::list(sqs, &request)?,
        "ReceiveMessage" => receive(sqs, &request)?,
        "SendMessage" => send(sqs, request.queue()?, &request.entry)?,
        "DeleteMessage" => delete(sqs, request.queue()?, &request.entry)?,
        "ChangeMessageVisibility" => hide(sqs, request.queue()?, &request.entry)?,
        "SendMessageBatch" => batch(sqs, request.queue()?, &request.entries, send)?,
        "DeleteMessageBatch" => batch(sqs, request.queue()?, &request.entries, delete)?,
        "ChangeMessageVisibilityBatch" => batch(sqs, request.queue()?, &request.entries, hide)?,
        other => return Err(Refusal::unsupported(&format!("operation {other}")).into()),
    };
    Ok(json_answer(200, &answer))
}

impl Request {
    /// The name in the queue's URL. Only its end counts, so that one cloud answers under any host and port.
    pub(super) fn queue(&self) -> Result<&str, Refusal> {
        let url = self
            .queue_url
            .as_deref()
            .ok_or_else(|| Refusal::missing("QueueUrl"))?;
        Ok(url.rsplit('/').next().unwrap_or(url))
    }

    pub(super) fn source_arn(&self) -> Result<&str, Refusal> {
        let arn = self.source_arn.as_deref();
        arn.ok_or_else(|| Refusal::missing("SourceArn"))
    }
}

/// A `ReceiveMessage` that may wait: the queue, and for how many seconds at most, as the request says or else the queue.
pub(super) fn long_poll(sqs: &Sqs, body: &[u8]) -> Option<(String, i64)> {
    let request: Request = serde_json::from_slice(body).ok()?;
    let name = request.queue().ok()?;
    let of_queue = || Some(sqs.lock().existing(name).ok()?.settings.wait_s);
    let wait_s = request.wait_time_seconds.or_else(of_queue)?;
    Some((name.to_owned(), wait_s.clamp(0, WAIT_S_MAX)))
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
        if let Some(wait_s) = request.wait_time_seconds
            && !(0..=WAIT_S_MAX).contains(&wait_s)
        {
            let words = "Must be >= 0 and <= 20, if provided.";
            return Err(Refusal::value("WaitTimeSeconds", wait_s, words));
        }
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
    let own = message
        .message_attributes
        .map(|own| attributes::asked(&own, &request.message_attribute_names))
        .unwrap_or_default();
    if !own.is_empty() {
        let own = Value::Object(own);
        shown["MD5OfMessageAttributes"] = json!(attributes::digest(&own));
        shown["MessageAttributes"] = own;
    }
    shown
}

pub(super) fn asked(names: &[String], key: &str) -> bool {
    names
        .iter()
        .any(|name| name == key || name == "All" || name == ".*")
}
