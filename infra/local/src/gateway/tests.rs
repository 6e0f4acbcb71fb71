//! The gateway as a caller sees it, in front of a function that answers with the event it was given.

use std::sync::Arc;

use axum::body::Bytes;
use futures::FutureExt;
use http::{Request, Response};
use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;

use super::{BODY_BYTES_MAX, EVENT_BYTES_MAX, Gateway, HEAD_BYTES_MAX};
use crate::runtime::{Functions, Handler};
use crate::template::Route;
use crate::time::SandboxTime;

/// A gateway whose `POST /echo` answers with its event, and whose `POST /broken` with what is no answer.
fn gateway() -> Gateway {
    let now = Timestamp::from_s(1_795_339_573);
    let time = SandboxTime::starting_at(now, Clock::manual(now));
    let mut functions = Functions::new(time, Chance::seeded(1));
    let echo: Handler = Arc::new(|event, _| {
        let answer =
            json!({ "statusCode": 200, "body": event.to_string(), "cookies": ["a=1", "b=2"] });
        async { Ok(answer) }.boxed()
    });
    let broken: Handler = Arc::new(|_, _| async { Ok(json!({ "statusCode": "fine" })) }.boxed());
    functions.add("echo", echo, 5);
    functions.add("broken", broken, 5);
    let route = |name: &str| Route {
        method: "POST".to_owned(),
        path: format!("/{name}"),
        function: name.to_owned(),
    };
    Gateway::new(vec![route("echo"), route("broken")], Arc::new(functions))
}

async fn ask(request: http::request::Builder, body: impl Into<Bytes>) -> Response<Bytes> {
    let request = request.body(body.into()).unwrap();
    gateway().handle(request, "203.0.113.9").await
}

fn json_of(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[tokio::test]
async fn a_function_sees_the_request_and_the_caller_its_answer() {
    let request = Request::post("/echo?a=1&a=2")
        .header("Content-Type", "application/json")
        .header("X-Forwarded-For", "198.51.100.1")
        .header("Cookie", "c=3; d=4");
    let response = ask(request, "{}").await;
    assert_eq!(response.status(), 200);
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    let event = json_of(&response);
    assert_eq!(event["cookies"], json!(["c=3", "d=4"]));
    assert_eq!(event["headers"].get("cookie"), None);
    assert_eq!(event["queryStringParameters"], json!({ "a": "1,2" }));
    // The caller writes the one as it likes, and not the other.
    assert_eq!(
        event["headers"]["x-forwarded-for"],
        "198.51.100.1, 203.0.113.9"
    );
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "203.0.113.9");
    assert_eq!(
        event["requestContext"]["requestId"],
        response.headers()["apigw-requestid"].to_str().unwrap()
    );
}

#[tokio::test]
async fn a_path_is_decoded_before_its_route_is_looked_for_and_the_query_is_not() {
    let response = ask(Request::post("/%65cho?a=%65%26"), "").await;
    let event = json_of(&response);
    assert_eq!(
        (&event["rawPath"], &event["requestContext"]["http"]["path"]),
        (&json!("/echo"), &json!("/echo"))
    );
    assert_eq!(event["rawQueryString"], "a=%65%26");
    assert_eq!(event["queryStringParameters"], json!({ "a": "e&" }));
    // What was a question mark ends the path, and begins no query.
    let event = json_of(&ask(Request::post("/echo%3Fa=1"), "").await);
    assert_eq!(
        (&event["rawPath"], &event["rawQueryString"]),
        (&json!("/echo"), &json!(""))
    );
    for path in ["/echo%2F", "/ech%6", "/ech%FF", "/%2565cho"] {
        assert_eq!(ask(Request::post(path), "").await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_is_none_and_who_is_not_there_are_told_in_the_gateways_own_words() {
    for (path, status, words) in [
        ("/broken", 500, "Internal Server Error"),
        ("/nowhere", 404, "Not Found"),
    ] {
        let response = ask(Request::post(path), "").await;
        assert_eq!(
            (response.status().as_u16(), json_of(&response)),
            (status, json!({ "message": words }))
        );
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["apigw-requestid"].len(), 16);
    }
}

#[tokio::test]
async fn a_body_is_at_most_ten_megabytes_and_its_event_at_most_six() {
    let text = || Request::post("/echo").header("content-type", "text/plain");
    assert_eq!(ask(text(), vec![b'a'; 4 * 1024 * 1024]).await.status(), 200);
    for bytes in [EVENT_BYTES_MAX, BODY_BYTES_MAX + 1] {
        let response = ask(text(), vec![b'a'; bytes]).await;
        assert_eq!(response.status(), 413);
        assert_eq!(
            json_of(&response),
            json!({ "message": "Request Entity Too Large" })
        );
    }
}

#[tokio::test]
async fn the_request_line_and_the_values_of_the_headers_are_at_most_ten_kibibytes() {
    let room = HEAD_BYTES_MAX - "POST /echo HTTP/1.1".len();
    let padded = |bytes: usize| Request::post("/echo").header("x", "a".repeat(bytes));
    assert_eq!(ask(padded(room), "").await.status(), 200);
    let response = ask(padded(room + 1), "").await;
    assert_eq!(response.status(), 431);
    assert_eq!(
        json_of(&response),
        json!({ "message": "Request Header Fields Too Large" })
    );
}
