//! Door: lists that are read whole, as long as they are not endless. What people look through is read a page at a time, by
//! [`pages`](super::pages).

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

use super::transaction::Item;
use crate::aws::failed;
use crate::error::Error;

/// What a query found.
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    /// Whether that is everything.
    pub(super) is_whole: bool,
}

/// Reads on from page to page, each up to a megabyte: until the end, for `pages_max` pages at most, or until there are more
/// items than `enough`.
pub(super) async fn read_whole(
    query: QueryFluentBuilder,
    pages_max: u32,
    enough: usize,
    doing: &'static str,
) -> Result<Found, Error> {
    let mut pages = query.into_paginator().send();
    let mut items = Vec::new();
    for _ in 0..pages_max {
        let Some(page) = pages.next().await else {
            break;
        };
        let page = page.map_err(|error| failed(doing, &error))?;
        items.extend(page.items.unwrap_or_default());
        if page.last_evaluated_key.is_none() {
            return Ok(Found {
                items,
                is_whole: true,
            });
        }
        if items.len() > enough {
            break;
        }
    }
    Ok(Found {
        items,
        is_whole: false,
    })
}
