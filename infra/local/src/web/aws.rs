//! What of AWS is served in AWS's own form, so that whoever operates an installation does so here with the same clients:
//! Lambda's `Invoke`, and SQS.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::gateway::BODY_BYTES_MAX;
use crate::runtime::Failed;
use crate::sandbox::Sandbox;
use crate::template::{ACCOUNT, REGION};

/// The largest event of a call that waits for the answer, in bytes (Lambda's page on quotas, read November 2026).
const EVENT_BYTES_MAX: usize = 6 * 1024 * 1024;

/// The largest answer: a hundred bytes more, by the words of Lambda's own error.
const ANSWER_BYTES_MAX: usize = EVENT_BYTES_MAX + 100;

/// The only version of a function there is here.
const VERSION: &str = "$LATEST";

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", post(queues))
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
}

/// `Invoke`: the function's answer, or what Lambda makes of a failed invocation.
async fn invoke(
    State(sandbox): State<Arc<Sandbox>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let called = match Invoked::read(&sandbox, &name, query.as_deref(), &headers, body) {
        Ok(called) => called,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(event) = called.event else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let outcome = sandbox.functions().invoke(&called.function, event).await;
    sandbox.wake();
    let answered = outcome.map(|answer| answer.to_string());
    let (error, payload) = match answered {
        Ok(answer) if answer.len() > ANSWER_BYTES_MAX => {
            let words = format!(
                "Response payload size exceeded maximum allowed payload size ({ANSWER_BYTES_MAX} bytes)."
            );
            let error =
                json!({ "errorType": "Function.ResponseSizeTooLarge", "errorMessage": words });
            (Some("Unhandled"), error.to_string())
        }
        Ok(answer) => (None, answer),
        Err(failed) => (Some("Unhandled"), told(&failed).to_string()),
    };
    let mut response = ([("x-amz-executed-version", VERSION)], payload).into_response();
    let headers = response.headers_mut();
    headers.insert(
        "content-type",
        http::HeaderValue::from_static("application/json"),
    );
    if let Some(error) = error {
        headers.insert(
            "x-amz-function-error",
            http::HeaderValue::from_static(error),
        );
    }
    response
}

/// A call that is in order.
struct Invoked {
    /// The function by the name of its folder.
    function: String,
    /// What it is handed; none where it is only asked whether it could be.
    event: Option<Value>,
}

impl Invoked {
    fn read(
        sandbox: &Sandbox,
        name: &str,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Self, Refusal> {
        // A function may be named by its ARN, whole or in part.
        let name = name.rsplit_once("function:").map_or(name, |(_, name)| name);
        let mut functions = sandbox.deployment().functions.iter();
        let found = functions.find(|(_, function)| function.aws_name == name);
        let of_version = query.is_none_or(|query| {
            let qualifier = query.strip_prefix("Qualifier=").unwrap_or(query);
            ["", VERSION, "%24LATEST"].contains(&qualifier)
        });
        let (function, _) = found.filter(|_| of_version).ok_or_else(|| Refusal {
            status: StatusCode::NOT_FOUND,
            kind: "ResourceNotFoundException",
            words: format!("Function not found: arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
        })?;
        let body = body.ok().filter(|body| body.len() <= EVENT_BYTES_MAX);
        let body = body.ok_or_else(|| Refusal {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            kind: "RequestTooLargeException",
            words: format!(
                "Request must be smaller than {EVENT_BYTES_MAX} bytes for the InvokeFunction operation"
            ),
        })?;
        // Without a payload the event is an empty object.
        let event = if body.is_empty() {
            json!({})
        } else {
            serde_json::from_slice(&body).map_err(|error| Refusal {
                status: StatusCode::BAD_REQUEST,
                kind: "InvalidRequestContentException",
                words: format!("Could not parse request body into json: {error}"),
            })?
        };
        let kind = headers.get("x-amz-invocation-type");
        let event = match kind.map_or(b"RequestResponse".as_slice(), |kind| kind.as_bytes()) {
            b"RequestResponse" => Some(event),
            b"DryRun" => None,
            _ => {
                return Err(Refusal {
                    status: StatusCode::BAD_REQUEST,
                    kind: "InvalidParameterValueException",
                    words: "The sandbox serves the invocation types RequestResponse and DryRun"
                        .to_owned(),
                });
            }
        };
        Ok(Self {
            function: function.clone(),
            event,
        })
    }
}

/// A refusal in Lambda's form.
struct Refusal {
    status: StatusCode,
    kind: &'static str,
    words: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // The models of its errors write the one member with a capital and the other without.
        let words = match self.kind {
            "ResourceNotFoundException" => "Message",
            _ => "message",
        };
        let body = json!({ "Type": "User", words: self.words });
        (
            self.status,
            [("x-amzn-errortype", self.kind)],
            axum::Json(body),
        )
            .into_response()
    }
}

/// What Lambda, and its runtime for Rust, make of a failed invocation.
fn told(failed: &Failed) -> Value {
    let (kind, words) = match failed {
        Failed::Returned(error) => (error.code, error.to_string()),
        Failed::Panicked(words) => ("Panic", format!("Lambda panicked: {words}")),
        Failed::TimedOut(seconds) => (
            "Sandbox.Timedout",
            format!("Error: Task timed out after {seconds}.00 seconds"),
        ),
        Failed::Killed => (
            "Runtime.ExitError",
            "Error: Runtime exited with error: signal: killed".to_owned(),
        ),
        Failed::Unknown(_) => ("Runtime.ExitError", failed.to_string()),
    };
    json!({ "errorType": kind, "errorMessage": words })
}

/// SQS, at the one address at which all its calls arrive.
async fn queues(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let target = head.headers.get("x-amz-target");
    if !target.is_some_and(|target| target.as_bytes().starts_with(b"AmazonSQS.")) {
        let words = "Of AWS, the sandbox serves calls of SQS here, and Lambda's Invoke.\n";
        return (StatusCode::BAD_REQUEST, words).into_response();
    }
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let answer = sandbox
        .cloud()
        .handle(http::Request::from_parts(head, body))
        .await;
    sandbox.wake();
    match answer {
        Ok(answer) => answer.map(Body::from),
        Err(broken) => (StatusCode::BAD_GATEWAY, format!("{broken}\n")).into_response(),
    }
}
