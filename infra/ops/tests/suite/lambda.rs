//! Lambda's `Invoke` as the sandbox serves it: what AWS's own clients read.

use axum::body::Body;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use tests::World;
use tower::ServiceExt;

const MIB: usize = 1024 * 1024;

/// The status, the headers and the body of an answer.
async fn invoke(world: &World, address: &str, kind: &str, body: String) -> (u16, HeaderMap, Value) {
    let (name, query) = address.split_once('?').unwrap_or((address, ""));
    let request = Request::post(format!("/2015-03-31/functions/{name}/invocations?{query}"))
        .header("host", "127.0.0.1:4242")
        .header("x-amz-invocation-type", kind)
        .body(Body::from(body))
        .unwrap();
    let router = local::web::router(world.sandbox.clone());
    let (head, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, 8 * MIB).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    (head.status.as_u16(), head.headers, body)
}

#[tokio::test]
async fn an_answer_a_failure_and_each_refusal_have_lambdas_form() {
    let world = World::new();
    let wait = "RequestResponse";
    let large = format!("\"{}\"", "x".repeat(6 * MIB));
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:linky-health";
    for (name, kind, body, status, error) in [
        ("linky-health", wait, "{}", 200, ""),
        ("linky-health", wait, "", 200, ""),
        (arn, wait, "{}", 200, ""),
        ("linky-health", "DryRun", "{}", 204, ""),
        (
            "linky-health",
            "Event",
            "{}",
            400,
            "InvalidParameterValueException",
        ),
        ("health", wait, "{}", 404, "ResourceNotFoundException"),
        (
            "linky-health?Qualifier=7",
            wait,
            "{}",
            404,
            "ResourceNotFoundException",
        ),
        ("linky-health?Qualifier=%24LATEST", wait, "{}", 200, ""),
        (
            "linky-health",
            wait,
            "{",
            400,
            "InvalidRequestContentException",
        ),
        (
            "linky-health",
            wait,
            &large,
            413,
            "RequestTooLargeException",
        ),
    ] {
        let (answered, headers, answer) = invoke(&world, name, kind, body.to_owned()).await;
        assert_eq!(answered, status, "{name} {kind}: {answer}");
        let header = |name: &str| {
            headers
                .get(name)
                .map_or("", |value| value.to_str().unwrap())
        };
        assert_eq!(header("x-amzn-errortype"), error, "{name} {kind}");
        assert_eq!(answer["Type"] == "User", !error.is_empty(), "{answer}");
        let version = if status == 200 { "$LATEST" } else { "" };
        assert_eq!(header("x-amz-executed-version"), version);
        assert_eq!(header("x-amz-function-error"), "");
    }
    let unknown = json!({ "events": ["evt_nobody"] }).to_string();
    let (status, headers, error) = invoke(&world, "linky-replay-event", wait, unknown).await;
    assert_eq!(
        (status, &headers["x-amz-function-error"]),
        (200, &"Unhandled".parse().unwrap())
    );
    assert_eq!(error["errorType"], "no_such_event");
    assert!(
        error["errorMessage"]
            .as_str()
            .unwrap()
            .starts_with("no_such_event: There is no event evt_nobody")
    );
}
