//! Why a call to Stripe did not give what was asked for, and whether it may have taken effect all the same.

use std::fmt;

use serde_json::Value;

use crate::error::{Error, ErrorKind};

/// One failed call, after the transport's own retries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct StripeError {
    /// What the caller can do about it.
    pub kind: StripeErrorKind,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Stripe's short name of the problem, such as `resource_missing`.
    pub code: Option<Box<str>>,
    /// Why a bank declined, such as `insufficient_funds`.
    pub decline_code: Option<Box<str>>,
    /// The parameter that was wrong.
    pub param: Option<Box<str>>,
    /// Stripe's sentence for people. It may repeat what was sent, so it is not for logs.
    pub message: Option<Box<str>>,
    /// What Stripe's support asks for first.
    pub request_id: Option<Box<str>>,
    /// Whether Stripe may have done what was asked although this error came back.
    pub effect: Effect,
}

/// What kind of failure it is, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripeErrorKind {
    /// The card was declined, or the payment failed otherwise (402).
    Card,
    /// A parameter is wrong, or the object is in a state that does not allow it.
    InvalidRequest,
    /// The idempotency key was used before, with other parameters.
    Idempotency,
    /// Another request holds the object or the key (409).
    Conflict,
    /// Too many requests (429).
    RateLimited,
    /// The key is wrong, expired or revoked (401).
    Authentication,
    /// The key is right and may not do this (403).
    Permission,
    /// There is no such object (404).
    NotFound,
    /// Stripe failed (5xx).
    Api,
    /// No answer came: the connection failed, broke or stayed silent.
    Lost,
    /// Stripe did it, but its answer cannot be read.
    Unreadable,
    /// Nothing was sent: the key could not be had, the time was up, Stripe is left alone because it does not answer, or
    /// the request could not be written down.
    NotSent,
}

/// The code of every error that comes from a failed call.
pub const ERROR_CODE: &str = "stripe";

/// What a failed call means to whoever waits for it. Stripe's sentence is not repeated: it may tell what was sent.
impl From<StripeError> for Error {
    fn from(error: StripeError) -> Self {
        let kind = match error.kind {
            StripeErrorKind::NotFound => ErrorKind::NotFound,
            StripeErrorKind::Card => ErrorKind::Conflict,
            StripeErrorKind::InvalidRequest | StripeErrorKind::Idempotency => ErrorKind::Invalid,
            StripeErrorKind::Conflict
            | StripeErrorKind::RateLimited
            | StripeErrorKind::Api
            | StripeErrorKind::Lost
            | StripeErrorKind::NotSent => ErrorKind::Unavailable,
            StripeErrorKind::Authentication
            | StripeErrorKind::Permission
            | StripeErrorKind::Unreadable => ErrorKind::Internal,
        };
        Self {
            inner: error.to_string(),
            ..Self::new(
                kind,
                ERROR_CODE,
                "Stripe did not do what was asked. Please try again later.",
            )
        }
    }
}

/// Whether a call that failed changed anything at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed.
    None,
    /// It may have: ask Stripe before doing it under another key.
    Unknown,
    /// It did.
    Done,
}

impl StripeErrorKind {
    /// Whether the same call, under the same key, may succeed later. A wrong key counts: a person will mend it, and the
    /// work must still be there then.
    pub const fn retryable(self) -> bool {
        match self {
            Self::Conflict
            | Self::RateLimited
            | Self::Authentication
            | Self::Permission
            | Self::Api
            | Self::Lost
            | Self::NotSent => true,
            Self::Card
            | Self::InvalidRequest
            | Self::Idempotency
            | Self::NotFound
            | Self::Unreadable => false,
        }
    }

    /// What one answer of this kind says about the effect of the call it answers.
    const fn effect(self) -> Effect {
        match self {
            Self::Card
            | Self::InvalidRequest
            | Self::Idempotency
            | Self::RateLimited
            | Self::Authentication
            | Self::Permission
            | Self::NotFound
            | Self::NotSent => Effect::None,
            Self::Conflict | Self::Api | Self::Lost => Effect::Unknown,
            Self::Unreadable => Effect::Done,
        }
    }

    /// Whether Stripe looked the idempotency key up before it answered so. Only then does the answer speak for earlier
    /// tries under that key as well.
    const fn speaks_for_earlier_tries(self) -> bool {
        match self {
            Self::Card | Self::InvalidRequest | Self::NotFound | Self::Unreadable => true,
            Self::Idempotency
            | Self::Conflict
            | Self::RateLimited
            | Self::Authentication
            | Self::Permission
            | Self::Api
            | Self::Lost
            | Self::NotSent => false,
        }
    }
}

impl StripeError {
    pub(super) const fn of(kind: StripeErrorKind) -> Self {
        Self {
            kind,
            status: None,
            code: None,
            decline_code: None,
            param: None,
            message: None,
            request_id: None,
            effect: kind.effect(),
        }
    }

    /// Reads an answer that is no success, whatever it looks like: an error of Stripe's shape, one with fields missing or
    /// of odd types, or a proxy's page.
    pub(super) fn from_answer(status: u16, body: &[u8], request_id: Option<Box<str>>) -> Self {
        let error = serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|mut body| body.get_mut("error").map(Value::take))
            .unwrap_or_default();
        let text = |field: &str| error.get(field).and_then(Value::as_str).map(Box::from);
        let kind = kind(status, text("type").as_deref());
        Self {
            status: Some(status),
            code: text("code"),
            decline_code: text("decline_code"),
            param: text("param"),
            message: text("message"),
            request_id,
            ..Self::of(kind)
        }
    }

    /// The same error after an earlier try of the call whose effect is not known.
    pub(super) fn after_a_lost_try(mut self) -> Self {
        if !self.kind.speaks_for_earlier_tries() {
            self.effect = Effect::Unknown;
        }
        self
    }

    /// Whether the same call, under the same key, may succeed later.
    pub const fn retryable(&self) -> bool {
        self.kind.retryable()
    }
}

fn kind(status: u16, kind: Option<&str>) -> StripeErrorKind {
    match (status, kind) {
        (401, _) => StripeErrorKind::Authentication,
        (403, _) => StripeErrorKind::Permission,
        (404, _) => StripeErrorKind::NotFound,
        (409, _) => StripeErrorKind::Conflict,
        (429, _) => StripeErrorKind::RateLimited,
        (500.., _) => StripeErrorKind::Api,
        (402, _) | (400..500, Some("card_error")) => StripeErrorKind::Card,
        (400..500, Some("idempotency_error")) => StripeErrorKind::Idempotency,
        (400..500, _) => StripeErrorKind::InvalidRequest,
        // Stripe answers no redirects. Something between us and Stripe did, so nothing is known of the effect.
        (..400, _) => StripeErrorKind::Lost,
    }
}

/// For logs: everything except Stripe's sentence, which may repeat what a person typed.
impl fmt::Display for StripeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Stripe call failed: {:?}", self.kind)?;
        if let Some(status) = self.status {
            write!(out, ", status {status}")?;
        }
        for (name, value) in [
            ("code", &self.code),
            ("decline code", &self.decline_code),
            ("parameter", &self.param),
            ("request", &self.request_id),
        ] {
            if let Some(value) = value {
                write!(out, ", {name} {value}")?;
            }
        }
        Ok(())
    }
}
