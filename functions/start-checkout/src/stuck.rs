//! Where a checkout cannot go on as before, and what a fresh start would have to leave behind.

use shared::error::Error;
use shared::id::CustomerId;
use shared::stripe::StripeError;

/// Why there is no page.
pub(crate) enum Stuck {
    /// Stripe keeps its failure under the key for a day, and gives the same answer to every further call.
    KeySpent(Error),
    /// Stripe does not know the user's customer any more.
    CustomerMissing(CustomerId, Error),
    /// Anything else.
    Otherwise(Error),
}

impl Stuck {
    /// What a failed write means.
    pub(crate) fn writing(error: StripeError) -> Self {
        // Only a plain 500 is Stripe's own last word. After a gateway's 502 to 504 the call may still be at work.
        match error.status {
            Some(500) => Self::KeySpent(error.into()),
            _ => Self::Otherwise(error.into()),
        }
    }

    /// What the failure of a call means that names the customer.
    pub(crate) fn for_customer(customer: &CustomerId, error: StripeError) -> Self {
        if error.code.as_deref() == Some("resource_missing")
            && error.param.as_deref() == Some("customer")
        {
            return Self::CustomerMissing(customer.clone(), error.into());
        }
        Self::writing(error)
    }
}

impl From<Error> for Stuck {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}

impl From<StripeError> for Stuck {
    fn from(error: StripeError) -> Self {
        Self::Otherwise(error.into())
    }
}

impl From<Stuck> for Error {
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::KeySpent(error) | Stuck::CustomerMissing(_, error) | Stuck::Otherwise(error) => {
                error
            }
        }
    }
}
