//! Door: events to be tried anew: what is kept of one, how a settled one becomes pending again, and which match a filter.

use futures::future::try_join_all;

use super::payload;
use super::row::{EventOutcome, EventRow};
use crate::error::Error;
use crate::id::{CustomerId, EventId};
use crate::store::keys::{Key, SHARDS, Table, due_shard};
use crate::store::transaction::Item;
use crate::store::whole::read_whole;
use crate::store::{Store, from_item, number, text, unless_refused};
use crate::time::Timestamp;

/// Seconds after an event is brought back before the sweep takes it up: its message must have been lost.
const MESSAGE_LATE_S: i64 = 2 * 60;

/// Pages of one index or one partition that are read for a filter; each has up to a megabyte of keys.
const PAGES_MAX: u32 = 100;

/// An event on record, with its body as far as it is still kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptEvent {
    /// What became of it.
    pub row: EventRow,
    /// Its body; none once it is settled, or where it was too large to be kept.
    pub body: Option<Vec<u8>>,
}

/// A stretch of time, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

impl Store {
    /// An event on record; none where it never came in.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn kept_event(&self, id: &EventId) -> Result<Option<KeptEvent>, Error> {
        let found = self.read(&[Key::event(id)]).await?;
        let Some(mut item) = found.into_values().next() else {
            return Ok(None);
        };
        let body = payload::take_from(&mut item)?;
        let row = from_item(item)?;
        Ok(Some(KeptEvent { row, body }))
    }

    /// Brings back an event that was settled when it was seen: it is pending again, with all its attempts before it. How
    /// often, and when last, stays on record. Does nothing where it was settled otherwise meanwhile.
    ///
    /// # Errors
    /// `Unavailable`; it stays as it is then.
    pub async fn revive(&self, id: &EventId, seen: &EventRow, now: Timestamp) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(id).as_item()))
            .update_expression(
                "SET outcome = :pending, pending_shard = :shard, due_at = :due, attempts_before = attempts, \
                 revived_at = :now REMOVE settled_at, reason, given_up ADD revivals :one",
            )
            .condition_expression("outcome = :seen AND attempts = :attempts")
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .expression_attribute_values(":shard", text(due_shard(id.as_ref())))
            .expression_attribute_values(":due", text(now.plus_s(MESSAGE_LATE_S)))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":seen", text(seen.outcome.as_str()))
            .expression_attribute_values(":attempts", number(seen.attempts))
            .send()
            .await;
        unless_refused(sent, "bring an event back")
    }

    /// The events of a customer that Stripe made in `span`, at most `limit` and one more. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn events_of_customer(
        &self,
        customer: &CustomerId,
        span: Span,
        limit: usize,
    ) -> Result<Vec<EventId>, Error> {
        let query = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::BillingEvents))
            .index_name("by_customer")
            .key_condition_expression("customer = :customer AND created BETWEEN :from AND :to")
            .expression_attribute_values(":customer", text(customer))
            .expression_attribute_values(":from", text(span.from))
            .expression_attribute_values(":to", text(span.to));
        let found = read_whole(query, PAGES_MAX, limit, "query a customer's events").await?;
        Ok(ids_in(&found.items, "pk"))
    }

    /// The events that were delivered in `span`, which lies within the day `day`, at most about `limit`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn events_delivered(
        &self,
        day: &str,
        span: Span,
        limit: usize,
    ) -> Result<Vec<EventId>, Error> {
        let shards = (0..SHARDS).map(|shard| async move {
            let query = self
                .dynamo
                .query()
                .table_name(self.table_name(Table::WebhookDeliveries))
                .key_condition_expression("pk = :shard AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":shard", text(format!("{day}#{shard:02}")))
                .expression_attribute_values(":from", text(span.from))
                // Behind the time stands the delivery's id; `~` comes after every letter of one.
                .expression_attribute_values(":to", text(format!("{}~", span.to)))
                .projection_expression("event_id");
            let found = read_whole(query, PAGES_MAX, limit, "query a day's deliveries").await?;
            Ok::<_, Error>(ids_in(&found.items, "event_id"))
        });
        let shards = try_join_all(shards).await?;
        Ok(shards.into_iter().flatten().collect())
    }
}

fn ids_in(items: &[Item], attribute: &str) -> Vec<EventId> {
    let texts = items
        .iter()
        .filter_map(|item| item.get(attribute)?.as_s().ok());
    texts.filter_map(|text| text.parse().ok()).collect()
}
