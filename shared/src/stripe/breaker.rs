//! Whether Stripe is asked at all. While it does not answer, every call would wait out its timeout, and a Lambda that
//! waits is paid for: after some failures in a row nothing is sent for a while, then one call finds out.
//!
//! One breaker a process. Ten workers find an outage out ten times, which costs less than a table that tells them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::StripeErrorKind;
use crate::time::Timestamp;

/// Tries that fail in a row, of whatever call, before Stripe is taken to be down. Two calls with all their attempts: one
/// call that Stripe cannot do says nothing about the others.
pub const FAILURES_MAX: u32 = 6;

/// Seconds for which nothing is sent. As long as the retry queue's shortest wait, so that what was turned away is not
/// back before the breaker may close.
pub const OPEN_S: i64 = 30;

/// Seconds within which the one call that finds out has to say so, before another one may.
const PROBE_S: i64 = 15;

/// Counts what fails in a row.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default, Clone, Copy)]
struct State {
    failures: u32,
    shut_until: Option<Timestamp>,
}

impl Breaker {
    /// Whether a try may be sent now. Past the wait it lets one through; the others wait for what that one finds.
    pub(super) fn lets_through(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        match state.shut_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.shut_until = Some(now.plus_s(PROBE_S));
                true
            }
            None => true,
        }
    }

    /// Takes note of how a try ended; `None` for an answer that is a success.
    pub(super) fn note(&self, failure: Option<StripeErrorKind>, now: Timestamp) {
        let mut state = self.state();
        if !failure.is_some_and(is_down) {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES_MAX {
            if state.failures == FAILURES_MAX {
                tracing::warn!(
                    failures = state.failures,
                    "Stripe does not answer; it is left alone for a while"
                );
            }
            state.shut_until = Some(now.plus_s(OPEN_S));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this failure says that Stripe is down. Any answer below 500 says that it is up, a refusal too; what was not
/// sent says nothing, and never gets here.
const fn is_down(kind: StripeErrorKind) -> bool {
    match kind {
        StripeErrorKind::Api | StripeErrorKind::Lost => true,
        StripeErrorKind::Card
        | StripeErrorKind::InvalidRequest
        | StripeErrorKind::Idempotency
        | StripeErrorKind::Conflict
        | StripeErrorKind::RateLimited
        | StripeErrorKind::Authentication
        | StripeErrorKind::Permission
        | StripeErrorKind::NotFound
        | StripeErrorKind::Unreadable
        | StripeErrorKind::NotSent => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: Option<StripeErrorKind> = Some(StripeErrorKind::Api);

    fn at(s: i64) -> Timestamp {
        Timestamp::from_s(1_767_225_600 + s)
    }

    fn open() -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..FAILURES_MAX {
            assert!(breaker.lets_through(at(0)));
            breaker.note(DOWN, at(0));
        }
        breaker
    }

    #[test]
    fn after_failures_in_a_row_nothing_is_sent_for_a_while() {
        let breaker = open();
        assert!(!breaker.lets_through(at(0)));
        assert!(!breaker.lets_through(at(OPEN_S - 1)));
    }

    #[test]
    fn one_call_finds_out_and_the_others_wait_for_it() {
        let breaker = open();
        assert!(breaker.lets_through(at(OPEN_S)));
        assert!(!breaker.lets_through(at(OPEN_S)));
        breaker.note(DOWN, at(OPEN_S + 1));
        assert!(!breaker.lets_through(at(2 * OPEN_S)));
        assert!(breaker.lets_through(at(2 * OPEN_S + 1)));
        breaker.note(None, at(2 * OPEN_S + 2));
        assert!(breaker.lets_through(at(2 * OPEN_S + 2)));
        assert!(breaker.lets_through(at(2 * OPEN_S + 2)));
    }

    #[test]
    fn a_call_that_never_says_what_it_found_does_not_block_for_ever() {
        let breaker = open();
        assert!(breaker.lets_through(at(OPEN_S)));
        assert!(breaker.lets_through(at(OPEN_S + PROBE_S)));
    }

    #[test]
    fn any_answer_begins_the_count_anew() {
        for answer in [
            None,
            Some(StripeErrorKind::NotFound),
            Some(StripeErrorKind::RateLimited),
        ] {
            let breaker = Breaker::default();
            for _ in 0..FAILURES_MAX - 1 {
                breaker.note(DOWN, at(0));
            }
            breaker.note(answer, at(0));
            breaker.note(DOWN, at(0));
            assert!(breaker.lets_through(at(0)), "{answer:?}");
        }
    }
}
