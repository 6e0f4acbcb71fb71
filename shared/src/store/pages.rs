//! Door: lists that people look through, a page at a time. What is not decided on is read from the indexes.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

use super::keys::Table;
use super::transaction::{Item, as_map};
use super::{Store, from_item, text};
use crate::aws::failed;
use crate::error::Error;

/// Rounds of a query whose filter lets little through. What they did not reach, the next page begins with.
const ROUNDS_MAX: u32 = 3;

/// Rows that are read at first for each that a filter is to let through: a megabyte is paid for, however few are shown.
const READ_FOR_ONE: i32 = 4;

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The most rows.
    pub limit: u16,
    /// Where the page begins: what the one before said; none for the first.
    pub cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none where this is the last.
    pub next: Option<String>,
}

/// What is looked through.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) table: Option<Table>,
    /// None for the table itself.
    pub(super) index: Option<&'static str>,
    /// The attribute that its key begins with, as `hash = :hash`.
    pub(super) hash: &'static str,
    pub(super) value: String,
    /// The attribute it is sorted by.
    pub(super) sort: &'static str,
    /// What else the key has to be like, by `sort`.
    pub(super) range: Option<&'static str>,
    pub(super) filter: Option<String>,
    pub(super) values: Vec<(&'static str, AttributeValue)>,
    pub(super) newest_first: bool,
}

impl<T> Page<T> {
    /// The same page of something else; what comes to nothing is left out.
    pub fn filter_map<U>(self, made: impl FnMut(T) -> Option<U>) -> Page<U> {
        Page {
            rows: self.rows.into_iter().filter_map(made).collect(),
            next: self.next,
        }
    }
}

/// A row with where it stands, so that a list can be gone on with behind any row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The row.
    pub row: T,
    /// What a page that goes on behind it begins with.
    pub place: String,
}

impl Store {
    /// As [`page`](Self::page), each row with its place.
    pub(super) async fn placed<T: DeserializeOwned>(
        &self,
        listing: Listing,
        asked: &Asked,
    ) -> Result<Page<Placed<T>>, Error> {
        let (hash, sort) = (listing.hash, listing.sort);
        let page = self.page_of_items(listing, asked).await?;
        let rows = page.rows.into_iter().map(|item| {
            Ok(Placed {
                place: cursor_of(&key_of(&item, hash, sort))?,
                row: from_item(item)?,
            })
        });
        Ok(Page {
            rows: rows.collect::<Result<_, Error>>()?,
            next: page.next,
        })
    }

    /// A page of a list, each row as the record it is.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        listing: Listing,
        asked: &Asked,
    ) -> Result<Page<T>, Error> {
        let page = self.page_of_items(listing, asked).await?;
        let rows = page.rows.into_iter().map(from_item);
        Ok(Page {
            rows: rows.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// A page of a list, each row as it is kept.
    pub(super) async fn page_of_items(
        &self,
        listing: Listing,
        asked: &Asked,
    ) -> Result<Page<Item>, Error> {
        let table = listing
            .table
            .ok_or_else(|| Error::internal("a list of nothing"))?;
        let limit = usize::from(asked.limit.max(1));
        let range = listing
            .range
            .map_or_else(String::new, |range| format!(" AND {range}"));
        let condition = format!("{} = :hash{range}", listing.hash);
        let mut values = listing.values.clone();
        values.push((":hash", text(&listing.value)));
        let mut start = asked.cursor.as_deref().map(start_of).transpose()?;
        let mut rows: Vec<Item> = Vec::new();
        // A filter takes away after the limit was counted, so that few rows do not say that it is the end.
        let rounds = if listing.filter.is_some() {
            ROUNDS_MAX
        } else {
            1
        };
        for round in 0..rounds {
            let wanted = i32::try_from(limit - rows.len()).unwrap_or(i32::MAX);
            let read_max = match (&listing.filter, round) {
                (None, _) => Some(wanted),
                // Most filters let many through.
                (Some(_), 0) => Some(wanted.saturating_mul(READ_FOR_ONE)),
                // This one does not: as much as one answer holds. What is over is read again with the next page.
                (Some(_), _) => None,
            };
            let sent = self
                .dynamo
                .query()
                .table_name(self.table_name(table))
                .set_index_name(listing.index.map(str::to_owned))
                .key_condition_expression(&condition)
                .set_filter_expression(listing.filter.clone())
                .set_expression_attribute_values(as_map(values.clone()))
                .scan_index_forward(!listing.newest_first)
                .set_limit(read_max)
                .set_exclusive_start_key(start)
                .send()
                .await;
            let answer = sent.map_err(|error| match &error {
                SdkError::ServiceError(refused)
                    if asked.cursor.is_some()
                        && refused.err().code() == Some("ValidationException") =>
                {
                    invalid_cursor()
                }
                _ => failed("query a list", &error),
            })?;
            start = answer.last_evaluated_key;
            let found = answer.items.unwrap_or_default();
            let room = limit - rows.len();
            if found.len() > room {
                let last = &found[room - 1];
                start = Some(key_of(last, listing.hash, listing.sort));
            }
            rows.extend(found.into_iter().take(room));
            if start.is_none() || rows.len() == limit {
                break;
            }
        }
        Ok(Page {
            rows,
            next: start.as_ref().map(cursor_of).transpose()?,
        })
    }
}

/// The attributes that say where a row stands in an index: its own key and the index's.
fn key_of(item: &Item, hash: &str, sort: &str) -> Item {
    let names = ["pk", "sk", hash, sort];
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())))
        .collect()
}

/// A place in a list as one word. It says where to go on and nothing that is not in the list.
fn cursor_of(start: &Item) -> Result<String, Error> {
    let texts: BTreeMap<&String, &String> = start
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_s().ok()?)))
        .collect();
    let json = serde_json::to_vec(&texts).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

fn start_of(cursor: &str) -> Result<Item, Error> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| invalid_cursor())?;
    let texts: BTreeMap<String, String> =
        serde_json::from_slice(&bytes).map_err(|_| invalid_cursor())?;
    Ok(texts
        .into_iter()
        .map(|(name, value)| (name, AttributeValue::S(value)))
        .collect())
}

/// The cursor is none of ours.
pub fn invalid_cursor() -> Error {
    Error::invalid(
        "invalid_cursor",
        "The parameter `cursor` is what the page before gave as `next`; leave it out for the first page.",
    )
}
