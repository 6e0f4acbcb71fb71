//! Door: actions of administrators, and what is set aside for them: room on a charge, room in a day's budget, the mark that a
//! customer got an amount. Each is taken in the transaction that begins the action, under a condition, and given back in the
//! one that ends it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::keys::{Key, Table, due_shard};
use super::pages::{Asked, Listing, Page};
use super::transaction::{Condition, Part, Transaction, UpdateExpression};
use super::{Store, from_item, number, text, to_item};
use crate::action::{Action, LEFT_LYING_S, State};
use crate::error::Error;
use crate::id::{ActionId, AdminId, ChargeId, CustomerId};
use crate::money::{Cents, Money};
use crate::time::Timestamp;

/// Seconds within which the same amount to the same customer is a duplicate.
const DUPLICATE_S: i64 = 24 * 60 * 60;

impl Store {
    /// An action; none where there is no such.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn action(&self, id: &ActionId) -> Result<Option<Action>, Error> {
        self.read_one(Key::action(id)).await
    }

    /// The open actions that nobody may be at work on any more. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn actions_due(&self, now: Timestamp) -> Result<Vec<ActionId>, Error> {
        let due = self
            .due(Table::AdminActions, "open", "open_shard", now)
            .await?;
        Ok(due
            .into_iter()
            .filter_map(|id| ActionId::parse(id).ok())
            .collect())
    }

    /// A page of what waits for approval, the oldest first. From an index.
    ///
    /// # Errors
    /// `Invalid` where the cursor is none; `Unavailable`; `Internal` where a row cannot be read.
    pub async fn actions_waiting(&self, asked: &Asked) -> Result<Page<Action>, Error> {
        let listing = Listing {
            table: Some(Table::AdminActions),
            index: Some("waiting"),
            hash: "waiting",
            value: WAITING.to_owned(),
            sort: "created_at",
            ..Listing::default()
        };
        self.page(listing, asked).await
    }

    /// What an administrator has given on a day, in cents of the currency of the limits.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn given_on(&self, admin: &AdminId, day: &str) -> Result<Cents, Error> {
        let given: Option<Given> = self.read_one(Key::given(admin, day)).await?;
        Ok(given.map_or(Cents::ZERO, |given| given.given_cents))
    }

    /// Whether a customer got the same amount within a day.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn is_duplicate(
        &self,
        customer: &CustomerId,
        amount: Money,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mark: Option<Mark> = self.read_one(Key::refunded(customer, amount)).await?;
        Ok(mark.is_some_and(|mark| now.since_s(mark.last_at) < DUPLICATE_S))
    }

    /// What is set aside on charges, at most a hundred, for refunds under way; nothing where one is left out.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn reserved_on_each(
        &self,
        charges: &[ChargeId],
    ) -> Result<HashMap<ChargeId, Cents>, Error> {
        if charges.is_empty() {
            return Ok(HashMap::new());
        }
        let keys: Vec<Key> = charges.iter().map(Key::reserved).collect();
        let mut found = self.read(&keys).await?;
        charges
            .iter()
            .zip(&keys)
            .filter_map(|(charge, key)| Some((charge, found.remove(key)?)))
            .map(|(charge, item)| {
                let reserved: Reserved = from_item(item)?;
                Ok((charge.clone(), reserved.reserved_cents))
            })
            .collect()
    }

    /// What is set aside on a charge for refunds under way.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn reserved_on(&self, charge: &ChargeId) -> Result<Cents, Error> {
        let reserved: Option<Reserved> = self.read_one(Key::reserved(charge)).await?;
        Ok(reserved.map_or(Cents::ZERO, |reserved| reserved.reserved_cents))
    }
}

#[derive(Deserialize)]
struct Given {
    given_cents: Cents,
}

#[derive(Deserialize)]
struct Mark {
    last_at: Timestamp,
}

#[derive(Deserialize)]
struct Reserved {
    reserved_cents: Cents,
}

/// The one partition of what waits for approval.
const WAITING: &str = "approval";

/// The one partition of all actions by time: people make them, so that one takes all their writes.
pub(super) const LISTED: &str = "actions";

impl Transaction {
    /// Writes an action over the version that was read: the record's own, of which it makes the next. One that was never
    /// written has version 0.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn action(&mut self, store: &Store, action: &Action, now: Timestamp) -> Result<(), Error> {
        let mut item = to_item(&action.written())?;
        item.insert("listed".to_owned(), text(LISTED));
        match action.state {
            State::AwaitingApproval => {
                item.insert("waiting".to_owned(), text(WAITING));
                // Until somebody decides, or it expires.
                item.insert("open_shard".to_owned(), text(due_shard(action.id.as_str())));
                item.insert("due_at".to_owned(), text(action.expires_at()));
            }
            State::Executing | State::Unknown => {
                item.insert("open_shard".to_owned(), text(due_shard(action.id.as_str())));
                item.insert("due_at".to_owned(), text(now.plus_s(LEFT_LYING_S)));
            }
            _ => {}
        }
        let condition = match action.version {
            0 => Condition::absent(),
            version => Condition::equals("version", AttributeValue::N(version.to_string())),
        };
        self.put(
            store,
            Part::Action,
            &Key::action(&action.id),
            item,
            Some(condition),
        );
        Ok(())
    }

    /// Sets an amount aside on a charge, if not more than `left` is then set aside: what Stripe says can still be refunded.
    pub fn reserve(&mut self, store: &Store, charge: &ChargeId, amount: Cents, left: Cents) {
        let room = Cents(left.0.saturating_sub(amount.0));
        let condition = if room.0 < 0 {
            // Nothing fits: refused by a condition that never holds, so that there is one way to be refused.
            "attribute_exists(pk) AND attribute_not_exists(pk)"
        } else {
            "attribute_not_exists(reserved_cents) OR reserved_cents <= :room"
        };
        let mut values = vec![(":amount", number(amount.0))];
        if room.0 >= 0 {
            values.push((":room", number(room.0)));
        }
        let update = UpdateExpression {
            expression: "ADD reserved_cents :amount".to_owned(),
            condition: Some(condition.to_owned()),
            values,
        };
        self.update(store, Part::Reservation, &Key::reserved(charge), update);
    }

    /// Gives back what was set aside on a charge.
    pub fn release(&mut self, store: &Store, charge: &ChargeId, amount: Cents) {
        let update = UpdateExpression {
            expression: "ADD reserved_cents :amount".to_owned(),
            condition: None,
            values: vec![(":amount", number(-amount.0))],
        };
        self.update(store, Part::Effect, &Key::reserved(charge), update);
    }

    /// Takes an amount from an administrator's budget of a day, if it was `given` until then.
    pub fn count_given(
        &mut self,
        store: &Store,
        admin: &AdminId,
        day: &str,
        amount: Cents,
        given: Cents,
    ) {
        let condition = if given == Cents::ZERO {
            "attribute_not_exists(given_cents) OR given_cents = :given"
        } else {
            "given_cents = :given"
        };
        let update = UpdateExpression {
            expression: "ADD given_cents :amount".to_owned(),
            condition: Some(condition.to_owned()),
            values: vec![(":amount", number(amount.0)), (":given", number(given.0))],
        };
        self.update(store, Part::Budget, &Key::given(admin, day), update);
    }

    /// Puts an amount back into a budget: it was not given after all.
    pub fn uncount_given(&mut self, store: &Store, admin: &AdminId, day: &str, amount: Cents) {
        let update = UpdateExpression {
            expression: "ADD given_cents :amount".to_owned(),
            condition: None,
            values: vec![(":amount", number(-amount.0))],
        };
        self.update(store, Part::Effect, &Key::given(admin, day), update);
    }

    /// Marks that a customer gets an amount; unless somebody has looked at it twice, only if they did not get the same
    /// within a day.
    pub fn mark_refunded(
        &mut self,
        store: &Store,
        action: &Action,
        amount: Money,
        is_approved: bool,
        now: Timestamp,
    ) {
        let mut values = vec![(":now", text(now)), (":by", text(&action.id))];
        let condition = (!is_approved).then(|| {
            values.push((":day_ago", text(now.plus_s(-DUPLICATE_S))));
            "attribute_not_exists(pk) OR last_at <= :day_ago".to_owned()
        });
        let update = UpdateExpression {
            expression: "SET last_at = :now, marked_by = :by".to_owned(),
            condition,
            values,
        };
        self.update(
            store,
            Part::Duplicate,
            &Key::refunded(&action.customer, amount),
            update,
        );
    }

    /// Takes the mark away again: the customer did not get the amount.
    pub fn unmark_refunded(&mut self, store: &Store, action: &Action, amount: Money) {
        let update = UpdateExpression {
            expression: "SET last_at = :never".to_owned(),
            condition: None,
            values: vec![(":never", text(Timestamp::from_s(0)))],
        };
        self.update(
            store,
            Part::Effect,
            &Key::refunded(&action.customer, amount),
            update,
        );
    }
}
