//! What does not reach a function: addresses and methods that are none.

use serde_json::json;
use tests::World;

use super::{assert_unchanged, sample};

#[tokio::test]
async fn edge_an_unknown_address_or_method_is_not_found_and_changes_nothing() {
    let world = World::new();
    let before = world.digest().await;
    let body = sample("customer.created").to_string();
    let signature = world.sign(body.as_bytes());
    let headers = [("stripe-signature", signature.as_str())];
    for (method, path) in [
        ("GET", "/stripe/webhook"),
        ("PUT", "/stripe/webhook"),
        ("DELETE", "/stripe/webhook"),
        ("OPTIONS", "/checkout"),
        ("GET", "/checkout"),
        ("POST", "/"),
        ("POST", "/stripe"),
        ("POST", "/stripe/webhook/"),
        ("POST", "/Stripe/Webhook"),
        ("POST", "/stripe/webhook/../webhook"),
        ("POST", "/stripe%252Fwebhook"),
        ("POST", "//stripe/webhook"),
        ("POST", "/retry-event"),
        ("POST", "/sweep"),
    ] {
        let answer = world.request(method, path, &headers, body.clone()).await;
        assert_eq!(
            (answer.status, answer.body),
            (404, json!({"message": "Not Found"})),
            "{method} {path}"
        );
    }
    assert_unchanged(&world, &before).await;
    // A query is no other address, and neither is the same one encoded.
    for (path, outcome) in [
        ("/stripe/webhook?a=b", "applied"),
        ("/stripe%2F%77ebhook", "duplicate"),
    ] {
        let answer = world.request("POST", path, &headers, body.clone()).await;
        assert_eq!(answer.body, json!({"outcome": outcome}), "{path}");
    }
}
