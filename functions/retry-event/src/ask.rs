//! What Stripe has to be asked before an event can be applied.

use shared::account::{Question, Reading};
use shared::error::Error;
use shared::event::Event;
use shared::store::events::Leased;
use shared::time::Timestamp;

use crate::RetryEvent;
use crate::readings::Readings;
use crate::settle::Failure;

impl RetryEvent {
    /// Answers a question; the time in it is Stripe's own.
    pub(crate) async fn ask(
        &self,
        question: &Question,
        event: &Event,
        leased: &Leased,
        deadline: Timestamp,
        readings: &mut Readings,
    ) -> Result<Reading, Failure> {
        let stripe = self.stripe.by(deadline);
        let mut charge = None;
        match question {
            Question::Object => {}
            Question::Charge(id) => {
                let seen = match readings.charge(id) {
                    Some(seen) => seen,
                    None => stripe.charge(id).await.map_err(Error::from)?.value,
                };
                readings.note_charge(&seen);
                charge = Some(seen);
            }
            Question::FoundingSchedule(subscription) => {
                self.set_up_founding(&stripe, subscription, leased.row.attempts)
                    .await?;
            }
        }
        let answer = stripe.again(&event.subject).await?;
        Ok(Reading {
            subject: answer.value,
            charge,
            // Without Stripe's time the event's own is the latest moment that the answer surely tells of.
            at: answer.at.unwrap_or(event.created),
            attempt: leased.row.attempts,
        })
    }
}
