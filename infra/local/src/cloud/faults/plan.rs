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
    within: Option<Range<Timestamp>>,
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

    pub(super) fn chooses(&self, number: u64, now: Timestamp) -> bool {
        self.counted.contains(&number)
            && self
                .within
                .as_ref()
                .is_none_or(|window| window.contains(&now))
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
            .field("within", &self.within)
            .finish()
    }
}

/// A plan that was made.
#[derive(Debug, Clone)]
pub struct Planned(pub(super) Arc<AtomicU64>);

impl Planned {
    /// How many calls it struck so far.
    pub fn struck(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
