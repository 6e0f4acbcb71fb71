//! What a function answered, as the HTTP response API Gateway makes of it.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use http::{Response, StatusCode};
use serde_json::Value;

/// The response, or nothing where the answer is none that the gateway takes. An answer without `statusCode` is itself the
/// body of a 200, whatever it is. One with it must fit format 2.0 in every field.
pub(super) fn response(answer: &Value) -> Option<Response<Bytes>> {
    let Some(status) = answer.get("statusCode") else {
        let body = match answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let mut response = Response::new(Bytes::from(body));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Some(response);
    };
    let status = u16::try_from(status.as_u64()?).ok()?;
    let text = match &answer["body"] {
        Value::Null => "",
        Value::String(text) => text,
        _ => return None,
    };
    let body = match &answer["isBase64Encoded"] {
        Value::Bool(true) => Bytes::from(STANDARD.decode(text).ok()?),
        Value::Bool(false) | Value::Null => Bytes::copy_from_slice(text.as_bytes()),
        _ => return None,
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    let given = match &answer["headers"] {
        Value::Null => None,
        given => Some(given.as_object()?),
    };
    for (name, value) in given.into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return None,
        };
        let name = HeaderName::try_from(name).ok()?;
        let value = HeaderValue::try_from(value).ok()?;
        if !is_of_the_connection(&name) {
            headers.insert(name, value);
        }
    }
    let cookies = match &answer["cookies"] {
        Value::Null => None,
        cookies => Some(cookies.as_array()?),
    };
    for cookie in cookies.into_iter().flatten() {
        headers.append(SET_COOKIE, HeaderValue::try_from(cookie.as_str()?).ok()?);
    }
    Some(response)
}

/// What the gateway says itself, whatever the function does: a length that is not the body's would break the connection.
fn is_of_the_connection(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection" | "content-length" | "keep-alive" | "transfer-encoding" | "upgrade"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn status_headers_cookies_and_body_reach_the_caller() {
        let response = response(&json!({
            "statusCode": 201,
            "headers": { "Content-Type": "text/plain", "x-count": 2 },
            "cookies": ["a=1", "b=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        }))
        .unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["content-type"], "text/plain");
        assert_eq!(response.headers()["x-count"], "2");
        let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1", "b=2"]);
        assert_eq!(response.body(), "hi");
    }

    #[test]
    fn an_answer_is_plain_text_unless_it_says_otherwise_and_has_the_length_it_has() {
        let answer = json!({
            "statusCode": 200,
            "headers": { "content-length": "99", "connection": "close" },
            "body": "hi",
        });
        let response = response(&answer).unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "text/plain; charset=utf-8"
        );
        assert_eq!(response.headers().len(), 1);
    }

    #[test]
    fn an_answer_without_a_status_is_the_body_itself() {
        let response = response(&json!({ "ok": true })).unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.body()[..]),
            (200, &b"{\"ok\":true}"[..])
        );
    }

    #[test]
    fn an_answer_the_gateway_cannot_read_is_none() {
        for answer in [
            json!({ "statusCode": "200" }),
            json!({ "statusCode": 99 }),
            json!({ "statusCode": 200, "body": { "a": 1 } }),
            json!({ "statusCode": 200, "body": "%%", "isBase64Encoded": true }),
            json!({ "statusCode": 200, "headers": { "a b": "c" } }),
            json!({ "statusCode": 200, "headers": { "a": ["b"] } }),
            json!({ "statusCode": 200, "headers": "a: b" }),
            json!({ "statusCode": 200, "cookies": "a=1" }),
            json!({ "statusCode": 200, "cookies": [1] }),
            json!({ "statusCode": 200, "isBase64Encoded": "true" }),
        ] {
            assert!(response(&answer).is_none(), "{answer}");
        }
    }
}
