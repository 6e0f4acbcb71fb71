//! What may be sent to start a checkout.

use serde_json::{Value, json};
use tests::{Answer, World};

use super::{assert_refused, assert_unchanged};

pub(super) fn form() -> Value {
    json!({"email": "ada@example.com", "name": "Ada Lovelace", "plan": "prospector"})
}

pub(super) fn with(field: &str, value: impl Into<Value>) -> String {
    let mut form = form();
    form[field] = value.into();
    form.to_string()
}

fn without(field: &str) -> String {
    let mut form = form();
    form.as_object_mut().unwrap().remove(field);
    form.to_string()
}

pub(super) async fn post(world: &World, body: impl Into<axum::body::Bytes>) -> Answer {
    let headers = [("content-type", "application/json")];
    world.request("POST", "/checkout", &headers, body).await
}

pub(super) fn words(answer: &Answer) -> &str {
    answer.body["error"]["message"].as_str().unwrap()
}

pub(super) fn url(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["checkout_url"].as_str().unwrap()
}

/// The session at Stripe to which the page leads that was answered.
pub(super) async fn leads_to(world: &World, answer: &Answer) -> Option<String> {
    local::checkout::session(world.sandbox.gateway(), "203.0.113.7", url(answer)).await
}

#[tokio::test]
async fn edge_a_form_that_is_not_in_order_is_refused_by_name_and_changes_nothing() {
    let world = World::new();
    let before = world.digest().await;
    let long = "x".repeat(300_000);
    let cases: Vec<(String, &str, &str)> = vec![
        (
            with("plan", "gold"),
            "unknown_plan",
            "founding_member, prospector, networker, rainmaker",
        ),
        (with("plan", "unmapped"), "unknown_plan", "Choose one of"),
        (with("plan", ""), "unknown_plan", "Choose one of"),
        (with("plan", "Prospector"), "unknown_plan", "Choose one of"),
        (without("plan"), "invalid_body", "missing field `plan`"),
        (without("email"), "invalid_body", "missing field `email`"),
        (without("name"), "invalid_body", "missing field `name`"),
        (with("price", 1), "invalid_body", "unknown field `price`"),
        (
            with("customer", "cus_1"),
            "invalid_body",
            "unknown field `customer`",
        ),
        (with(&long, 1), "invalid_body", "unknown field"),
        (with("plan", 1), "invalid_body", "expected a string"),
        (
            with("email", Value::Null),
            "invalid_body",
            "expected a string",
        ),
        (with("email", "ada"), "invalid_email", "`email`"),
        (with("email", "ada@"), "invalid_email", "`email`"),
        (with("email", "@example.com"), "invalid_email", "`email`"),
        (
            with("email", "ada@example.com,eve@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "Ada <ada@example.com>"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "ada@example.com\r\nBcc: eve@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "a da@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", format!("{long}@example.com")),
            "invalid_email",
            "`email`",
        ),
        (with("name", ""), "invalid_name", "`name`"),
        (with("name", "  "), "invalid_name", "`name`"),
        (with("name", "Ada\nLovelace"), "invalid_name", "one line"),
        (with("name", "Ada\u{0}"), "invalid_name", "`name`"),
        (with("name", "x".repeat(201)), "invalid_name", "1 to 200"),
        (String::new(), "invalid_body", "one JSON object"),
        ("{".to_owned(), "invalid_body", "EOF"),
        (
            "plan=prospector".to_owned(),
            "invalid_body",
            "one JSON object",
        ),
        ("null".to_owned(), "invalid_body", "one JSON object"),
        ("[]".to_owned(), "invalid_body", "one JSON object"),
        (
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "invalid_body",
            "one JSON object",
        ),
        (format!("{}garbage", form()), "invalid_body", "trailing"),
    ];
    for (body, code, told) in cases {
        let answer = post(&world, body.clone()).await;
        assert_refused(&answer, 400, code);
        let shown = body.get(..200).unwrap_or(&body);
        assert!(words(&answer).contains(told), "{shown}: {}", words(&answer));
        assert!(
            words(&answer).len() < 500,
            "{shown}: {}",
            words(&answer).len()
        );
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "",
    ] {
        let headers = [("content-type", kind)];
        let answer = world
            .request("POST", "/checkout", &headers, form().to_string())
            .await;
        assert_refused(&answer, 400, "not_json");
    }
    assert_refused(
        &post(&world, "x".repeat(512 * 1024 + 1)).await,
        413,
        "body_too_large",
    );
    assert_unchanged(&world, &before).await;
    assert_eq!(
        world.sandbox.cloud().calls().counts().len(),
        1,
        "the digest's own scans"
    );
}

#[tokio::test]
async fn edge_names_and_addresses_are_taken_as_people_write_them() {
    let world = World::new();
    for (number, (name, email)) in [
        ("José Ñandú", "Jose@Example.COM"),
        ("李小龍", "li@example.com"),
        ("O'Brien <b>&amp;", "o.brien+linky@example.com"),
        ("=cmd|' /C calc'!A0", "calc@example.com"),
        ("x", "x@example.com"),
    ]
    .into_iter()
    .enumerate()
    {
        let form = json!({"email": email, "name": name, "plan": "networker"});
        url(&world.start_checkout(&form).await);
        let stripe = world.sandbox.stripe().now();
        assert_eq!(stripe.objects("customer").count(), number + 1);
        let names: Vec<_> = stripe
            .objects("customer")
            .map(|customer| customer["name"].clone())
            .collect();
        assert!(names.contains(&json!(name)), "{names:?}");
    }
    // One person has one address, however it is typed.
    let again = json!({"email": " JOSE@example.com ", "name": "José", "plan": "networker"});
    url(&world.start_checkout(&again).await);
    assert_eq!(world.count_at_stripe("customer"), 5);
}
