//! What Stripe has to be asked before an event can be applied.

use shared::account::{Question, Reading};
use shared::error::Error;
use shared::event::{Event, Subject};
use shared::store::events::Leased;
use shared::stripe::{Calls, StripeAnswer};
use shared::time::Timestamp;

use crate::RetryEvent;
use crate::settle::Failure;

impl RetryEvent {
    /// Answers a question; the time in it is Stripe's own.
    pub(crate) async fn ask(
        &self,
        question: &Question,
        event: &Event,
        leased: &Leased,
        deadline: Timestamp,
    ) -> Result<Reading, Failure> {
        let stripe = self.stripe.by(deadline);
        let mut charge = None;
        match question {
            Question::Object => {}
            Question::Charge(id) => {
                charge = Some(stripe.charge(id).await.map_err(Error::from)?.value);
            }
            Question::FoundingSchedule(subscription) => {
                self.set_up_founding(&stripe, subscription, leased.row.attempts)
                    .await?;
            }
        }
        let answer = read_again(&stripe, &event.subject).await?;
        Ok(Reading {
            subject: answer.value,
            charge,
            // Without Stripe's time the event's own is the latest moment that the answer surely tells of.
            at: answer.at.unwrap_or(event.created),
            attempt: leased.row.attempts,
        })
    }
}

/// The object as it is now.
async fn read_again(stripe: &Calls<'_>, subject: &Subject) -> Result<StripeAnswer<Subject>, Error> {
    macro_rules! read {
        ($variant:ident, $call:ident, $id:expr) => {
            stripe.$call($id).await?.map(Subject::$variant)
        };
    }
    Ok(match subject {
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
        Subject::Other => return Err(Error::internal("an event without an object asks nothing")),
    })
}
