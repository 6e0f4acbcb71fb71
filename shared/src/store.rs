//! Door: DynamoDB. One file a kind of record; every key shape in [`keys`]; what is written together goes through
//! [`transaction`].
//!
//! Reads that decide are consistent reads of the base table. An index is asked only for candidates, each of which is
//! then decided on by a condition.

pub mod account;
pub mod actions;
pub mod alerts;
pub mod attempts;
pub mod audit;
pub mod checkouts;
pub mod claims;
pub mod credentials;
pub mod customers;
pub mod deliveries;
pub mod events;
pub mod health;
pub mod history;
pub mod keys;
pub mod notes;
pub mod outbox;
pub mod pages;
pub mod plan_changes;
pub mod policy;
pub mod reports;
pub mod sessions;
pub mod sync_health;
pub mod transaction;
pub mod users;
mod whole;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::aws::{Aws, failed};
use crate::chance::Chance;
use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::time::Timestamp;
use futures::future::try_join_all;
use keys::{Key, Table, due_shards};
use transaction::Item;

/// The tables of one installation.
#[derive(Debug, Clone)]
pub struct Store {
    dynamo: Client,
    table_prefix: String,
    chance: Chance,
    sleep: SharedAsyncSleep,
}

/// Times a read that was answered in part is continued. DynamoDB answers in part when a table is busy.
const BATCH_ROUNDS_MAX: u32 = 4;

/// Items taken from one partition of an index of things to do, at one time.
const DUE_PAGE_MAX: i32 = 100;

impl Store {
    /// The store of the installation that the environment names.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            dynamo: Aws::of(env, platform)?.dynamodb(),
            table_prefix: env.required("TABLE_PREFIX")?,
            chance: platform.chance.clone(),
            sleep: platform.sleep.clone(),
        })
    }

    /// A table's full name.
    fn table_name(&self, table: Table) -> String {
        format!("{}{}", self.table_prefix, table.name())
    }

    /// Reads single items, consistently, in one call; those that are not there are left out.
    async fn read(&self, wanted: &[Key]) -> Result<HashMap<Key, Item>, Error> {
        let mut by_table: HashMap<String, KeysAndAttributes> = HashMap::new();
        for key in wanted {
            let keys = by_table
                .remove(&self.table_name(key.table))
                .map_or_else(KeysAndAttributes::builder, |keys| {
                    KeysAndAttributes::builder().set_keys(Some(keys.keys))
                })
                .keys(key.as_item())
                .consistent_read(true)
                .build()
                .map_err(Error::internal)?;
            by_table.insert(self.table_name(key.table), keys);
        }
        let mut found = HashMap::new();
        for _ in 0..BATCH_ROUNDS_MAX {
            if by_table.is_empty() {
                return Ok(found);
            }
            let answer = self
                .dynamo
                .batch_get_item()
                .set_request_items(Some(by_table))
                .send()
                .await
                .map_err(|error| failed("read", &error))?;
            for (table_name, items) in answer.responses.unwrap_or_default() {
                for item in items {
                    let asked = wanted
                        .iter()
                        .find(|key| key.is_of(&item) && self.table_name(key.table) == table_name);
                    if let Some(key) = asked {
                        found.insert(key.clone(), item);
                    }
                }
            }
            by_table = answer.unprocessed_keys.unwrap_or_default();
        }
        Err(Error::unavailable(
            "the tables are busy: a read was answered in part again and again",
        ))
    }

    /// Reads one item, consistently.
    async fn read_one<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, Error> {
        let found = self.read(std::slice::from_ref(&key)).await?;
        found.into_values().next().map(from_item).transpose()
    }

    /// The keys of what is due by an index, oldest first in each partition. Candidates only: the index lags behind.
    async fn due(
        &self,
        table: Table,
        index: &str,
        shard_attribute: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, Error> {
        let due = |query: QueryFluentBuilder| {
            query
                .key_condition_expression(format!("{shard_attribute} = :shard AND due_at <= :now"))
                .expression_attribute_values(":now", text(now))
                .limit(DUE_PAGE_MAX)
        };
        self.to_do(table, index, due).await
    }

    /// The keys of what an index of things to do gives for one query of each partition, `:shard`.
    async fn to_do(
        &self,
        table: Table,
        index: &str,
        which: impl Fn(QueryFluentBuilder) -> QueryFluentBuilder,
    ) -> Result<Vec<String>, Error> {
        let queries = due_shards().map(|shard| {
            let query = self
                .dynamo
                .query()
                .table_name(self.table_name(table))
                .index_name(index)
                .expression_attribute_values(":shard", text(shard));
            which(query).send()
        });
        let answers = try_join_all(queries)
            .await
            .map_err(|error| failed("query what is due", &error))?;
        Ok(answers
            .iter()
            .flat_map(|answer| answer.items())
            .filter_map(|item| item.get("pk")?.as_s().ok().cloned())
            .collect())
    }
}

impl Key {
    fn as_item(&self) -> Item {
        let mut item = Item::new();
        self.write_to(&mut item);
        item
    }

    fn write_to(&self, item: &mut Item) {
        item.insert("pk".to_owned(), text(&self.pk));
        if let Some(sk) = &self.sk {
            item.insert("sk".to_owned(), text(sk));
        }
    }

    fn is_of(&self, item: &Item) -> bool {
        let has = |name: &str, value: &str| {
            item.get(name)
                .and_then(|value| value.as_s().ok())
                .map(String::as_str)
                == Some(value)
        };
        has("pk", &self.pk) && self.sk.as_deref().is_none_or(|sk| has("sk", sk))
    }
}

/// A string attribute.
fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A record as an item, without its key.
fn to_item(record: &impl Serialize) -> Result<Item, Error> {
    serde_dynamo::to_item(record)
        .map_err(|error| Error::internal(error).while_doing("write a record as an item"))
}

/// An item as the record it should hold.
fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|error| {
        Error::internal(error).while_doing(format_args!(
            "read an item as a {}",
            std::any::type_name::<T>()
        ))
    })
}

/// Takes a refused condition for an answer: what was to be changed has moved on by itself.
fn unless_refused<T, R>(
    sent: Result<T, SdkError<UpdateItemError, R>>,
    doing: &'static str,
) -> Result<(), Error> {
    match sent {
        Ok(_) => Ok(()),
        Err(error) if is_refused(&error) => Ok(()),
        Err(error) => Err(failed(doing, &error)),
    }
}

/// Whether an update's condition did not hold.
fn is_refused<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    error
        .as_service_error()
        .is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}
