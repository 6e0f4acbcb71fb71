//! How fast Stripe is asked. Stripe refuses more than a hundred calls a second in live mode and 25 in test mode
//! (<https://docs.stripe.com/rate-limits>, read November 2026); whoever stays below needs no refusals to find that out.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::time::Timestamp;

/// A bucket of tokens, one a call, that fills at a steady rate and holds as many as come in a second.
#[derive(Debug)]
pub(super) struct Pace {
    /// Microseconds from one token to the next.
    gap_us: i64,
    /// When the bucket would be full if nobody took anything more, in microseconds since 1970.
    full_at_us: Mutex<i64>,
}

const SECOND_US: i64 = 1_000_000;

impl Pace {
    pub(super) fn of(calls_per_s: NonZeroU32) -> Self {
        Self {
            gap_us: (SECOND_US / i64::from(calls_per_s.get())).max(1),
            full_at_us: Mutex::new(0),
        }
    }

    /// Takes a token: how long to wait before it may be used, or `None`, and nothing is taken, where that is longer than
    /// `patience`.
    pub(super) fn take(&self, now: Timestamp, patience: Duration) -> Option<Duration> {
        let now_us = now.as_ms() * 1_000;
        let mut full_at_us = self
            .full_at_us
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let taken_us = (*full_at_us).max(now_us) + self.gap_us;
        let wait_us = (taken_us - now_us - SECOND_US).max(0);
        let wait = Duration::from_micros(wait_us.unsigned_abs());
        if wait > patience {
            return None;
        }
        *full_at_us = taken_us;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: Duration = Duration::from_secs(3_600);

    fn pace() -> Pace {
        Pace::of(NonZeroU32::new(10).unwrap())
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_767_225_600_000 + ms)
    }

    #[test]
    fn a_second_worth_of_calls_goes_at_once_and_the_rest_in_step() {
        let pace = pace();
        let waits: Vec<_> = (0..13)
            .map(|_| pace.take(at(0), PATIENT).unwrap().as_millis())
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300]);
    }

    #[test]
    fn the_bucket_fills_as_time_passes_and_never_over_the_brim() {
        let pace = pace();
        for _ in 0..10 {
            pace.take(at(0), PATIENT).unwrap();
        }
        assert_eq!(pace.take(at(250), PATIENT).unwrap().as_millis(), 0);
        assert_eq!(pace.take(at(250), PATIENT).unwrap().as_millis(), 0);
        assert_eq!(pace.take(at(250), PATIENT).unwrap().as_millis(), 50);
        let at_once = (0..20)
            .filter(|_| pace.take(at(86_400_000), PATIENT).unwrap().is_zero())
            .count();
        assert_eq!(at_once, 10);
    }

    #[test]
    fn who_cannot_wait_takes_nothing() {
        let pace = pace();
        for _ in 0..10 {
            pace.take(at(0), PATIENT).unwrap();
        }
        for _ in 0..100 {
            assert_eq!(pace.take(at(0), Duration::from_millis(99)), None);
        }
        assert_eq!(pace.take(at(0), PATIENT).unwrap().as_millis(), 100);
    }
}
