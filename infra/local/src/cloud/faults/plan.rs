//! Which calls a fault is planned for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shared::time::Timestamp;

use crate::cloud::call::{Call, Service};

/// Which calls are meant, and which of those are struck: all of them unless it is narrowed.
#[derive(Clone)]
pub struct Matching {
    caller: Option<String>,
    service: Option<Service>,
    operation: Option<String>,
    predicate: Option<Predicate>,
    counted: Range<u64>,
    odds: Option<Odds>,
    within: Option<Range<Timestamp>>,
}

/// How many of a hundred calls are struck, drawn from a seed.
#[derive(Debug, Clone, Copy)]
struct Odds {
    percent: u8,
    seed: u64,
}

type Predicate = Arc<dyn Fn(&Call) -> bool + Send + Sync>;

impl Matching {
    /// Every call there is.
    pub fn any() -> Self {
        Self {
            caller: None,
            service: None,
            operation: None,
            predicate: None,
            counted: 1..u64::MAX,
            odds: None,
            within: None,
        }
    }

    /// Every call of `service`.
    pub fn service(service: Service) -> Self {
        Self {
            service: Some(service),
            ..Self::any()
        }
    }

    /// Every call of one operation, as [`Call::operation`] names it.
    pub fn operation(service: Service, operation: &str) -> Self {
        Self {
            operation: Some(operation.to_owned()),
            ..Self::service(service)
        }
    }

    /// Only calls over the connector that [`Cloud::connector_of`](crate::cloud::Cloud::connector_of) made for `caller`.
    #[must_use]
    pub fn by(mut self, caller: &str) -> Self {
        self.caller = Some(caller.to_owned());
        self
    }

    /// Only calls of which `predicate` is true.
    #[must_use]
    pub fn and(mut self, predicate: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(match self.predicate {
            None => Arc::new(predicate),
            Some(before) => Arc::new(move |call| before(call) && predicate(call)),
        });
        self
    }

    /// Strikes only the `number`th call that is meant, counted from 1, retries included.
    #[must_use]
    pub fn nth(self, number: u64) -> Self {
        self.counted(number..number.saturating_add(1))
    }

    /// Strikes only the first `count` calls that are meant.
    #[must_use]
    pub fn first(self, count: u64) -> Self {
        self.counted(1..count.saturating_add(1))
    }

    /// Strikes only the calls that are meant whose number, counted from 1, is in `numbers`.
    #[must_use]
    pub fn counted(mut self, numbers: Range<u64>) -> Self {
        self.counted = numbers;
        self
    }

    /// Strikes only `percent` of a hundred calls. The seed and the number of the call decide which.
    #[must_use]
    pub fn percent(mut self, percent: u8, seed: u64) -> Self {
        self.odds = Some(Odds { percent, seed });
        self
    }

    /// Strikes only calls made while the cloud's clock shows a time in `window`.
    #[must_use]
    pub fn within(mut self, window: Range<Timestamp>) -> Self {
        self.within = Some(window);
        self
    }

    pub(super) fn means(&self, call: &Call) -> bool {
        self.service.is_none_or(|service| service == call.service)
            && self
                .operation
                .as_ref()
                .is_none_or(|operation| *operation == call.operation)
            && self
                .caller
                .as_ref()
                .is_none_or(|caller| *caller == *call.caller)
            && self.predicate.as_ref().is_none_or(|holds| holds(call))
    }

    /// Whether the call of this number, made at `now`, is struck. It counts from 1.
    pub(crate) fn chooses(&self, number: u64, now: Timestamp) -> bool {
        self.counted.contains(&number)
            && self.odds.is_none_or(|odds| odds.fall_on(number))
            && self
                .within
                .as_ref()
                .is_none_or(|window| window.contains(&now))
    }
}

impl Odds {
    fn fall_on(self, number: u64) -> bool {
        let mut numbers = fastrand::Rng::with_seed(self.seed.wrapping_add(number));
        numbers.u8(0..100) < self.percent
    }
}

impl fmt::Debug for Matching {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Matching")
            .field("caller", &self.caller)
            .field("service", &self.service)
            .field("operation", &self.operation)
            .field("predicate", &self.predicate.is_some())
            .field("counted", &self.counted)
            .field("odds", &self.odds)
            .field("within", &self.within)
            .finish()
    }
}

/// A plan that was made. A clone is the same plan.
#[derive(Debug, Clone, Default)]
pub struct Planned(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    seen: AtomicU64,
    struck: AtomicU64,
}

impl Planned {
    /// How many calls it struck so far.
    pub fn struck(&self) -> u64 {
        self.0.struck.load(Ordering::SeqCst)
    }

    /// How many calls it was meant for so far, struck or not.
    pub fn seen(&self) -> u64 {
        self.0.seen.load(Ordering::SeqCst)
    }

    /// Counts a call that is meant, and gives its number, from 1.
    pub(crate) fn count_seen(&self) -> u64 {
        self.0.seen.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn count_struck(&self) {
        self.0.struck.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_strikes_about_as_many_calls_as_it_says_and_always_the_same() {
        let at = Timestamp::from_s(0);
        let struck = |percent, seed| {
            let matching = Matching::any().percent(percent, seed);
            (1..=1000)
                .filter(|number| matching.chooses(*number, at))
                .collect::<Vec<_>>()
        };
        assert_eq!(struck(0, 1).len(), 0);
        assert_eq!(struck(100, 1).len(), 1000);
        let quarter = struck(25, 1);
        assert!((200..300).contains(&quarter.len()), "{}", quarter.len());
        assert_eq!(struck(25, 1), quarter);
        assert_ne!(struck(25, 2), quarter);
    }
}
