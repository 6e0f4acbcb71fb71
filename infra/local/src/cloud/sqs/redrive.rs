//! Dead letters moved back to where they came from: `StartMessageMoveTask`, which here is done at once, so that nobody
//! has to ask how far it is.

use serde_json::{Value, json};
use shared::time::Timestamp;

use super::queue::{Message, Queue};
use super::queues::Queues;
use super::refusal::Refusal;
use super::wire::Request;
use super::{Failure, Sqs};

/// Redrives told of by `ListMessageMoveTasks`, a queue.
const LISTED_MAX: usize = 10;

/// What one redrive did.
#[derive(Debug, Clone)]
pub(super) struct Redriven {
    source_arn: String,
    destination_arn: Option<String>,
    moved: usize,
    started_at: Timestamp,
}

pub(super) fn start(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    let task = sqs.message_id();
    sqs.change(|queues, now| {
        let source_arn = request.source_arn()?;
        let destination_arn = request.destination_arn.clone();
        let destination = destination_arn.as_deref().map(name);
        let moved = redrive(queues, name(source_arn), destination, now, || {
            sqs.message_id()
        })?;
        queues.redrives.push(Redriven {
            source_arn: source_arn.to_owned(),
            destination_arn,
            moved,
            started_at: now,
        });
        Ok(())
    })?;
    Ok(json!({ "TaskHandle": task }))
}

pub(super) fn list(sqs: &Sqs, request: &Request) -> Result<Value, Failure> {
    sqs.change(|queues, _| {
        let source_arn = request.source_arn()?;
        if !queues.by_name.contains_key(name(source_arn)) {
            return Err(Refusal::no_resource("SourceArn"));
        }
        let count = request.max_results.unwrap_or(1);
        let count = usize::try_from(count)
            .ok()
            .filter(|count| (1..=LISTED_MAX).contains(count))
            .ok_or_else(|| Refusal::value("MaxResults", count, "Must be between 1 and 10."))?;
        let of_source = queues.redrives.iter().rev();
        let of_source = of_source.filter(|redriven| redriven.source_arn == source_arn);
        let results: Vec<Value> = of_source.take(count).map(show).collect();
        Ok(json!({ "Results": results }))
    })
}

fn show(redriven: &Redriven) -> Value {
    let mut shown = json!({
        "Status": "COMPLETED",
        "SourceArn": redriven.source_arn,
        "ApproximateNumberOfMessagesMoved": redriven.moved,
        "ApproximateNumberOfMessagesToMove": redriven.moved,
        "StartedTimestamp": redriven.started_at.as_ms(),
    });
    if let Some(destination) = &redriven.destination_arn {
        shown["DestinationArn"] = json!(destination);
    }
    shown
}

/// Moves the messages of the dead letter queue `from` that may be received to `destination`, or to the queues they came
/// from, as new messages under the identifiers `new_id` makes. Says how many those were.
fn redrive(
    queues: &mut Queues,
    from: &str,
    destination: Option<&str>,
    now: Timestamp,
    new_id: impl Fn() -> String,
) -> Result<usize, Refusal> {
    if !queues.by_name.contains_key(from) {
        return Err(Refusal::no_resource("SourceArn"));
    }
    if destination.is_some_and(|name| !queues.by_name.contains_key(name)) {
        return Err(Refusal::no_resource("DestinationArn"));
    }
    if !queues
        .by_name
        .values()
        .any(|queue| sends_dead_letters_to(queue, from))
    {
        return Err(Refusal::no_dead_letter_queue());
    }
    let mut moved = 0;
    for (number, message) in queues.existing_mut(from)?.take_visible(now) {
        let source = message.source.as_deref().unwrap_or_default();
        let to = destination.unwrap_or_else(|| name(source)).to_owned();
        if !queues.by_name.contains_key(&to) {
            queues.existing_mut(from)?.insert(number, message);
            continue;
        }
        let again = Message::new(new_id(), message.body, message.attributes, now);
        queues.add(&to, again)?;
        queues.touched.push((from.to_owned(), number));
        moved += 1;
    }
    Ok(moved)
}

/// Whether the dead letters of `queue` go to the queue `name`.
pub(super) fn sends_dead_letters_to(queue: &Queue, name: &str) -> bool {
    let redrive = queue.settings.redrive.as_ref();
    redrive.is_some_and(|redrive| redrive.queue == name)
}

fn name(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}
