//! Door: what the nightly sync looks up: which events are on record, and what the record says of many objects at once.

use std::collections::HashMap;

use super::row::EventRow;
use crate::account::Account;
use crate::aws::failed;
use crate::error::Error;
use crate::event::Subject;
use crate::id::{CustomerId, EventId};
use crate::store::account::key_touched;
use crate::store::keys::{Key, Table};
use crate::store::{Store, from_item, text};

/// Events of one customer that are looked at to tell why a record differs: more than one object has in a month.
const LATEST_EVENTS: i32 = 50;

impl Store {
    /// What is on record of these events, at most a hundred; those that are not are left out.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn events_on_record(
        &self,
        ids: impl IntoIterator<Item = &EventId>,
    ) -> Result<HashMap<String, EventRow>, Error> {
        let keys: Vec<Key> = ids.into_iter().map(Key::event).collect();
        let mut rows = HashMap::new();
        if keys.is_empty() {
            return Ok(rows);
        }
        for (key, item) in self.read(&keys).await? {
            rows.insert(key.pk, from_item(item)?);
        }
        Ok(rows)
    }

    /// The latest events of a customer, newest first, a few. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn latest_events_of(&self, customer: &CustomerId) -> Result<Vec<EventRow>, Error> {
        let found = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::BillingEvents))
            .index_name("by_customer")
            .key_condition_expression("customer = :customer")
            .expression_attribute_values(":customer", text(customer))
            .scan_index_forward(false)
            .limit(LATEST_EVENTS)
            .send()
            .await
            .map_err(|error| failed("query a customer's events", &error))?;
        let ids = found.items.unwrap_or_default();
        let ids: Vec<EventId> = ids
            .iter()
            .filter_map(|item| item.get("pk")?.as_s().ok()?.parse().ok())
            .collect();
        let rows = self.events_on_record(&ids).await?;
        Ok(rows.into_values().collect())
    }

    /// What is on record about each of these objects, at most a hundred: for each an account that has nothing else.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn records_of_each<'a>(
        &self,
        subjects: impl IntoIterator<Item = &'a Subject>,
    ) -> Result<Vec<Account>, Error> {
        let subjects = subjects.into_iter();
        let keys: Vec<Option<Key>> = subjects
            .map(|subject| key_touched(subject, subject.customer()))
            .collect();
        let wanted: Vec<Key> = keys.iter().flatten().cloned().collect();
        let mut found = if wanted.is_empty() {
            HashMap::new()
        } else {
            self.read(&wanted).await?
        };
        let mut accounts = Vec::with_capacity(keys.len());
        for key in keys {
            let mut account = Account::default();
            if let Some((key, item)) = key.and_then(|key| found.remove_entry(&key)) {
                account.take_in(&key, item)?;
            }
            accounts.push(account);
        }
        Ok(accounts)
    }

    /// What is on record about these objects, at most a hundred, as if all were one account's.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn records_about<'a>(
        &self,
        subjects: impl IntoIterator<Item = &'a Subject>,
    ) -> Result<Account, Error> {
        let subjects = subjects.into_iter();
        let keys: Vec<Key> = subjects
            .filter_map(|subject| key_touched(subject, subject.customer()))
            .collect();
        let mut account = Account::default();
        if keys.is_empty() {
            return Ok(account);
        }
        for (key, item) in self.read(&keys).await? {
            account.take_in(&key, item)?;
        }
        Ok(account)
    }
}
