//! What can be asked for, what it comes to in words, and what is refused.

use serde_json::{Value, json};
use shared::time::Timestamp;

use super::{Ask, KINDS};

fn planned(ask: Value) -> Result<String, String> {
    let ask: Ask = serde_json::from_value(ask).map_err(|error| error.to_string())?;
    let functions = ["retry-event", "send-mail"];
    let (_, words) = ask.plan(Timestamp::from_s(0), &functions)?;
    Ok(words)
}

#[test]
fn every_kind_can_be_asked_for_by_its_name_alone() {
    for kind in KINDS.iter() {
        let words = planned(json!({ "on": kind.on, "fault": kind.fault })).unwrap();
        assert!(words.contains(kind.does), "{words}");
    }
}

#[test]
fn what_is_asked_for_is_said_in_words() {
    assert_eq!(
        planned(
            json!({ "on": "webhooks", "fault": "delay", "delay_s": 90, "event_type": "invoice.*" })
        ),
        Ok("Webhooks of invoice.* are sent late; seconds late: 90".to_owned())
    );
    assert_eq!(
        planned(json!({ "on": "dynamodb", "fault": "conflict", "function": "send-mail", "operation": "PutItem" })),
        Ok("DynamoDB cancels writes because another holds the item; only PutItem; only for send-mail".to_owned())
    );
}

#[test]
fn what_cannot_be_is_refused_with_what_would_be_right() {
    for (ask, words) in [
        (
            json!({ "on": "mars", "fault": "down" }),
            "write \"on\" as one of webhooks, stripe, dynamodb, sqs, ses, function",
        ),
        (
            json!({ "on": "ses", "fault": "conflict" }),
            "write \"fault\" as one of down, slow, throttle",
        ),
        (json!({ "on": "stripe" }), "missing field `fault`"),
        (
            json!({ "on": "stripe", "fault": "down", "often": 3 }),
            "unknown field `often`",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "times": 0 }),
            "write 1 or more",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "percent": 101 }),
            "from 1 to 100",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "percent": 300 }),
            "invalid value",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "seed": 7 }),
            "write \"percent\" too",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "for_s": 0 }),
            "from 1 to",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "delay_ms": 5 }),
            "leave it out",
        ),
        (
            json!({ "on": "stripe", "fault": "slow", "delay_ms": 60_000 }),
            "from 1 to 30000",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "event_type": "invoice.*" }),
            "leave it out",
        ),
        (
            json!({ "on": "stripe", "fault": "down", "function": "unheard-of" }),
            "one of retry-event, send-mail",
        ),
        (
            json!({ "on": "webhooks", "fault": "drop", "event_type": "" }),
            "leave it out to mean all",
        ),
        (
            json!({ "on": "webhooks", "fault": "burst", "count": 1 }),
            "\"count\" is from 2 to 100",
        ),
        (
            json!({ "on": "webhooks", "fault": "drop", "operation": "PutItem" }),
            "leave it out",
        ),
        (
            json!({ "on": "function", "fault": "die", "times": 2 }),
            "it has \"call\"",
        ),
    ] {
        let refusal = planned(ask.clone()).unwrap_err();
        assert!(refusal.contains(words), "{ask}: {refusal}");
    }
}
