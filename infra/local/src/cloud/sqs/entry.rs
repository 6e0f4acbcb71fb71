//! What is done to one message, alone or as an entry of a batch: send, delete, hide.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::queue::Message;
use super::refusal::Refusal;
use super::settings::{BATCH_MAX, DELAY_S_MAX};
use super::{Failure, Sqs, attributes};

/// What an entry of a batch says, or a request about one message.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) message_body: Option<String>,
    pub(super) message_attributes: Option<Value>,
    pub(super) delay_seconds: Option<i64>,
    pub(super) receipt_handle: Option<String>,
    pub(super) visibility_timeout: Option<i64>,
}

impl Entry {
    /// What it counts towards the limits of a message and of a batch.
    fn bytes(&self) -> usize {
        let body = self.message_body.as_ref().map_or(0, String::len);
        body + self
            .message_attributes
            .as_ref()
            .map_or(0, attributes::bytes)
    }
}

/// What is done to one message, alone or as an entry of a batch.
pub(super) type PerMessage = fn(&Sqs, &str, &Entry) -> Result<Value, Failure>;

/// Does `act` to each of `entries`, and says for each whether it was done. Not atomic, like SQS's own.
pub(super) fn batch(
    sqs: &Sqs,
    queue: &str,
    entries: &[Entry],
    act: PerMessage,
) -> Result<Value, Failure> {
    sqs.change(|queues, _| well_formed(entries, queues.existing(queue)?.settings.bytes_max))?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
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

fn well_formed(entries: &[Entry], bytes_max: usize) -> Result<(), Refusal> {
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
    let bytes = entries.iter().map(Entry::bytes).sum();
    if bytes > bytes_max {
        return Err(Refusal::long_batch(bytes, bytes_max));
    }
    Ok(())
}

pub(super) fn send(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
    let id = sqs.message_id();
    sqs.change(|queues, now| {
        let settings = &queues.existing(queue)?.settings;
        let body = entry
            .message_body
            .as_ref()
            .filter(|body| !body.is_empty())
            .ok_or_else(|| Refusal::missing("MessageBody"))?;
        if let Some(attributes) = &entry.message_attributes {
            attributes::check(attributes)?;
        }
        if entry.bytes() > settings.bytes_max {
            return Err(Refusal::long_message(settings.bytes_max));
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
        let attributes = entry.message_attributes.clone();
        let message = Message {
            visible_at: now.plus_s(delay_s),
            ..Message::new(id.clone(), body.clone(), attributes, now)
        };
        queues.add(queue, message)?;
        let mut answer =
            json!({ "MessageId": id, "MD5OfMessageBody": format!("{:x}", md5::compute(body)) });
        if let Some(digest) = entry
            .message_attributes
            .as_ref()
            .and_then(attributes::digest)
        {
            answer["MD5OfMessageAttributes"] = json!(digest);
        }
        Ok(answer)
    })
}

/// The characters of XML 1.0: no others travel through SQS.
fn is_carried(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

pub(super) fn delete(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
    sqs.change(|queues, _| queues.delete(queue, handle(entry)?))?;
    Ok(json!({}))
}

pub(super) fn hide(sqs: &Sqs, queue: &str, entry: &Entry) -> Result<Value, Failure> {
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
