//! Door: the figures of each day, and the events they are counted from.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;
use serde::Deserialize;

use super::keys::{FIGURES, Key, LISTED, Table, counted_partitions};
use super::pages::{Asked, Listing};
use super::transaction::{Condition, Part, Refusal, Transaction};
use super::whole::read_whole;
use super::{Store, from_item, text, to_item};
use crate::aws::failed;
use crate::error::Error;
use crate::figures::{DayFigures, Figure};
use crate::time::Timestamp;

/// Pages of one partition of counted events; each has up to a megabyte, which is some thousands.
const PAGES_MAX: u32 = 100;

/// An event, as far as it counts.
#[derive(Deserialize)]
struct Counts {
    figure: Figure,
}

/// A customer, as far as it says how far back there is something to count.
#[derive(Deserialize)]
struct Made {
    created_at: Timestamp,
}

impl Store {
    /// What the events count as that took effect on a day. Three calls at once, and more where there are many.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn figures_on(&self, day: &str) -> Result<Vec<Figure>, Error> {
        let partitions = counted_partitions(day);
        let reads = partitions.map(|partition| self.figures_in(partition));
        Ok(try_join_all(reads).await?.concat())
    }

    async fn figures_in(&self, partition: String) -> Result<Vec<Figure>, Error> {
        let query = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::BillingEvents))
            .index_name("by_counted_on")
            .key_condition_expression("counted_on = :partition")
            .expression_attribute_values(":partition", text(&partition));
        let doing = "query what counts on a day";
        let found = read_whole(query, PAGES_MAX, usize::MAX, doing).await?;
        if !found.is_whole {
            return Err(Error::internal(format!(
                "{partition} has more events that count than are read"
            )));
        }
        let counts = found.items.into_iter().map(from_item::<Counts>);
        counts
            .map(|counts| counts.map(|counts| counts.figure))
            .collect()
    }

    /// The figures of the days from `from` to `to`, both among them, the earliest first. One call for 400 days.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn reports_between(&self, from: &str, to: &str) -> Result<Vec<DayFigures>, Error> {
        let sent = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::Reports))
            .key_condition_expression("pk = :figures AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":figures", text(FIGURES))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .send()
            .await
            .map_err(|error| failed("query the figures", &error))?;
        let items = sent.items.unwrap_or_default();
        items.into_iter().map(from_item).collect()
    }

    /// The latest day that is closed; consistent.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn latest_closed_day(&self) -> Result<Option<DayFigures>, Error> {
        // The latest day may be under way; the one before it is closed.
        let sent = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::Reports))
            .key_condition_expression("pk = :figures")
            .expression_attribute_values(":figures", text(FIGURES))
            .scan_index_forward(false)
            .limit(2)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed("query the latest figures", &error))?;
        let items = sent.items.unwrap_or_default();
        let days = items.into_iter().map(from_item::<DayFigures>);
        let days: Vec<DayFigures> = days.collect::<Result<_, _>>()?;
        Ok(days.into_iter().find(|day| day.closed))
    }

    /// When the first customer was made; none where there is none.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn first_customer_at(&self) -> Result<Option<Timestamp>, Error> {
        let listing = Listing {
            table: Some(Table::Users),
            index: Some("by_created"),
            hash: "listed",
            value: LISTED.to_owned(),
            sort: "created_at",
            ..Listing::default()
        };
        let first = Asked {
            limit: 1,
            cursor: None,
        };
        let page = self.page::<Made>(listing, &first).await?;
        Ok(page.rows.first().map(|it| it.created_at))
    }

    /// Keeps the figures of a day, unless the day is closed or was counted further: then `false`.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where they cannot be written as an item.
    pub async fn keep_figures(&self, figures: &DayFigures) -> Result<bool, Error> {
        let mut transaction = Transaction::default();
        let key = Key::figures(&figures.day);
        let condition = Condition {
            expression: "attribute_not_exists(pk) OR (closed = :open AND counted_until <= :until)"
                .to_owned(),
            values: vec![
                (":open", AttributeValue::Bool(false)),
                (":until", text(figures.counted_until)),
            ],
        };
        transaction.put(self, Part::Record, &key, to_item(figures)?, Some(condition));
        match self.commit(transaction).await {
            Ok(()) => Ok(true),
            Err(Refusal::Conditions(_)) => Ok(false),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}
