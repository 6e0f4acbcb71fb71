//! Frame: requests as API Gateway hands them over, and answers in the one JSON form.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::error::{Error, ErrorKind};
use crate::id::{ActionId, IdError};
use crate::lambda::Invocation;

/// Largest body that is taken, in bytes. Stripe's events are a few kilobytes; the largest seen have some hundreds of
/// invoice lines.
pub const BODY_BYTES_MAX: usize = 512 * 1024;

/// Hexadecimal digits of a tag: two bodies of one address do not share one by chance.
const TAG_DIGITS: usize = 32;

/// Longest description of what is wrong with a body, in characters.
const REASON_CHARS_MAX: usize = 300;

/// What is answered where something was refused or failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    /// What is wrong.
    pub error: RefusalBody,
}

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalBody {
    /// A stable name in snake case, for programs.
    pub code: String,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// The request, as the logs name it.
    pub request_id: String,
}

/// That something was done, where there is nothing else to tell.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

/// The body as the client sent it. API Gateway flags the bodies it had to encode; the flag is checked, because the
/// ready-made type panics where it is wrong.
///
/// # Errors
/// `TooLarge` above [`BODY_BYTES_MAX`], `Invalid` where the flag says base64 and the body is not.
pub fn body(request: &ApiGatewayV2httpRequest) -> Result<Vec<u8>, Error> {
    let text = request.body.as_deref().unwrap_or_default();
    let too_large = || {
        Error::new(
            ErrorKind::TooLarge,
            "body_too_large",
            format!("The body is larger than {} KiB.", BODY_BYTES_MAX / 1024),
        )
    };
    if !request.is_base64_encoded {
        return if text.len() > BODY_BYTES_MAX {
            Err(too_large())
        } else {
            Ok(text.as_bytes().to_vec())
        };
    }
    // Measured before it is decoded: four characters stand for three bytes.
    if text.len() / 4 * 3 > BODY_BYTES_MAX + 2 {
        return Err(too_large());
    }
    let decoded = STANDARD.decode(text).map_err(|_| {
        Error::invalid(
            "body_not_base64",
            "The body is not the base64 it is said to be.",
        )
    })?;
    if decoded.len() > BODY_BYTES_MAX {
        return Err(too_large());
    }
    Ok(decoded)
}

/// The body as a JSON value of a known form.
///
/// # Errors
/// As [`body`]; `Invalid` where the content type is not JSON or the form is another, naming the field.
pub fn json_body<T: DeserializeOwned>(request: &ApiGatewayV2httpRequest) -> Result<T, Error> {
    let is_json = header(request, "content-type").is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    });
    if !is_json {
        return Err(Error::invalid(
            "not_json",
            "Send a JSON body with the header Content-Type: application/json.",
        ));
    }
    let bytes = body(request)?;
    // A list would be taken for the fields in their order, whatever they are.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::invalid(
            "invalid_body",
            "The body must be one JSON object.",
        ));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        // It names what was sent, which may be as long as the body.
        let words: String = error.to_string().chars().take(REASON_CHARS_MAX).collect();
        Error::invalid("invalid_body", format!("The body cannot be read: {words}."))
    })
}

/// Fewest and most characters of a reason.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 3..=500;

/// Why somebody does something, in their words, as the audit log keeps it.
///
/// # Errors
/// `Invalid` where it says nothing, or too much.
pub fn reason(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if REASON_CHARS.contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        "invalid_reason",
        "The field `reason` needs 3 to 500 characters: say why, for those who read the audit log.",
    ))
}

/// The action's id, which the form drew when it opened and sends as its idempotency key.
///
/// # Errors
/// `Invalid` where it is missing or is none.
pub fn action_id(request: &ApiGatewayV2httpRequest) -> Result<ActionId, Error> {
    let key = header(request, "idempotency-key").unwrap_or_default();
    ActionId::parse(key).map_err(|_| {
        Error::invalid(
            "invalid_action_id",
            "Send the header Idempotency-Key: act_ and 32 hexadecimal digits, drawn once for each form.",
        )
    })
}

/// An id in the path, where the route has it in braces.
///
/// # Errors
/// `Invalid` where it is no such id.
pub fn path_id<T: std::str::FromStr<Err = IdError>>(
    request: &ApiGatewayV2httpRequest,
    name: &str,
) -> Result<T, Error> {
    let text = request.path_parameters.get(name).map(String::as_str);
    let parsed = text.unwrap_or_default().parse();
    parsed.map_err(|error: IdError| Error::invalid("invalid_id", format!("In the path: {error}.")))
}

/// The query of a request as a value of a known form: every parameter is text, and one that is not known is refused.
///
/// # Errors
/// `Invalid`, naming the parameter.
pub fn query<T: DeserializeOwned>(request: &ApiGatewayV2httpRequest) -> Result<T, Error> {
    let parameters = request.query_string_parameters.iter();
    let fields = parameters.map(|(name, value)| (name.to_owned(), json!(value)));
    serde_json::from_value(fields.collect::<serde_json::Map<_, _>>().into()).map_err(|error| {
        let words: String = error.to_string().chars().take(REASON_CHARS_MAX).collect();
        Error::invalid(
            "invalid_query",
            format!("The query cannot be read: {words}."),
        )
    })
}

/// A header as text; none where it is missing or not text.
pub fn header<'a>(request: &'a ApiGatewayV2httpRequest, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}

/// An answer with a JSON body.
pub fn answer(status: u16, body: &impl Serialize) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    response.headers = headers;
    response.body = Some(json!(body).to_string().into());
    response
}

/// An answer that a browser shows: a page with styles of its own, and without anything that runs.
pub fn page(status: u16, html: &'static str) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        response
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    response.body = Some(html.into());
    response
}

/// An answer to a read, under a tag by which the next one is told that nothing has changed.
pub fn tagged(
    request: &ApiGatewayV2httpRequest,
    body: &impl Serialize,
) -> ApiGatewayV2httpResponse {
    let mut response = answer(200, body);
    let Some(Body::Text(text)) = &response.body else {
        return response;
    };
    let tag = format!("\"{}\"", &hex::encode(Sha256::digest(text))[..TAG_DIGITS]);
    let known = header(request, "if-none-match").unwrap_or_default();
    if known.split(',').any(|it| it.trim() == tag) {
        response.status_code = 304;
        response.body = None;
        response.headers.remove(CONTENT_TYPE);
    }
    let kept = HeaderValue::from_static("private, no-cache");
    response.headers.insert(CACHE_CONTROL, kept);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers.insert(ETAG, tag);
    }
    response
}

/// The one form of every refusal: a code for programs, words for people, and the id under which our log tells more.
pub fn refusal(error: &Error, request_id: &str) -> ApiGatewayV2httpResponse {
    let refusal = Refusal {
        error: RefusalBody {
            code: error.code.to_owned(),
            message: error.message.clone(),
            request_id: request_id.to_owned(),
        },
    };
    answer(error.kind.status(), &refusal)
}

/// What a request came to, as the answer to it. A failure that somebody should look at goes to the log here.
pub fn outcome(
    handled: Result<ApiGatewayV2httpResponse, Error>,
    doing: &'static str,
    invocation: &Invocation,
) -> ApiGatewayV2httpResponse {
    handled.unwrap_or_else(|error| {
        match error.kind {
            ErrorKind::Internal | ErrorKind::Unavailable => {
                tracing::error!(%error, doing, "request failed");
            }
            _ => tracing::info!(%error, doing, "request refused"),
        }
        refusal(&error, &invocation.request_id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(value: serde_json::Value) -> ApiGatewayV2httpRequest {
        let mut event = json!({"headers": {}, "requestContext": {"http": {"method": "POST"}}});
        for (field, value) in value.as_object().unwrap() {
            event[field] = value.clone();
        }
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_body_is_taken_up_to_its_limit_and_not_a_byte_more() {
        let at_limit = "x".repeat(BODY_BYTES_MAX);
        assert_eq!(
            body(&request(json!({"body": at_limit}))).unwrap().len(),
            BODY_BYTES_MAX
        );
        let above = "x".repeat(BODY_BYTES_MAX + 1);
        let refused = body(&request(json!({"body": above}))).unwrap_err();
        assert_eq!(
            (refused.kind, refused.code),
            (ErrorKind::TooLarge, "body_too_large")
        );
        for (bytes, taken) in [
            (BODY_BYTES_MAX, true),
            (BODY_BYTES_MAX + 1, false),
            (BODY_BYTES_MAX * 2, false),
        ] {
            let encoded = STANDARD.encode(vec![b'x'; bytes]);
            let event = request(json!({"body": encoded, "isBase64Encoded": true}));
            assert_eq!(body(&event).is_ok(), taken, "{bytes}");
        }
    }

    #[test]
    fn broken_base64_is_refused_and_an_absent_body_is_empty() {
        let event = request(json!({"body": "%%%", "isBase64Encoded": true}));
        assert_eq!(body(&event).unwrap_err().code, "body_not_base64");
        assert_eq!(body(&request(json!({}))).unwrap(), b"");
    }

    #[test]
    fn a_refusal_shows_its_words_and_hides_ours() {
        let error = Error::unavailable("secret detail");
        let response = refusal(&error, "req-1");
        let Some(lambda_http::Body::Text(text)) = response.body else {
            panic!("no text")
        };
        assert_eq!(response.status_code, 503);
        assert!(!text.contains("secret detail"));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["error"]["request_id"], "req-1");
        assert_eq!(value["error"]["code"], "unavailable");
    }
}
