//! How a request reaches Stripe: over the shared connector, with our key, our patience and our retries.
//!
//! async-stripe writes the requests (paths, parameters, their types) and does not send them. Its client cannot retry
//! under a key of ours, has no jitter and no default timeout, and loses the status of an answer that is not JSON.

use std::time::Duration;

use aws_smithy_async::future::timeout::Timeout;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::de::DeserializeOwned;
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::breaker::Breaker;
use super::error::{StripeError, StripeErrorKind};
use super::key::IdempotencyKey;
use super::pace::Pace;
use super::retry::{Failure, pause};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::secret::Secret;
use crate::secrets::SecretSource;
use crate::time::Timestamp;

/// The version of Stripe's API that requests are written for and answers come in.
pub const API_VERSION: &str = "2026-09-30.endive";

/// Longest try. Stripe answers most calls within a second and gives up on its side after about a minute; what takes ten
/// seconds is better asked again later, under the same key.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// Largest answer taken, in bytes: a page of a hundred events has a few hundred thousand.
pub const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What Stripe answered, and when by its own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeAnswer<T> {
    /// The object or list.
    pub value: T,
    /// Stripe's time of the answer, to the second, from its `Date` header: what the object's state is as of.
    pub at: Option<Timestamp>,
    /// Whether this is the stored answer to an earlier request under the same key. Its object is as it was then, so `at`
    /// says nothing about it.
    pub replayed: bool,
    /// Stripe's name for the request.
    pub request_id: Option<Box<str>>,
}

impl<T> StripeAnswer<T> {
    /// The same answer with another view of its value.
    pub fn map<U>(self, view: impl FnOnce(T) -> U) -> StripeAnswer<U> {
        StripeAnswer {
            value: view(self.value),
            at: self.at,
            replayed: self.replayed,
            request_id: self.request_id,
        }
    }
}

/// Sends requests. One for a process: its connections are shared.
#[derive(Debug)]
pub(super) struct Transport {
    /// Such as `https://api.stripe.com`, without a slash at the end.
    pub(super) base_url: String,
    pub(super) api_key: SecretSource,
    pub(super) http: SharedHttpConnector,
    pub(super) sleep: SharedAsyncSleep,
    pub(super) clock: Clock,
    pub(super) chance: Chance,
    pub(super) breaker: Breaker,
    /// None where nothing limits the calls.
    pub(super) pace: Option<Pace>,
}

impl Transport {
    /// Sends `request` until it is answered for good, at most [`ATTEMPTS_MAX`](super::retry::ATTEMPTS_MAX) times, and never
    /// past `deadline`. Every try carries the same key, so that Stripe does the work once.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
        deadline: Timestamp,
    ) -> Result<StripeAnswer<T>, StripeError> {
        let api_key = self.api_key.current().await.map_err(|error| {
            tracing::warn!(%error, "the Stripe API key cannot be had");
            StripeError::of(StripeErrorKind::NotSent)
        })?;
        let mut attempts = 0;
        let mut a_try_was_lost = false;
        loop {
            attempts += 1;
            let failure: Failure = match self.permission(deadline).await {
                Err(error) => error.into(),
                Ok(()) => match self.attempt(request, key, &api_key, deadline).await {
                    Ok(reply) if reply.is_success() => {
                        self.breaker.note(None, self.clock.now());
                        return reply.read();
                    }
                    Ok(reply) => self.noted(reply.into_failure()),
                    Err(error) => self.noted(error.into()),
                },
            };
            let pause = pause(&failure, attempts, &self.chance)
                .filter(|pause| self.left(deadline).is_some_and(|left| *pause < left));
            let Some(pause) = pause else {
                return Err(if a_try_was_lost {
                    failure.error.after_a_lost_try()
                } else {
                    failure.error
                });
            };
            a_try_was_lost |= failure.error.effect == super::Effect::Unknown;
            tracing::warn!(error = %failure.error, path = %request.path, attempts, "asking Stripe again");
            self.sleep.sleep(pause).await;
        }
    }

    /// Waits until a try may be sent, and takes note that it is.
    async fn permission(&self, deadline: Timestamp) -> Result<(), StripeError> {
        let not_sent = || StripeError::of(StripeErrorKind::NotSent);
        if let Some(pace) = &self.pace {
            let left = self.left(deadline).ok_or_else(not_sent)?;
            let wait = pace.take(self.clock.now(), left).ok_or_else(not_sent)?;
            if !wait.is_zero() {
                self.sleep.sleep(wait).await;
            }
        }
        if self.breaker.lets_through(self.clock.now()) {
            Ok(())
        } else {
            Err(not_sent())
        }
    }

    fn noted(&self, failure: Failure) -> Failure {
        if failure.error.kind != StripeErrorKind::NotSent {
            self.breaker
                .note(Some(failure.error.kind), self.clock.now());
        }
        failure
    }

    async fn attempt(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
        api_key: &Secret,
        deadline: Timestamp,
    ) -> Result<Reply, StripeError> {
        let not_sent = || StripeError::of(StripeErrorKind::NotSent);
        let patience = self.left(deadline).ok_or_else(not_sent)?;
        let request = self.written(request, key, api_key).ok_or_else(not_sent)?;
        let reply = async {
            let lost = StripeError::of(StripeErrorKind::Lost);
            let response = self.http.call(request).await.map_err(|_| lost.clone())?;
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let body = collect(response.into_body()).await.ok_or(lost)?;
            Ok(Reply::new(status, &headers, body))
        };
        let silence = self.sleep.sleep(patience.min(ATTEMPT_TIMEOUT));
        Timeout::new(reply, silence)
            .await
            .unwrap_or(Err(StripeError::of(StripeErrorKind::Lost)))
    }

    /// The request as it goes over the wire; `None` where a part of it cannot be written there, such as a key with a line
    /// break in it.
    fn written(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
        api_key: &Secret,
    ) -> Option<HttpRequest> {
        let mut uri = format!("{}/v1{}", self.base_url, request.path);
        if let Some(query) = request.query.as_deref().filter(|query| !query.is_empty()) {
            uri.push('?');
            uri.push_str(query);
        }
        let body = request
            .body
            .as_deref()
            .map_or_else(SdkBody::empty, SdkBody::from);
        let mut written = HttpRequest::new(body);
        written.set_uri(uri).ok()?;
        written.set_method(method(request.method)).ok()?;
        let mut headers = vec![
            ("authorization", format!("Bearer {}", api_key.reveal())),
            ("stripe-version", API_VERSION.to_owned()),
            (
                "user-agent",
                concat!("linky/", env!("CARGO_PKG_VERSION")).to_owned(),
            ),
        ];
        if request.body.is_some() {
            headers.push((
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ));
        }
        if let Some(key) = key {
            headers.push(("idempotency-key", key.as_str().to_owned()));
        }
        for (name, value) in headers {
            written.headers_mut().try_insert(name, value).ok()?;
        }
        Some(written)
    }

    /// The time left until `deadline`, if any.
    fn left(&self, deadline: Timestamp) -> Option<Duration> {
        let left_ms = u64::try_from(deadline.as_ms() - self.clock.now().as_ms()).ok()?;
        (left_ms > 0).then(|| Duration::from_millis(left_ms))
    }
}

const fn method(method: StripeMethod) -> &'static str {
    match method {
        StripeMethod::Get => "GET",
        StripeMethod::Post => "POST",
        StripeMethod::Delete => "DELETE",
    }
}

/// The whole body, or `None` where the connection broke or the body has more than [`ANSWER_BYTES_MAX`] bytes.
async fn collect(body: SdkBody) -> Option<Vec<u8>> {
    let mut stream = ByteStream::new(body);
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        bytes.extend_from_slice(&part.ok()?);
        if bytes.len() > ANSWER_BYTES_MAX {
            return None;
        }
    }
    Some(bytes)
}

/// An answer of whatever status, with what its headers say.
struct Reply {
    status: u16,
    body: Vec<u8>,
    request_id: Option<Box<str>>,
    at: Option<Timestamp>,
    replayed: bool,
    should_retry: Option<bool>,
    retry_after_s: Option<u64>,
}

impl Reply {
    fn new(status: u16, headers: &Headers, body: Vec<u8>) -> Self {
        let text = |name| {
            headers
                .get_bytes(name)
                .and_then(|value| std::str::from_utf8(value).ok())
        };
        Self {
            status,
            body,
            request_id: text("request-id").map(Box::from),
            at: text("date").and_then(http_date),
            replayed: text("idempotent-replayed") == Some("true"),
            should_retry: text("stripe-should-retry").and_then(|value| value.parse().ok()),
            retry_after_s: text("retry-after").and_then(|value| value.parse().ok()),
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn read<T: DeserializeOwned>(self) -> Result<StripeAnswer<T>, StripeError> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(StripeAnswer {
                value,
                at: self.at,
                replayed: self.replayed,
                request_id: self.request_id,
            }),
            Err(error) => Err(StripeError {
                status: Some(self.status),
                message: Some(error.to_string().into()),
                request_id: self.request_id,
                ..StripeError::of(StripeErrorKind::Unreadable)
            }),
        }
    }

    fn into_failure(self) -> Failure {
        Failure {
            error: StripeError::from_answer(self.status, &self.body, self.request_id),
            should_retry: self.should_retry,
            retry_after_s: self.retry_after_s,
        }
    }
}

impl From<StripeError> for Failure {
    fn from(error: StripeError) -> Self {
        Self {
            error,
            should_retry: None,
            retry_after_s: None,
        }
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let moment = parser.parse_timestamp(text).ok()?;
    Some(Timestamp::from_ms(moment.as_millisecond()))
}
