//! Whether a failed try is followed by another, and after which pause. Pure but for the jitter.

use std::time::Duration;

use super::error::{StripeError, StripeErrorKind};
use crate::chance::Chance;

/// Tries of one call, the first included. What three do not mend is left to the retry queue, which waits longer.
pub const ATTEMPTS_MAX: u32 = 3;

/// Longest pause that Stripe may ask for within a call, in seconds. Where it asks for more, the call ends: a Lambda that
/// sleeps is paid for, the queue is not.
pub const RETRY_AFTER_S_MAX: u64 = 5;

/// The pause before the second try, in milliseconds; twice that before the third.
const PAUSE_MS: u64 = 500;

/// A try that failed, and what Stripe's headers said about trying again.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: StripeError,
    pub(super) should_retry: Option<bool>,
    pub(super) retry_after_s: Option<u64>,
}

/// The pause before the next try after `attempts` tries, or `None` where there is to be none. Half of the pause is chance,
/// so that clients that failed together do not come back together.
pub(super) fn pause(failure: &Failure, attempts: u32, chance: &Chance) -> Option<Duration> {
    let worth_it = failure.should_retry.unwrap_or(match failure.error.kind {
        StripeErrorKind::Conflict
        | StripeErrorKind::RateLimited
        | StripeErrorKind::Api
        | StripeErrorKind::Lost => true,
        StripeErrorKind::Card
        | StripeErrorKind::InvalidRequest
        | StripeErrorKind::Idempotency
        | StripeErrorKind::Authentication
        | StripeErrorKind::Permission
        | StripeErrorKind::NotFound
        | StripeErrorKind::Unreadable
        | StripeErrorKind::NotSent => false,
    });
    let asked_s = failure.retry_after_s.unwrap_or(0);
    if !worth_it || attempts >= ATTEMPTS_MAX || asked_s > RETRY_AFTER_S_MAX {
        return None;
    }
    let full_ms = PAUSE_MS << (attempts - 1);
    let own_ms = full_ms / 2 + chance.below(full_ms / 2 + 1);
    Some(Duration::from_millis(own_ms.max(asked_s * 1000)))
}
