//! The calls that are about queues and not about messages: created, found, listed, described, set, purged, deleted.

use serde_json::{Map, Value, json};
use shared::time::Timestamp;

use super::queue::Queue;
use super::redrive::sends_dead_letters_to;
use super::refusal::Refusal;
use super::settings::{Kept, Settings};
use super::wire::{Request, asked};
use super::{Failure, Sqs};

/// How long a queue's name stays taken after it was deleted, and how long after a purge the next is refused, in seconds.
const REST_S: i64 = 60;

/// Everything `GetQueueAttributes` may be asked for that these queues do not tell.
const UNTOLD: [&str; 10] = [
    "All",
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
];

pub(super) fn create_queue(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let name = (request.queue_name.as_deref()).ok_or_else(|| Refusal::missing("QueueName"))?;
    let legible = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if !(1..=80).contains(&name.len()) || !name.chars().all(legible) {
        return Err(Refusal::queue_name().into());
    }
    let given = request.attributes.clone().unwrap_or_else(|| json!({}));
    let settings = Settings::read(&given)?;
    let kept = sqs.change(|queues, now| {
        if let Some(queue) = queues.by_name.get(name) {
            return match queue.settings.differing(&given)? {
                Some(attribute) => Err(Refusal::queue_differs(attribute)),
                None => Ok(queue.kept()),
            };
        }
        if (queues.deleted.get(name)).is_some_and(|at| now < at.plus_s(REST_S)) {
            return Err(Refusal::deleted_recently());
        }
        queues.reachable(&settings)?;
        let queue = Queue::new(Kept {
            settings,
            created_at: now,
            changed_at: now,
        });
        let kept = queue.kept();
        queues.by_name.insert(name.to_owned(), queue);
        Ok(kept)
    })?;
    sqs.keep(name, Some(&kept)).map_err(not_kept)?;
    Ok(json!({ "QueueUrl": Sqs::url(name) }))
}

pub(super) fn delete_queue(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let name = request.queue()?;
    sqs.change(|queues, now| {
        let messages = queues.existing_mut(name)?.take_all();
        let touched = messages.into_keys().map(|number| (name.to_owned(), number));
        queues.touched.extend(touched);
        queues.by_name.remove(name);
        queues.deleted.insert(name.to_owned(), now);
        Ok(())
    })?;
    sqs.keep(name, None).map_err(not_kept)?;
    Ok(json!({}))
}

pub(super) fn set_queue_attributes(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let name = request.queue()?;
    let given = (request.attributes.as_ref()).ok_or_else(|| Refusal::missing("Attributes"))?;
    let kept = sqs.change(|queues, now| {
        let settings = queues.existing(name)?.settings.with(given)?;
        queues.reachable(&settings)?;
        let queue = queues.existing_mut(name)?;
        queue.settings = settings;
        queue.changed_at = now;
        Ok(queue.kept())
    })?;
    sqs.keep(name, Some(&kept)).map_err(not_kept)?;
    Ok(json!({}))
}

fn not_kept(problem: std::io::Error) -> Failure {
    Failure::NotKept(problem.to_string())
}

pub(super) fn queue_url(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, _| {
        let name = (request.queue_name.as_deref()).ok_or_else(|| Refusal::missing("QueueName"))?;
        queues.existing(name)?;
        Ok(json!({ "QueueUrl": Sqs::url(name) }))
    })
}

pub(super) fn list_queues(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let prefix = request.queue_name_prefix.as_deref().unwrap_or_default();
    sqs.change(|queues, _| {
        let names = queues.by_name.keys();
        let names = names.filter(|name| name.starts_with(prefix));
        Ok(json!({ "QueueUrls": names.map(|name| Sqs::url(name)).collect::<Vec<_>>() }))
    })
}

/// The queues whose dead letters go to the one of the request. SQS writes this one list in lower case.
pub(super) fn list_sources(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, _| {
        let name = request.queue()?;
        queues.existing(name)?;
        let sources = queues.by_name.iter();
        let sources = sources.filter(|(_, queue)| sends_dead_letters_to(queue, name));
        Ok(json!({ "queueUrls": sources.map(|(name, _)| Sqs::url(name)).collect::<Vec<_>>() }))
    })
}

pub(super) fn queue_attributes(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, now| {
        let name = request.queue()?;
        let told = told(name, queues.existing(name)?, now);
        let names = &request.attribute_names;
        let unknown = |name: &&String| {
            let name = name.as_str();
            !UNTOLD.contains(&name) && !told.contains_key(name)
        };
        if let Some(unknown) = names.iter().find(unknown) {
            return Err(Refusal::attribute_name(unknown));
        }
        let attributes = told.into_iter().filter(|(key, _)| asked(names, key));
        let attributes: Map<String, Value> = attributes.collect();
        Ok(if attributes.is_empty() {
            json!({})
        } else {
            json!({ "Attributes": attributes })
        })
    })
}

/// All that a queue tells of itself.
fn told(name: &str, queue: &Queue, now: Timestamp) -> Map<String, Value> {
    let (depth, settings) = (queue.depth(now), &queue.settings);
    let mut told = Map::new();
    for (key, value) in [
        ("QueueArn", Sqs::arn(name)),
        ("ApproximateNumberOfMessages", depth.visible.to_string()),
        (
            "ApproximateNumberOfMessagesNotVisible",
            depth.in_flight.to_string(),
        ),
        (
            "ApproximateNumberOfMessagesDelayed",
            depth.delayed.to_string(),
        ),
        ("CreatedTimestamp", queue.created_at.as_s().to_string()),
        ("LastModifiedTimestamp", queue.changed_at.as_s().to_string()),
        ("VisibilityTimeout", settings.visibility_s.to_string()),
        ("DelaySeconds", settings.delay_s.to_string()),
        ("MessageRetentionPeriod", settings.retention_s.to_string()),
        ("ReceiveMessageWaitTimeSeconds", settings.wait_s.to_string()),
        ("MaximumMessageSize", settings.bytes_max.to_string()),
        ("SqsManagedSseEnabled", "true".to_owned()),
    ] {
        told.insert(key.to_owned(), Value::String(value));
    }
    if let Some(redrive) = &settings.redrive {
        let policy = json!({
            "deadLetterTargetArn": Sqs::arn(&redrive.queue),
            "maxReceiveCount": redrive.receives_max,
        });
        told.insert(
            "RedrivePolicy".to_owned(),
            Value::String(policy.to_string()),
        );
    }
    told
}

pub(super) fn purge(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, now| {
        let name = request.queue()?;
        let queue = queues.existing_mut(name)?;
        if (queue.purged_at).is_some_and(|at| now < at.plus_s(REST_S)) {
            return Err(Refusal::purged_recently(name));
        }
        queue.purged_at = Some(now);
        let purged = queue.take_all();
        let touched = purged.into_keys().map(|number| (name.to_owned(), number));
        queues.touched.extend(touched);
        Ok(json!({}))
    })
}
