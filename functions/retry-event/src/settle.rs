//! An event that is ours: read, decide, ask Stripe where need be, write.

use shared::account::{Outcome, Question};
use shared::error::{Error, ErrorKind};
use shared::event::{Event, EventError};
use shared::store::events::{EventOutcome, Leased, Right, Settlement, Unsettled};
use shared::time::Timestamp;

use crate::RetryEvent;
use crate::readings::Readings;

/// Times an event is decided anew because a record changed between reading and writing.
const ROUNDS_MAX: u32 = 4;

/// Why an event is not settled.
pub(crate) enum Failure {
    /// The lease is no longer ours: somebody else settles it, or has.
    Overtaken,
    /// It can never be applied; said why.
    Permanent(String),
    /// It may be applied later.
    Passing(Error),
}

impl RetryEvent {
    /// Settles a leased event; the answer is what became of it, in one word.
    pub(crate) async fn settle(
        &self,
        leased: &Leased,
        deadline: Timestamp,
        readings: &mut Readings,
    ) -> Result<&'static str, Failure> {
        let event = self.event_of(leased, deadline).await?;
        // Kept because the tables failed before it could be refused.
        if let Some(reason) = event.misdirected(self.livemode) {
            let refused = Settlement::Refused(reason);
            let word = EventOutcome::from(&refused).as_str();
            let right = Right::Held(leased);
            return match self
                .store
                .settle(&event, refused, right, self.clock.now())
                .await
            {
                Ok(()) => Ok(word),
                Err(Unsettled::NotOurs | Unsettled::Overtaken) => Err(Failure::Overtaken),
                Err(Unsettled::Failed(error)) => Err(error.into()),
            };
        }
        for _ in 0..ROUNDS_MAX {
            // The versions are read before Stripe is asked: what changes after that makes the write fail, not stale.
            let known = self.store.known(&event).await?;
            let mut outcome = known.account.after(&event, &self.catalogue);
            let mut read = None;
            if let Outcome::Ask(question) = &outcome {
                let account = &known.account;
                let before = readings.again(question, &event, account, leased.row.attempts);
                let reading = match before {
                    Some(reading) => reading,
                    None => {
                        let reading = self
                            .ask(question, &event, leased, deadline, readings)
                            .await?;
                        readings.note(&event, account, &reading);
                        reading
                    }
                };
                outcome = account.after_reading(&event, &reading, &self.catalogue);
                read = Some(reading);
            }
            let settlement = match &outcome {
                Outcome::Apply(change) => Settlement::Applied(change),
                Outcome::Stale => Settlement::Stale,
                Outcome::Ignore => Settlement::Ignored,
                Outcome::Ask(
                    Question::Object | Question::Charge(_) | Question::FoundingSchedule(_),
                ) => {
                    return Err(Failure::Permanent(
                        "Stripe's answer did not settle it".to_owned(),
                    ));
                }
            };
            let word = EventOutcome::from(&settlement).as_str();
            let right = Right::Held(leased);
            match self
                .store
                .settle(&event, settlement, right, self.clock.now())
                .await
            {
                Ok(()) => {
                    if let (Some(reading), Outcome::Apply(_)) = (&read, &outcome) {
                        readings.written(&event, reading);
                    }
                    return Ok(word);
                }
                Err(Unsettled::NotOurs) => return Err(Failure::Overtaken),
                Err(Unsettled::Overtaken) => {}
                Err(Unsettled::Failed(error)) => return Err(error.into()),
            }
        }
        Err(Failure::Passing(Error::unavailable(
            "overtaken by other events again and again",
        )))
    }

    /// The event itself: its body as it was kept, or from Stripe where it was too large to be kept.
    async fn event_of(&self, leased: &Leased, deadline: Timestamp) -> Result<Event, Failure> {
        match &leased.body {
            Some(body) => Event::parse(body).map_err(Failure::from),
            None => {
                let answer = self
                    .stripe
                    .by(deadline)
                    .event(&leased.id)
                    .await
                    .map_err(Error::from)?;
                Event::of(answer.value).map_err(Failure::from)
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind {
            ErrorKind::Invalid
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::TooLarge => Self::Permanent(error.to_string()),
            // A missing permission or a defect of ours is mended by a person, and the work must still be there then.
            ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::TooMany
            | ErrorKind::Unavailable
            | ErrorKind::Internal => Self::Passing(error),
        }
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::Permanent(error.to_string())
    }
}
