//! What Stripe said in this batch, so that several events of one object are settled by one question.
//!
//! Every message of a batch was received before the first question, so an answer tells of a moment after each of its
//! events. What it may not do is overwrite what somebody else has written since it was given: it is used again only
//! where the record is still as it was then, or as the answer itself left it.

use std::collections::HashMap;

use shared::account::{Account, Question, Reading, Source, Version};
use shared::event::Event;
use shared::id::ChargeId;
use shared::stripe_objects::Charge;

/// The answers of one batch.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    objects: HashMap<String, Answer>,
    charges: HashMap<String, Charge>,
}

#[derive(Debug)]
struct Answer {
    reading: Reading,
    /// The version of the record that the answer is newer than, or is.
    version: Option<Version>,
}

impl Readings {
    /// An answer given before that settles the question as well.
    pub(crate) fn again(
        &self,
        question: &Question,
        event: &Event,
        account: &Account,
        attempt: u32,
    ) -> Option<Reading> {
        let answer = self.objects.get(event.subject.id()?)?;
        let still_holds = answer.version.as_ref() == account.version_of(&event.subject);
        let settles = match question {
            Question::Object => true,
            Question::Charge(_) => answer.reading.charge.is_some(),
            // It is an order to do something at Stripe.
            Question::FoundingSchedule(_) => false,
        };
        (still_holds && settles).then(|| Reading {
            attempt,
            ..answer.reading.clone()
        })
    }

    /// A charge that was read before. Whose it is does not change.
    pub(crate) fn charge(&self, id: &ChargeId) -> Option<Charge> {
        self.charges.get(id.as_ref()).cloned()
    }

    /// Takes in a charge.
    pub(crate) fn note_charge(&mut self, charge: &Charge) {
        self.charges.insert(charge.id.to_string(), charge.clone());
    }

    /// Takes in an answer that was asked for when `account` had been read.
    pub(crate) fn note(&mut self, event: &Event, account: &Account, reading: &Reading) {
        if let Some(id) = event.subject.id() {
            let version = account.version_of(&event.subject).cloned();
            let reading = reading.clone();
            self.objects
                .insert(id.to_owned(), Answer { reading, version });
        }
    }

    /// Notes that the record was written from the answer.
    pub(crate) fn written(&mut self, event: &Event, reading: &Reading) {
        let answer = event.subject.id().and_then(|id| self.objects.get_mut(id));
        if let Some(answer) = answer {
            answer.version = Some(Version {
                at: reading.at,
                by: Source::Read(event.id.clone(), reading.attempt),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::plan::Catalogue;
    use shared::time::Timestamp;

    use super::*;

    fn told(id: &str, name: &str, created_s: i64) -> Event {
        let body = format!(
            r#"{{"id":"{id}","type":"customer.updated","created":{created_s},"livemode":false,
                "data":{{"object":{{"id":"cus_1","object":"customer","email":null,"name":"{name}"}}}}}}"#
        );
        Event::parse(body.as_bytes()).unwrap()
    }

    /// The account with what the event says of its customer.
    fn after(event: &Event) -> Account {
        let shared::account::Outcome::Apply(change) =
            Account::default().after(event, &Catalogue::linky())
        else {
            panic!("not applied")
        };
        let mut account = Account::default();
        for write in change.writes {
            if let shared::account::Record::Customer(kept) = write.record {
                account.customer = Some(kept);
            }
        }
        account
    }

    #[test]
    fn an_answer_is_used_again_only_while_nobody_else_has_written_the_record() {
        let (first, second) = (told("evt_1", "Ada", 100), told("evt_2", "Ada L.", 100));
        let reading = Reading {
            subject: second.subject.clone(),
            charge: None,
            at: Timestamp::from_s(101),
            attempt: 1,
        };
        let before = after(&first);
        let mut readings = Readings::default();
        readings.note(&first, &before, &reading);
        let again = |readings: &Readings, account: &Account| {
            readings.again(&Question::Object, &second, account, 3)
        };
        let used = again(&readings, &before).unwrap();
        assert_eq!((&used.subject, used.attempt), (&reading.subject, 3));
        // Somebody else wrote news that came after the answer.
        let newer = after(&told("evt_3", "Countess", 200));
        assert_eq!(again(&readings, &newer), None);

        readings.written(&first, &reading);
        assert_eq!(again(&readings, &before), None);
        let mut written = before;
        let by = Source::Read(first.id.clone(), 1);
        written.customer.as_mut().unwrap().version = Version { at: reading.at, by };
        assert!(again(&readings, &written).is_some());
    }

    #[test]
    fn what_is_to_be_done_at_stripe_is_done_each_time() {
        let event = told("evt_1", "Ada", 100);
        let reading = Reading {
            subject: event.subject.clone(),
            charge: None,
            at: Timestamp::from_s(101),
            attempt: 1,
        };
        let mut readings = Readings::default();
        readings.note(&event, &Account::default(), &reading);
        let schedule = Question::FoundingSchedule("sub_1".parse().unwrap());
        let again = readings.again(&schedule, &event, &Account::default(), 1);
        assert_eq!(again, None);
    }
}
