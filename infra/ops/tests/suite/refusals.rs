//! What AWS may refuse, each with what to do about it; and how AWS is asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::json;
use tests::World;

use crate::terminal::{Ended, Served, command, given};

async fn on_aws(url: &str, words: &[&str]) -> Ended {
    let environment = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_ENDPOINT_URL", url),
    ];
    given(words, &environment, None, std::future::pending()).await
}

#[tokio::test]
async fn a_refusal_of_aws_says_what_to_do() {
    for (status, kind, said) in [
        (
            404,
            "ResourceNotFoundException",
            "There is no function linky-health in eu-central-1",
        ),
        (
            403,
            "AccessDeniedException",
            "allow lambda:InvokeFunction on the function linky-health",
        ),
        (
            403,
            "ExpiredTokenException",
            "Where they have expired, take them anew",
        ),
        (
            403,
            "UnrecognizedClientException:http://internal.amazon.com/",
            "does not take these credentials (Unrecog",
        ),
        (
            429,
            "TooManyRequestsException",
            "Give the command again in a minute",
        ),
        (
            500,
            "ServiceException",
            "Give the command again in a minute",
        ),
        (502, "", "Give the command again in a minute"),
        (
            400,
            "InvalidRequestContentException",
            "InvalidRequestContentException: its words",
        ),
    ] {
        let answer = move || async move {
            let status = StatusCode::from_u16(status).unwrap();
            (
                status,
                [("x-amzn-errortype", kind)],
                r#"{"Message":"its words"}"#,
            )
                .into_response()
        };
        let served = Served::router(Router::new().fallback(answer)).await;
        let ended = on_aws(&served.url, &["health"]).await;
        assert_eq!(ended.code, 1);
        assert!(ended.side.contains(said), "{status} {kind}: {}", ended.side);
        assert!(!ended.side.contains("canary"), "{}", ended.side);
    }
}

#[tokio::test]
async fn an_order_is_signed_for_lambda_and_sent_once_whatever_becomes_of_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    let server = Router::new().fallback(move |request: Request| async move {
        noted.lock().unwrap().push(request.into_parts().0);
        StatusCode::SERVICE_UNAVAILABLE
    });
    let served = Served::router(server).await;
    let ended = on_aws(&served.url, &["replay", "evt_1", "--execute", "--yes"]).await;
    assert_eq!(ended.code, 1);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1, "{}", ended.side);
    let head = &seen[0];
    assert_eq!(
        head.uri,
        "/2015-03-31/functions/linky-replay-event/invocations"
    );
    let header = |name: &str| head.headers[name].to_str().unwrap();
    let signed = header("authorization");
    assert!(
        signed.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"),
        "{signed}"
    );
    assert!(
        signed
            .contains("/eu-central-1/lambda/aws4_request, SignedHeaders=content-type;host;x-amz-"),
        "{signed}"
    );
    assert_eq!(header("x-amz-security-token"), "token");
}

#[tokio::test]
async fn what_the_function_refuses_is_said_in_its_own_words() {
    let world = World::new();
    let served = Served::sandbox(&world).await;
    for (words, said) in [
        (
            &["replay", "evt_nobody"][..],
            "ops: There is no event evt_nobody, neither on record nor at Stripe",
        ),
        (&["replay", "cus_1"], "evt_"),
        (&["backfill", "--from", "2025-01-01"], "30 days"),
        (
            &["--prefix", "other-", "health"],
            "There is no function other-health in the sandbox at http://127.0.0.1:",
        ),
        (
            &["--prefix", "other-", "redrive"],
            "There is no queue other-retry-dead in the sandbox at",
        ),
    ] {
        let ended = command(&served.url, words).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""));
        assert!(ended.side.contains(said), "{words:?}: {}", ended.side);
    }
    let broken = json!({ "on": "dynamodb", "fault": "down", "function": "health" });
    world.plan_fault(&broken).await;
    let ended = command(&served.url, &["health"]).await;
    assert!(
        ended.side.contains("linky-health failed: unavailable"),
        "{}",
        ended.side
    );
}
