//! Frame: the time of day. Read once, at the edge of a function, and handed on as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::time::Timestamp;

/// Where the time comes from: the machine, or a hand that moves it (the sandbox and the tests).
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Unix milliseconds that somebody sets; every clone shows the same time.
    Manual(Arc<AtomicI64>),
    /// Another clock, wrong by as many milliseconds as stand here.
    Skewed(Box<Clock>, Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.as_ms())))
    }

    /// The time now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since_epoch = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Timestamp::from_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(ms) => Timestamp::from_ms(ms.load(Ordering::SeqCst)),
            Self::Skewed(right, by_ms) => {
                let by_ms = by_ms.load(Ordering::SeqCst);
                Timestamp::from_ms(right.now().as_ms().saturating_add(by_ms))
            }
        }
    }

    /// This clock, wrong by as many milliseconds as `by_ms` says at the time: ahead, or behind where negative.
    #[must_use]
    pub fn skewed(&self, by_ms: Arc<AtomicI64>) -> Self {
        Self::Skewed(Box::new(self.clone()), by_ms)
    }

    /// Moves a manual clock to `moment`, never back; no other clock is moved.
    pub fn advance_to(&self, moment: Timestamp) {
        if let Self::Manual(ms) = self {
            ms.fetch_max(moment.as_ms(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clone_of_a_manual_clock_shows_the_same_time_and_none_goes_back() {
        let clock = Clock::manual(Timestamp::from_s(100));
        let other = clock.clone();
        other.advance_to(Timestamp::from_s(200));
        other.advance_to(Timestamp::from_s(150));
        assert_eq!(clock.now(), Timestamp::from_s(200));
    }

    #[test]
    fn a_skewed_clock_is_wrong_by_what_is_set() {
        let right = Clock::manual(Timestamp::from_s(1000));
        let by_ms = Arc::new(AtomicI64::new(-400_000));
        let skewed = right.skewed(by_ms.clone());
        assert_eq!(skewed.now(), Timestamp::from_s(600));
        right.advance_to(Timestamp::from_s(1100));
        by_ms.store(5_000, Ordering::SeqCst);
        assert_eq!(skewed.now(), Timestamp::from_s(1105));
        assert_eq!(right.now(), Timestamp::from_s(1100));
    }
}
