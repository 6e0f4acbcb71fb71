//! What a function answered, as the HTTP response API Gateway makes of it.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use http::{Response, StatusCode};
use serde_json::Value;

/// The response, or nothing where the answer is none that the gateway takes. An answer without `statusCode` is itself the
/// body of a 200.
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
    let body = if answer["isBase64Encoded"] == true {
        Bytes::from(STANDARD.decode(text).ok()?)
    } else {
        Bytes::copy_from_slice(text.as_bytes())
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    let headers = response.headers_mut();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        headers.insert(
            HeaderName::try_from(name).ok()?,
            HeaderValue::try_from(value).ok()?,
        );
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        headers.append(SET_COOKIE, HeaderValue::try_from(cookie.as_str()?).ok()?);
    }
    Some(response)
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
        ] {
            assert!(response(&answer).is_none(), "{answer}");
        }
    }
}
