//! The name under which Stripe does a piece of work once, however often it is asked.

use std::fmt;

/// Longest idempotency key, in characters (<https://docs.stripe.com/api/idempotent_requests>, read in November 2026).
pub const KEY_CHARS_MAX: usize = 255;

/// An idempotency key: what the work is, never a random number, so that a second process doing the same work uses the
/// same one. Stripe may forget it after 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// The text is empty, too long, or holds other than visible ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to {KEY_CHARS_MAX} visible ASCII characters")]
pub struct NoIdempotencyKey;

impl IdempotencyKey {
    /// Takes the text if it can be a key.
    pub fn parse(text: impl Into<String>) -> Result<Self, NoIdempotencyKey> {
        let text = text.into();
        let fits = (1..=KEY_CHARS_MAX).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(NoIdempotencyKey)
        }
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
