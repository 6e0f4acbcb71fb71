//! The envelope of a delivery: its size, its encoding, its nesting. Rows 41 and 42 of the failure modes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stripe_sim::signature_header;
use tests::{Answer, World};

use super::{assert_outcome, assert_refused, assert_unchanged, sample};

/// The limit that the issue names, in bytes.
const LIMIT: usize = 512 * 1024;

/// Hands the webhook an event of API Gateway's with this body, as flagged, and the signature of `signed`.
async fn hand_over(world: &World, body: &str, is_base64_encoded: bool, signed: &[u8]) -> Answer {
    let event = json!({
        "version": "2.0",
        "routeKey": "POST /stripe/webhook",
        "rawPath": "/stripe/webhook",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "stripe-signature": signature_header(world.sandbox.signing_secret(), world.now().as_s(), signed),
        },
        "requestContext": {
            "http": {"method": "POST", "path": "/stripe/webhook", "sourceIp": "203.0.113.7"},
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": is_base64_encoded,
    });
    let answer = world
        .sandbox
        .functions()
        .invoke("stripe-webhook", event)
        .await;
    let answer = answer.unwrap_or_else(|failed| panic!("the invocation failed: {failed}"));
    let text = answer["body"].as_str().unwrap_or_default();
    Answer {
        status: u16::try_from(answer["statusCode"].as_u64().unwrap()).unwrap(),
        body: serde_json::from_str(text).unwrap(),
    }
}

/// The sample with white space behind it, as long as asked for.
fn padded(bytes: usize) -> String {
    let mut body = sample("customer.created").to_string();
    body.push_str(&" ".repeat(bytes - body.len()));
    body
}

#[tokio::test]
async fn edge_a_body_in_base64_is_read_like_any_other() {
    let world = World::new();
    let body = sample("customer.created").to_string();
    let answer = hand_over(&world, &STANDARD.encode(&body), true, body.as_bytes()).await;
    assert_outcome(&answer, "applied");
    let answer = hand_over(&world, &body, false, body.as_bytes()).await;
    assert_outcome(&answer, "duplicate");
}

#[tokio::test]
async fn edge_broken_base64_is_refused_and_changes_nothing() {
    let world = World::new();
    let before = world.digest().await;
    for broken in [
        "%%%",
        "e",
        "e30",
        "e30==",
        "e3 0=",
        "e30=\n",
        "{}",
        "e30\u{2028}",
    ] {
        let answer = hand_over(&world, broken, true, broken.as_bytes()).await;
        assert_refused(&answer, 400, "body_not_base64");
    }
    assert_unchanged(&world, &before).await;
}

#[tokio::test]
async fn edge_a_body_is_taken_up_to_512_kib_and_refused_above_before_anything_else() {
    for encoded in [false, true] {
        let world = World::new();
        let hand = async |body: String, signed: &[u8]| {
            let text = if encoded {
                STANDARD.encode(&body)
            } else {
                body
            };
            hand_over(&world, &text, encoded, signed).await
        };
        let before = world.digest().await;
        for bytes in [LIMIT + 1, LIMIT + 2, LIMIT + 3, 2 * LIMIT, 6 * LIMIT] {
            let body = padded(bytes);
            assert_refused(
                &hand(body.clone(), body.as_bytes()).await,
                413,
                "body_too_large",
            );
            // Refused before the signature is looked at, so that nobody can have us hash a giant.
            assert_refused(&hand(body, b"another").await, 413, "body_too_large");
        }
        assert_eq!(
            world
                .sandbox
                .cloud()
                .calls()
                .count(local::cloud::Service::Ssm),
            0
        );
        assert_unchanged(&world, &before).await;
        let largest = padded(LIMIT);
        assert_outcome(&hand(largest.clone(), largest.as_bytes()).await, "applied");
    }
}

#[tokio::test]
async fn edge_the_limit_holds_at_the_gateway_too() {
    let world = World::new();
    let before = world.digest().await;
    assert_refused(
        &world.post_signed(padded(LIMIT + 1)).await,
        413,
        "body_too_large",
    );
    assert_unchanged(&world, &before).await;
    assert_outcome(&world.post_signed(padded(LIMIT)).await, "applied");
}

#[tokio::test]
async fn edge_what_stripe_signed_and_nobody_can_read_is_kept_with_an_alert() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let event = |field: &str, value: Value| {
        let mut event = sample("customer.created");
        event[field] = value;
        event.to_string()
    };
    let cases: [(&str, Vec<u8>); 13] = [
        ("nothing", b"".to_vec()),
        ("words", b"not json".to_vec()),
        ("no UTF-8", vec![0xff, 0xfe, 0x00]),
        (
            "half an event",
            sample("customer.created").to_string().as_bytes()[..200].to_vec(),
        ),
        ("a number", b"1".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("deep nesting", nested(100_000).into_bytes()),
        ("deep nesting within an event", {
            let event = event("created", json!("here")).replace("\"here\"", &nested(10_000));
            event.into_bytes()
        }),
        (
            "an id of another kind",
            event("id", json!("cus_1")).into_bytes(),
        ),
        (
            "an id like a path",
            event("id", json!("evt_../x")).into_bytes(),
        ),
        (
            "a giant id",
            event("id", json!(format!("evt_{}", "x".repeat(300)))).into_bytes(),
        ),
        (
            "a giant type",
            event("type", json!("x".repeat(400_000))).into_bytes(),
        ),
        (
            "a time that is a name",
            event("created", json!("ada@example.com")).into_bytes(),
        ),
    ];
    for (what, body) in cases {
        let world = World::new();
        let before = world.digest().await;
        let answer = world.post_signed(body.clone()).await;
        assert_eq!(
            (answer.status, &answer.body),
            (200, &json!({"outcome": "quarantined"})),
            "{what}"
        );
        let after = world.digest().await;
        assert_eq!(
            after.since(&before),
            "alerts 1, billing_events 1, webhook_deliveries 1",
            "{what}"
        );
        let alert = after.table("alerts")[0].to_string();
        assert!(
            alert.contains("unparsable_event#unparsable_"),
            "{what}: {alert}"
        );
        assert!(!alert.contains("ada@"), "{what}: {alert}");
        assert!(alert.len() < 2_000, "{what}: {}", alert.len());

        // The same again is kept already.
        assert_outcome(&world.post_signed(body).await, "quarantined");
        assert_eq!(world.digest().await.table("billing_events").len(), 1);
    }
}
