//! Answers as the AWS protocols write them.

use axum::body::Bytes;
use http::Response;
use http::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

/// What the local cloud answers with.
pub(crate) type Answer = Response<Bytes>;

/// An answer with `body`. A status outside of HTTP's range becomes 500.
pub(crate) fn answer(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static(content_type),
    );
    answer
}

/// A JSON answer of AWS JSON 1.0, the protocol of DynamoDB and SQS (SSM's 1.1 differs in nothing a client reads).
pub(crate) fn json_answer(status: u16, body: &Value) -> Answer {
    answer(status, "application/x-amz-json-1.0", body.to_string())
}

/// An error of AWS JSON: `kind` with its name space, as `com.amazonaws.sqs#QueueDoesNotExist`.
pub(crate) fn json_error(status: u16, kind: &str, message: &str) -> Answer {
    json_answer(status, &json!({ "__type": kind, "message": message }))
}

/// An answer of the query protocol, in XML.
pub(crate) fn xml_answer(status: u16, body: String) -> Answer {
    answer(status, "text/xml", body)
}

/// `answer` with one more header; a value that no header can hold is left out.
pub(crate) fn with_header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    answer
}

/// `text` with the characters XML keeps for itself written as entities.
pub(crate) fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
