//! The public edge: what strangers, faulty clients and a faulty Stripe may send, and exactly what it comes to.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what is not there is a failure"
)]

mod checkout;
mod events;
mod flood;
mod fresh_start;
mod fuzz;
mod gateway;
mod letters;
mod owners;
mod pages;
mod signatures;

use serde_json::{Value, json};
use tests::{Answer, World};

/// The sample event of a type, which nobody has delivered yet.
fn sample(kind: &str) -> Value {
    stripe_sim::sample_events()
        .remove(kind)
        .unwrap_or_else(|| panic!("there is no sample of {kind}"))
}

/// Asserts the whole refusal on the wire: the status, the code, words, and a request id of Lambda's.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let error = &answer.body["error"];
    let (message, request_id) = (&error["message"], &error["request_id"]);
    assert_eq!(
        (answer.status, &answer.body),
        (
            status,
            &json!({"error": {"code": code, "message": message, "request_id": request_id}})
        )
    );
    assert!(
        message.as_str().is_some_and(|words| words.len() > 10),
        "{message}"
    );
    assert!(
        request_id.as_str().is_some_and(|id| id.len() == 36),
        "{request_id}"
    );
}

/// Asserts that `world` has nothing on record that was not there `before`.
async fn assert_unchanged(world: &World, before: &tests::Digest) {
    assert_eq!(world.digest().await.since(before), "");
}

/// Asserts an answer of 200 with what became of the event.
#[track_caller]
fn assert_outcome(answer: &Answer, outcome: &str) {
    assert_eq!(
        (answer.status, &answer.body),
        (200, &json!({ "outcome": outcome }))
    );
}
