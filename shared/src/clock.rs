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
        }
    }

    /// Moves a manual clock to `moment`, never back; the machine's clock is not moved.
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
}
