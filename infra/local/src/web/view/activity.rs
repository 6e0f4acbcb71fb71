//! What happened last, in short sentences: deliveries with their answers, functions run, mails sent.

use serde_json::{Value, json};
use shared::time::Timestamp;

use crate::deliveries::Delivered;
use crate::runtime::Ran;
use crate::sandbox::Sandbox;

/// Lines of it.
const LINES_MAX: usize = 30;

/// Functions that are run by what stands in a line of its own, or so often that they would push out everything else, are
/// named only when they fail.
const SILENT: [&str; 3] = ["stripe-webhook", "send-mail", "sweep"];

/// The latest of all that happened, the newest first.
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
    lines.extend(runs.take(LINES_MAX).map(|ran| run(&ran)));
    lines.extend(deliveries.map(|delivered| delivery(&delivered)));
    // Stable, so that what is of one moment stays in the order of what leads to what: the mail above its cause.
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let latest = lines.into_iter().take(LINES_MAX);
    latest.map(|(_, line)| line).collect()
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
    if delivered.attempt > 1 {
        words.push_str(&format!(" at attempt {}", delivered.attempt));
    }
    if !delivered.faults.is_empty() {
        words.push_str(&format!(" ({})", delivered.faults.join(", ")));
    }
    line(delivered.at, "webhook", tone, words)
}

fn run(ran: &Ran) -> (Timestamp, Value) {
    match &ran.failure {
        None => line(
            ran.started_at,
            "function",
            "good",
            format!("{} ran", ran.function),
        ),
        Some(why) => line(
            ran.started_at,
            "function",
            "bad",
            format!("{} failed: {why}", ran.function),
        ),
    }
}
