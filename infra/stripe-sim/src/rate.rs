//! The limit of calls in one second.

use serde::{Deserialize, Serialize};

use crate::error::StripeError;
use crate::sim::Options;

/// A bucket of calls that a second fills: the clock stands in whole seconds, so each begins with a full one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rate {
    second: i64,
    taken: u32,
}

impl Rate {
    /// Takes one call out of the bucket, or refuses where it is empty. Refused calls take nothing.
    pub(crate) fn take(&mut self, options: &Options, now_s: i64) -> Result<(), StripeError> {
        let Some(per_s) = options.rate_per_s else {
            return Ok(());
        };
        if self.second != now_s {
            *self = Self {
                second: now_s,
                taken: 0,
            };
        }
        if self.taken >= per_s {
            return Err(exceeded());
        }
        self.taken += 1;
        Ok(())
    }
}

/// What Stripe answers to a call too many.
pub(crate) fn exceeded() -> StripeError {
    StripeError::invalid(
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
    )
    .status(429)
    .code("rate_limit")
}
