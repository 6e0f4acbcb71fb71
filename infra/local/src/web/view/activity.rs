//! What happened last, in short sentences: deliveries with their answers, functions run, mails sent.

use serde_json::{Value, json};
use shared::time::Timestamp;

use crate::deliveries::Delivered;
use crate::runtime::{Batch, Ran};
use crate::sandbox::Sandbox;

/// Lines of it.
const LINES_MAX: usize = 30;

/// Functions run that are looked at: many in a row are one line.
const RUNS_MAX: usize = 150;

/// Functions that are run by what stands in a line of its own, or so often that they would push out everything else, are
/// named only when they fail.
const SILENT: [&str; 4] = ["stripe-webhook", "send-mail", "sweep", "watch-health"];

/// The latest of all that happened, the newest first. What happened several times in a row is one line.
pub(in crate::web) fn activity(sandbox: &Sandbox) -> Vec<Value> {
    let deliveries = sandbox.deliveries().latest().into_iter().take(LINES_MAX);
    let runs = sandbox.functions().latest().into_iter();
    let runs = runs.filter(|ran| ran.failure.is_some() || !SILENT.contains(&ran.function.as_str()));
    let mails = sandbox
        .cloud()
        .mail()
        .mails()
        .into_iter()
        .rev()
        .take(LINES_MAX);
    let mut lines: Vec<(Timestamp, Value)> = Vec::new();
    lines.extend(mails.map(|mail| {
        let to = mail.destinations.join(", ");
        line(
            mail.sent_at,
            "mail",
            "good",
            format!("Mail to {to}: {}", mail.subject),
        )
    }));
    lines.extend(runs.take(RUNS_MAX).map(|ran| run(sandbox, &ran)));
    lines.extend(deliveries.map(|delivered| delivery(&delivered)));
    // Stable, so that what is of one moment stays in the order of what leads to what: the mail above its cause.
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut told: Vec<Value> = Vec::new();
    for (_, mut line) in lines {
        match told.last_mut() {
            Some(last) if last["words"] == line["words"] => {
                last["times"] = (last["times"].as_u64().unwrap_or(1) + 1).into();
                continue;
            }
            _ => {}
        }
        if told.len() == LINES_MAX {
            break;
        }
        line["times"] = 1.into();
        told.push(line);
    }
    told
}

fn line(at: Timestamp, kind: &str, tone: &str, words: String) -> (Timestamp, Value) {
    let line = json!({ "at": at, "kind": kind, "tone": tone, "words": words });
    (at, line)
}

fn delivery(delivered: &Delivered) -> (Timestamp, Value) {
    let answered = match delivered.status {
        None => "not answered".to_owned(),
        Some(status) => format!("answered {status}"),
    };
    let tone = match delivered.status {
        Some(200..=299) if delivered.faults.is_empty() => "good",
        Some(200..=299) => "warn",
        _ => "bad",
    };
    let mut words = format!("{} {answered}", delivered.event_type);
    let outcome = serde_json::from_str::<Value>(&delivered.answer).unwrap_or_default();
    if let Some(outcome) = outcome["outcome"].as_str() {
        words.push_str(&format!(", {outcome}"));
    }
    if delivered.attempt > 1 {
        words.push_str(&format!(" at attempt {}", delivered.attempt));
    }
    if !delivered.faults.is_empty() {
        words.push_str(&format!(" ({})", delivered.faults.join(", ")));
    }
    line(delivered.at, "webhook", tone, words)
}

fn run(sandbox: &Sandbox, ran: &Ran) -> (Timestamp, Value) {
    let deployed = sandbox.deployment().functions.get(&ran.function);
    let queue = deployed.and_then(|function| function.queues.first());
    let (tone, words) = told(ran, queue.map(|trigger| trigger.queue.as_str()));
    line(ran.started_at, "function", tone, words)
}

/// What is told of a function that ran, and in which tone.
fn told(ran: &Ran, queue: Option<&str>) -> (&'static str, String) {
    let function = &ran.function;
    match (&ran.failure, queue, ran.batch) {
        (Some(why), _, _) => ("bad", format!("{function} failed: {why}")),
        (None, Some(queue), Some(Batch { messages, failed })) if failed > 0 => (
            "warn",
            format!(
                "{function} could not do {failed} of {messages} messages from {queue}; they come again"
            ),
        ),
        (None, Some(queue), _) => ("good", format!("{function} took messages from {queue}")),
        (None, None, _) => ("good", format!("{function} ran")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_failed_are_told_of_and_so_is_a_failed_function() {
        let ran = |failed: Option<usize>, failure: Option<&str>| Ran {
            function: "retry-event".to_owned(),
            started_at: Timestamp::from_s(0),
            duration_us: 1,
            failure: failure.map(str::to_owned),
            batch: failed.map(|failed| Batch {
                messages: 5,
                failed,
            }),
        };
        let retry = Some("linky-retry");
        let cases = [
            (
                ran(Some(0), None),
                retry,
                "good",
                "retry-event took messages from linky-retry",
            ),
            (
                ran(Some(2), None),
                retry,
                "warn",
                "retry-event could not do 2 of 5 messages from linky-retry; they come again",
            ),
            (
                ran(None, Some("no")),
                retry,
                "bad",
                "retry-event failed: no",
            ),
            (ran(None, None), None, "good", "retry-event ran"),
        ];
        for (ran, queue, tone, words) in cases {
            assert_eq!(told(&ran, queue), (tone, words.to_owned()));
        }
    }
}
