//! The operations of SQS as its JSON protocol writes them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::entry::{Entry, batch, delete, hide, send};
use super::queue::Queue;
use super::refusal::Refusal;
use super::settings::{BATCH_MAX, BYTES_MAX, Settings, VISIBILITY_S_MAX};
use super::{Failure, QueueMessage, Sqs};
use crate::cloud::answer::{Answer, json_answer};

/// One request of any operation. Each operation reads the fields it knows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    queue_url: Option<String>,
    queue_name: Option<String>,
    queue_name_prefix: Option<String>,
    source_arn: Option<String>,
    destination_arn: Option<String>,
    attributes: Option<Value>,
    attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
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
        "StartMessageMoveTask" => redrive(sqs, &request)?,
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
        .ok_or_else(|| Refusal::missing("QueueName"))?;
    let given = request.attributes.clone().unwrap_or_else(|| json!({}));
    let settings = Settings::read(&given)?;
    sqs.change(|queues, _| match queues.by_name.get(name) {
        Some(queue) if queue.settings != settings => Err(Refusal::queue_differs()),
        Some(_) => Ok(()),
        None => {
            queues.reachable(&settings)?;
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
        let depth = queue.depth(now);
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
        let purged = queues.existing_mut(name)?.take_all();
        let touched = purged.into_keys().map(|number| (name.to_owned(), number));
        queues.touched.extend(touched);
        Ok(json!({}))
    })
}

/// Done at once, so that nobody has to ask how far it is.
fn redrive(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let name = |arn: &Option<String>| Some(arn.as_deref()?.rsplit(':').next()?.to_owned());
    let task = sqs.message_id();
    sqs.change(|queues, now| {
        let source = name(&request.source_arn).ok_or_else(|| Refusal::missing("SourceArn"))?;
        let destination = name(&request.destination_arn);
        queues.redrive(&source, destination.as_deref(), now, || sqs.message_id())
    })?;
    Ok(json!({ "TaskHandle": task }))
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
