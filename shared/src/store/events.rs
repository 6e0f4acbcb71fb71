//! Door: Stripe's events. Each is on record once, with what became of it; what it changed was written with it.

mod lease;
mod lookup;
mod payload;
mod replay;
mod row;

pub use lease::{Lease, Leased};
pub use replay::{KeptEvent, Span};
pub use row::{EventOutcome, EventRow, Moved};

use super::account::{key_touched, summary_touched};
use super::deliveries::Delivery;
use super::keys::{Key, LISTED, Table, counted_on, due_shard};
use super::transaction::{Condition, Item, Part, Refusal, Transaction};
use super::{Store, from_item, text, to_item};
use crate::account::{Account, Change};
use crate::alert::Alert;
use crate::error::Error;
use crate::event::Event;
use crate::figures::Figure;
use crate::outbox::TOLD_WITHIN_S;
use crate::time::Timestamp;

/// Seconds after which the sweep takes up a pending event that nobody has taken from the queue. Longer than a message
/// takes, so that the sweep works only where a message was lost; behind a long queue it sends a second one, which finds the
/// event settled.
const UNHELD_AFTER_S: i64 = 60;

/// What was on record when an event came in.
#[derive(Debug, Default)]
pub struct Known {
    /// The event itself, where it came before.
    pub row: Option<EventRow>,
    /// The one record it can change, where there is one, and the row by which its customer is listed.
    pub account: Account,
}

/// What an event comes to.
#[derive(Debug)]
pub enum Settlement<'a> {
    /// It takes effect.
    Applied(&'a Change),
    /// What is on record is newer.
    Stale,
    /// It changes nothing.
    Ignored,
    /// It is not for this installation; said why, for the alert.
    Refused(&'a str),
}

/// By what right an event is settled.
#[derive(Debug)]
pub enum Right<'a> {
    /// It is new: it was just delivered.
    New(&'a Delivery),
    /// We hold it.
    Held(&'a Leased),
}

/// Why an event was not settled.
#[derive(Debug)]
pub enum Unsettled {
    /// Somebody else has it, or had it: nothing is left to do here.
    NotOurs,
    /// A record it changes was changed meanwhile: read and decide again.
    Overtaken,
    /// DynamoDB did not do it.
    Failed(Error),
}

impl Store {
    /// What is on record about an event and what it can change. One call.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn known(&self, event: &Event) -> Result<Known, Error> {
        let event_key = Key::event(&event.id);
        let record_key = key_touched(&event.subject, event.customer());
        let wanted: Vec<Key> = std::iter::once(event_key.clone())
            .chain(record_key)
            .chain(summary_touched(&event.subject))
            .collect();
        let mut known = Known::default();
        for (key, item) in self.read(&wanted).await? {
            if key == event_key {
                known.row = Some(from_item(item)?);
            } else {
                known.account.take_in(&key, item)?;
            }
        }
        Ok(known)
    }

    /// Records what became of an event, together with everything it changes: all of it, or nothing.
    ///
    /// # Errors
    /// [`Unsettled`]; then nothing was written.
    pub async fn settle(
        &self,
        event: &Event,
        settlement: Settlement<'_>,
        right: Right<'_>,
        now: Timestamp,
    ) -> Result<(), Unsettled> {
        let mut owed_before = Vec::new();
        loop {
            let transaction = self
                .settling(event, &settlement, &right, &owed_before, now)
                .map_err(Unsettled::Failed)?;
            match self.commit(transaction).await {
                Ok(()) => return Ok(()),
                Err(Refusal::Failed(error)) => return Err(Unsettled::Failed(error)),
                // Another event of the same cause has owed a mail already: all the rest is still to be written. Ends,
                // because each round leaves out at least one mail more.
                Err(Refusal::Conditions(parts))
                    if parts.iter().all(|(part, _)| *part == Part::Mail) =>
                {
                    let refused = parts.into_iter().filter_map(|(_, item)| item);
                    let before = owed_before.len();
                    owed_before
                        .extend(refused.filter_map(|item| item.get("pk")?.as_s().ok().cloned()));
                    if owed_before.len() == before {
                        return Err(Unsettled::Overtaken);
                    }
                }
                Err(Refusal::Conditions(parts)) => return unsettled(parts, &right),
            }
        }
    }

    fn settling(
        &self,
        event: &Event,
        settlement: &Settlement<'_>,
        right: &Right<'_>,
        owed_before: &[String],
        now: Timestamp,
    ) -> Result<Transaction, Error> {
        let mut transaction = Transaction::default();
        match right {
            Right::New(delivery) => {
                let row = EventRow::settled(event, settlement, delivery, now);
                let mut item = as_listed(&row)?;
                if row.figure.is_some() {
                    let counted_on = counted_on(&now.day(), event.id.as_ref());
                    item.insert("counted_on".to_owned(), text(counted_on));
                }
                let key = Key::event(&event.id);
                transaction.put(self, Part::Event, &key, item, Some(Condition::absent()));
                transaction.delivery(self, delivery)?;
            }
            Right::Held(leased) => {
                let outcome = EventOutcome::from(settlement);
                let mut update = leased.settling(outcome, None, now);
                update.came_of_it(&leased.id, settlement, now)?;
                transaction.update(self, Part::Event, &Key::event(&leased.id), update);
            }
        }
        if let Settlement::Applied(change) = settlement {
            self.changing(&mut transaction, change, now)?;
            if now.since_s(event.created) <= TOLD_WITHIN_S {
                let mails = change.mails.iter();
                for mail in mails.filter(|mail| !owed_before.contains(&mail.id)) {
                    transaction.mail(self, mail, now)?;
                }
            }
        }
        if let Some(alert) = settlement.alert(event) {
            transaction.alert(self, &alert, now);
        }
        Ok(transaction)
    }

    fn changing(
        &self,
        transaction: &mut Transaction,
        change: &Change,
        now: Timestamp,
    ) -> Result<(), Error> {
        for write in &change.writes {
            transaction.record(self, write)?;
            if let (Some(totals), Some(customer)) = (&change.totals, write.record.customer()) {
                transaction.totals(self, customer, totals);
            }
        }
        if let Some(summary) = &change.summary {
            transaction.summary(self, summary)?;
            if change.renamed {
                transaction.words(self, summary);
            }
        }
        if let Some(plan_change) = &change.plan_change {
            transaction.plan_change(self, plan_change)?;
        }
        for alert in &change.alerts {
            transaction.alert(self, alert, now);
        }
        Ok(())
    }

    /// Records that a leased event can never be applied, with an alert.
    ///
    /// # Errors
    /// `Unavailable`; it is then tried again and found out again.
    pub async fn quarantine(
        &self,
        leased: &Leased,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let alert = Alert::quarantined_event(&leased.id, reason);
        self.give_up(leased, EventOutcome::Quarantined, reason, &alert, now)
            .await
    }

    /// Records that a leased event was tried until the last attempt, with an alert.
    ///
    /// # Errors
    /// `Unavailable`; the event then stays pending, and the sweep takes it up.
    pub async fn bury(&self, leased: &Leased, reason: &str, now: Timestamp) -> Result<(), Error> {
        let alert = Alert::dead_event(&leased.id, reason);
        self.give_up(leased, EventOutcome::Dead, reason, &alert, now)
            .await
    }

    async fn give_up(
        &self,
        leased: &Leased,
        outcome: EventOutcome,
        reason: &str,
        alert: &Alert,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        let update = leased.settling(outcome, Some(reason), now);
        transaction.update(self, Part::Event, &Key::event(&leased.id), update);
        transaction.alert(self, alert, now);
        match self.commit(transaction).await {
            // Where the condition does not hold, somebody else has settled it meanwhile.
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// Keeps an event that cannot be settled now, with its body, to be settled later. From here on it is not lost:
    /// the queue brings it up, and behind the queue the sweep.
    ///
    /// # Errors
    /// [`Unsettled::NotOurs`] where it is on record already, else [`Unsettled::Failed`].
    pub async fn keep_pending(
        &self,
        event: &Event,
        body: &[u8],
        delivery: &Delivery,
        now: Timestamp,
    ) -> Result<(), Unsettled> {
        let keep = || -> Result<Transaction, Error> {
            let mut item = to_item(&EventRow::pending(event, delivery))?;
            item.insert(
                "pending_shard".to_owned(),
                text(due_shard(event.id.as_ref())),
            );
            item.insert("due_at".to_owned(), text(now.plus_s(UNHELD_AFTER_S)));
            payload::put_into(&mut item, body)?;
            let mut transaction = Transaction::default();
            let key = Key::event(&event.id);
            transaction.put(self, Part::Event, &key, item, Some(Condition::absent()));
            transaction.delivery(self, delivery)?;
            Ok(transaction)
        };
        match self.commit(keep().map_err(Unsettled::Failed)?).await {
            Ok(()) => Ok(()),
            Err(Refusal::Failed(error)) => Err(Unsettled::Failed(error)),
            Err(Refusal::Conditions(parts)) => unsettled(parts, &Right::New(delivery)),
        }
    }

    /// Keeps a signed body that is no event that can be applied, under the id the delivery gives: it is never tried
    /// again, and an alert says so. Kept before is kept.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_unreadable(
        &self,
        body: &[u8],
        alert: &Alert,
        delivery: &Delivery,
    ) -> Result<(), Error> {
        let mut item = as_listed(&EventRow::unreadable(delivery))?;
        payload::put_into(&mut item, body)?;
        let mut transaction = Transaction::default();
        let key = Key::of(Table::BillingEvents, &delivery.event_id);
        transaction.put(self, Part::Event, &key, item, Some(Condition::absent()));
        transaction.delivery(self, delivery)?;
        transaction.alert(self, alert, delivery.received_at);
        match self.commit(transaction).await {
            Ok(()) => Ok(()),
            Err(Refusal::Conditions(_)) => self.note_delivery(delivery).await,
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// Notes that an event that is on record was delivered again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn note_delivery(&self, delivery: &Delivery) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.delivery(self, delivery)?;
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}

/// Reads refused conditions. A lost answer can make our own write look like somebody else's, so the row says whose it
/// is: the delivery that recorded it, or the lease under which it was settled.
fn unsettled(parts: Vec<(Part, Option<Item>)>, right: &Right<'_>) -> Result<(), Unsettled> {
    let Some((_, item)) = parts.into_iter().find(|(part, _)| *part == Part::Event) else {
        return Err(Unsettled::Overtaken);
    };
    let Some(row) = item.and_then(|item| from_item::<EventRow>(item).ok()) else {
        return Err(Unsettled::NotOurs);
    };
    let is_ours = match right {
        Right::New(delivery) => row.recorded_by == delivery.id,
        Right::Held(leased) => {
            row.attempts == leased.row.attempts && row.outcome != EventOutcome::Pending
        }
    };
    if is_ours {
        Ok(())
    } else {
        Err(Unsettled::NotOurs)
    }
}

/// The row as an item, in the list of those given up where it is one.
fn as_listed(row: &EventRow) -> Result<Item, Error> {
    let mut item = to_item(row)?;
    if row.outcome.is_given_up() {
        item.insert("given_up".to_owned(), text(LISTED));
    }
    Ok(item)
}

impl Settlement<'_> {
    /// The change of plan that it brings.
    pub(super) fn moved(&self) -> Option<Moved> {
        let Self::Applied(change) = self else {
            return None;
        };
        change.plan_change.as_ref().map(|change| Moved {
            from: change.from,
            to: change.to,
        })
    }

    /// What it counts as in the reports.
    pub(super) fn figure(&self) -> Option<Figure> {
        match self {
            Self::Applied(change) => change.figure,
            Self::Stale | Self::Ignored | Self::Refused(_) => None,
        }
    }

    fn alert(&self, event: &Event) -> Option<Alert> {
        match self {
            Self::Applied(_) | Self::Stale | Self::Ignored => None,
            Self::Refused(reason) => Some(Alert::refused_event(&event.id, reason)),
        }
    }
}
