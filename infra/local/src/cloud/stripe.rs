//! Stripe's place in the local cloud: requests to its host go to whoever is plugged in.

use std::sync::Arc;

use axum::body::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};

use super::answer::{Answer, answer};
use super::call::Call;

/// A request to Stripe, as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The path: `/v1/customers/cus_1`.
    pub path: String,
    /// What follows the `?`, still encoded; empty where there is none.
    pub query: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The form, still encoded; empty where there is none.
    pub body: String,
    /// Whether Stripe is to fail at it.
    pub kept_500: Option<Kept500>,
}

/// When a call fails whose answer, a 500, Stripe keeps under the idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept500 {
    /// Nothing happened.
    Before,
    /// It happened.
    After,
}

impl StripeRequest {
    /// The request with this head and this body.
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap, body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Self {
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            body: body.to_owned(),
            kept_500: None,
        }
    }

    /// The value of the header `name`, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Stripe's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeResponse {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides `content-type`: `request-id`, `idempotent-replayed`, `stripe-should-retry`.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: String,
}

/// Who answers for Stripe.
pub type StripeHandler = Arc<dyn Fn(StripeRequest) -> StripeResponse + Send + Sync>;

/// Hands `call` to `stripe`.
pub(crate) fn ask(stripe: &StripeHandler, call: &Call, kept_500: Option<Kept500>) -> Answer {
    let (head, body) = (&call.request, call.text());
    let response = stripe(StripeRequest {
        kept_500,
        ..StripeRequest::of(head.method(), head.uri(), head.headers(), body)
    });
    let mut answer = answer(
        response.status,
        "application/json",
        Bytes::from(response.body),
    );
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value.as_str()),
        ) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}
