//! The control API itself: what it lists, ends and refuses.

use serde_json::{Value, json};
use tests::{START_S, World};

fn error(body: &Value) -> &str {
    body["error"].as_str().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_fault_is_listed_counted_ended_and_taken_back() {
    let world = World::new();
    let ask =
        json!({ "on": "webhooks", "fault": "corrupt", "times": 2, "event_type": "invoice.*" });
    let id = world.plan_fault(&ask).await;
    let listed = world.control("GET", "faults", &Value::Null).await;
    assert_eq!(
        listed.body["faults"],
        json!([{
            "id": id,
            "ask": ask,
            "words": "Webhooks of invoice.* arrive with one bit flipped",
            "since": "2026-01-01T00:00:00.000Z",
            "until": null,
            "left": 2,
            "struck": 0,
            "active": true,
        }])
    );
    world.sign_up("ada@example.com", "prospector").await;
    let listed = world.control("GET", "faults", &Value::Null).await;
    let fault = &listed.body["faults"][0];
    assert_eq!(
        [&fault["left"], &fault["struck"], &fault["active"]],
        [&json!(0), &json!(2), &json!(false)]
    );
    assert_eq!(world.take_fault_back(id).await, 2);
    let listed = world.control("GET", "faults", &Value::Null).await;
    assert_eq!(listed.body["faults"], json!([]));
    let again = world
        .control("DELETE", &format!("faults/{id}"), &Value::Null)
        .await;
    assert_eq!(again.status, 404);
    assert!(
        error(&again.body).contains("GET /control/faults lists them"),
        "{:?}",
        again.body
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_ends_by_itself_and_all_can_be_taken_back_at_once() {
    let world = World::new();
    for on in ["stripe", "ses"] {
        world
            .plan_fault(&json!({ "on": on, "fault": "down", "for_s": 60 }))
            .await;
    }
    world.advance_s(61).await;
    let listed = world.control("GET", "faults", &Value::Null).await;
    let active = |body: &Value| {
        let faults = body["faults"].as_array().unwrap().iter();
        faults
            .map(|fault| fault["active"] == true)
            .collect::<Vec<_>>()
    };
    assert_eq!(active(&listed.body), [false, false]);
    world
        .plan_fault(&json!({ "on": "sqs", "fault": "down" }))
        .await;
    let taken = world.control("DELETE", "faults", &Value::Null).await;
    assert_eq!(active(&taken.body), [false, false, false]);
    world.sign_up("ada@example.com", "prospector").await;
    assert_eq!(
        world.wrongs().await.len(),
        1,
        "the welcome is not sent within a minute"
    );
}

#[tokio::test]
async fn what_is_not_carried_out_is_refused_with_what_would_be_right() {
    let world = World::new();
    for (method, path, body, status, words) in [
        (
            "POST",
            "faults",
            json!({ "on": "mars", "fault": "down" }),
            400,
            "write \"on\" as one of webhooks",
        ),
        (
            "POST",
            "faults",
            json!([]),
            400,
            "the body is not understood",
        ),
        (
            "DELETE",
            "faults/seven",
            Value::Null,
            404,
            "there is no fault seven",
        ),
        ("DELETE", "advance", Value::Null, 409, "nothing to cancel"),
        (
            "POST",
            "skew",
            json!({ "seconds": 90_000 }),
            400,
            "0 sets the clock right",
        ),
        ("POST", "skew", json!({}), 400, "missing field `seconds`"),
        (
            "POST",
            "redrive",
            json!({ "queue": "nobody" }),
            400,
            "there is no queue",
        ),
        (
            "POST",
            "redrive",
            json!({ "queue": "linky-retry" }),
            400,
            "holds no dead letters",
        ),
        (
            "POST",
            "refund",
            json!({ "charge": "ch_none" }),
            400,
            "No such charge",
        ),
        (
            "POST",
            "refund/fail",
            json!({ "refund": "re_none" }),
            400,
            "No such refund",
        ),
        (
            "POST",
            "dispute",
            json!({ "charge": "ch_none" }),
            400,
            "No such charge",
        ),
        (
            "POST",
            "dispute",
            json!({ "charge": "ch_none", "reason": "anger" }),
            400,
            "expected one of",
        ),
        (
            "POST",
            "dispute/close",
            json!({ "dispute": "du_none", "end": "won" }),
            400,
            "No such dispute",
        ),
    ] {
        let answer = world.control(method, path, &body).await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {body}: {:?}",
            answer.body
        );
        assert!(
            error(&answer.body).contains(words),
            "{path}: {:?}",
            answer.body
        );
    }
    assert_eq!(world.now().as_s(), START_S);
}

#[tokio::test(start_paused = true)]
async fn a_payment_is_disputed_and_another_refunded_and_both_are_on_record() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.sign_up("grace@example.com", "networker").await;
    let state = world.control("GET", "state", &Value::Null).await;
    let charge = |at: usize| state.body["customers"][at]["charges"][0]["id"].clone();
    let disputed = world
        .control(
            "POST",
            "dispute",
            &json!({ "charge": charge(0), "reason": "duplicate" }),
        )
        .await;
    assert_eq!(disputed.body["dispute"]["reason"], "duplicate");
    let lost = json!({ "dispute": disputed.body["dispute"]["id"], "end": "lost" });
    let closed = world.control("POST", "dispute/close", &lost).await;
    assert_eq!(closed.body["dispute"]["status"], "lost");
    let refunded = world
        .control(
            "POST",
            "refund",
            &json!({ "charge": charge(1), "amount_cents": 2500 }),
        )
        .await;
    let refund = &refunded.body["refund"]["id"];
    let failed = world
        .control("POST", "refund/fail", &json!({ "refund": refund }))
        .await;
    assert_eq!(failed.body["refund"]["status"], "failed");
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let rows = [
        world.rows("refunds").await.len(),
        world.rows("disputes").await.len(),
    ];
    assert_eq!(rows, [1, 1]);
    let state = world.control("GET", "state", &Value::Null).await;
    let shown = &state.body["customers"][0]["charges"][0]["dispute"];
    assert_eq!(shown["status"], "lost");
}

#[tokio::test(start_paused = true)]
async fn dead_letters_are_redriven_and_what_they_name_is_settled() {
    let world = World::new();
    let id = world
        .plan_fault(&json!({ "on": "stripe", "fault": "down", "function": "retry-event" }))
        .await;
    world.sign_up("ada@example.com", "founding_member").await;
    world.advance_s(36 * 3600).await;
    assert!(world.take_fault_back(id).await > 10);
    let state = world.control("GET", "state", &Value::Null).await;
    let mut queues = state.body["queues"].as_array().unwrap().iter();
    let letters = queues
        .find(|queue| queue["dead_letters_of"] != Value::Null && queue["visible"] == 1)
        .unwrap();
    let moved = world
        .control("POST", "redrive", &json!({ "queue": letters["name"] }))
        .await;
    assert_eq!((moved.status, moved.body), (200, json!({ "moved": 1 })));
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}
