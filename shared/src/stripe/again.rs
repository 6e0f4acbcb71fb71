//! Reading an object once more, of which an event told.

use super::{Calls, StripeAnswer};
use crate::error::Error;
use crate::event::Subject;

impl Calls<'_> {
    /// The object as it is now.
    ///
    /// # Errors
    /// `Internal` where an event of its kind has no object at Stripe; else as Stripe says.
    pub async fn again(&self, seen: &Subject) -> Result<StripeAnswer<Subject>, Error> {
        macro_rules! read {
            ($variant:ident, $call:ident, $id:expr) => {
                self.$call($id).await?.map(Subject::$variant)
            };
        }
        Ok(match seen {
            Subject::Customer(seen) => read!(Customer, customer, &seen.id),
            Subject::Subscription(seen) => read!(Subscription, subscription, &seen.id),
            Subject::Schedule(seen) => read!(Schedule, schedule, &seen.id),
            Subject::Invoice(seen) => match &seen.id {
                Some(id) => read!(Invoice, invoice, id),
                None => {
                    return Err(Error::internal(
                        "an invoice that is only foreseen cannot be read",
                    ));
                }
            },
            Subject::Charge(seen) => read!(Charge, charge, &seen.id),
            Subject::Refund(seen) => read!(Refund, refund, &seen.id),
            Subject::Dispute(seen) => read!(Dispute, dispute, &seen.id),
            Subject::PaymentMethod(seen) => read!(PaymentMethod, payment_method, &seen.id),
            Subject::CheckoutSession(seen) => read!(CheckoutSession, checkout_session, &seen.id),
            Subject::Other => {
                return Err(Error::internal("an event without an object asks nothing"));
            }
        })
    }
}
