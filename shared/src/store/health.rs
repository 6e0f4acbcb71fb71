//! Door: what the watch measures with and keeps: what waits, what came in, the nightly runs, its tally and its last report.
//!
//! Nothing here scans: what waits is asked of the indexes that hold only what waits, and deliveries by their day.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;

use super::keys::{Key, SHARDS, Table, due_shards};
use super::transaction::{Condition, Item, Part, Refusal, Transaction};
use super::whole::read_whole;
use super::{Store, from_item, text, to_item};
use crate::aws::failed;
use crate::error::Error;
use crate::health::{Report, Syncs, Waiting};
use crate::sync_run::Run;
use crate::tally::{Counted, Tally};
use crate::time::{DAY_S, Timestamp};

/// Days back in which a nightly run is looked for. One that is older is overdue however long it is ago.
const RUN_DAYS: i64 = 3;

/// Items of one partition of an index that are counted. More than these are not told apart from as many.
const WAITING_MAX: i32 = 1_000;

/// Days of deliveries that are counted at once, where the watch did not run for long. What is older is not counted any more.
const COUNTED_DAYS_MAX: i64 = 3;

/// Pages of one partition of deliveries; each has up to a megabyte, which is some thousands.
const PAGES_MAX: u32 = 50;

impl Store {
    /// The events that are kept and not applied.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn events_waiting(&self) -> Result<Waiting, Error> {
        let since = ["revived_at", "received_at"];
        self.waiting(Table::BillingEvents, "pending", "pending_shard", &since)
            .await
    }

    /// The mails owed.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn mails_waiting(&self) -> Result<Waiting, Error> {
        self.waiting(Table::Emails, "owed", "owed_shard", &["created_at"])
            .await
    }

    /// What an index of things to do holds. `since` names the attributes that say since when a thing waits; the first that
    /// is there counts.
    async fn waiting(
        &self,
        table: Table,
        index: &str,
        shard_attribute: &str,
        since: &[&str],
    ) -> Result<Waiting, Error> {
        let queries = due_shards().map(|shard| {
            self.dynamo
                .query()
                .table_name(self.table_name(table))
                .index_name(index)
                .key_condition_expression(format!("{shard_attribute} = :shard"))
                .expression_attribute_values(":shard", text(shard))
                .limit(WAITING_MAX)
                .send()
        });
        let answers = try_join_all(queries)
            .await
            .map_err(|error| failed("query what waits", &error))?;
        let items: Vec<&Item> = answers.iter().flat_map(|it| it.items()).collect();
        let waits_since = |item: &Item| -> Option<Timestamp> {
            let mut named = since.iter().filter_map(|name| item.get(*name));
            named.next()?.as_s().ok()?.parse().ok()
        };
        Ok(Waiting {
            count: items.len() as u64,
            oldest_at: items.iter().filter_map(|item| waits_since(item)).min(),
        })
    }

    /// The deliveries from `from` up to `until`, `until` not among them.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn deliveries_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Counted>, Error> {
        let from = from.max(until.plus_s(-COUNTED_DAYS_MAX * DAY_S));
        let mut days = Vec::new();
        let mut day_at = from;
        while day_at.day() < until.day() {
            days.push(day_at.day());
            day_at = day_at.plus_s(DAY_S);
        }
        if until > until.day_start() {
            days.push(until.day());
        }
        let partitions = days
            .iter()
            .flat_map(|day| (0..SHARDS).map(move |shard| format!("{day}#{shard:02}")));
        let reads = partitions.map(|pk| async move { self.deliveries_in(pk, from, until).await });
        let found = try_join_all(reads).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn deliveries_in(
        &self,
        pk: String,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Counted>, Error> {
        let query = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::WebhookDeliveries))
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
            .expression_attribute_values(":pk", text(&pk))
            .expression_attribute_values(":from", text(from))
            // Behind the time stands a `#`, so that what came at this very moment comes after it.
            .expression_attribute_values(":until", text(until));
        let doing = "query the latest deliveries";
        let found = read_whole(query, PAGES_MAX, usize::MAX, doing).await?;
        found.items.into_iter().map(from_item).collect()
    }

    /// The nightly runs of the last days.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn latest_syncs(&self, now: Timestamp) -> Result<Syncs, Error> {
        let days = (0..=RUN_DAYS).map(|ago| now.plus_s(-ago * DAY_S).day());
        let keys: Vec<Key> = days.map(|day| Key::sync(&day, "run")).collect();
        let mut syncs = Syncs::default();
        for item in self.read(&keys).await?.into_values() {
            let run: Run = from_item(item)?;
            match run.finished_at {
                Some(finished_at) if Some(finished_at) > syncs.finished_at => {
                    let counts = &run.progress.counts;
                    syncs.finished_at = Some(finished_at);
                    syncs.found = counts.differing() + counts.events_taken_in;
                }
                Some(_) => {}
                None => {
                    let since = syncs.running_since.unwrap_or(run.started_at);
                    syncs.running_since = Some(since.min(run.started_at));
                }
            }
        }
        Ok(syncs)
    }

    /// What was counted so far.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn tally(&self) -> Result<Option<Tally>, Error> {
        let found = self.read(&[Key::tally()]).await?;
        found.into_values().next().map(from_item).transpose()
    }

    /// Keeps a tally, unless another watch has counted on from where this one did.
    ///
    /// # Errors
    /// `Conflict` where one has, or `Unavailable`.
    pub async fn keep_tally(
        &self,
        tally: &Tally,
        counted_from: Option<Timestamp>,
    ) -> Result<(), Error> {
        // `until` is a reserved word of DynamoDB's.
        let mut item = to_item(tally)?;
        item.insert("counted_until".to_owned(), text(tally.until));
        let condition = match counted_from {
            None => Condition::absent(),
            Some(from) => Condition::equals("counted_until", text(from)),
        };
        let mut transaction = Transaction::default();
        transaction.put(self, Part::Record, &Key::tally(), item, Some(condition));
        match self.commit(transaction).await {
            Ok(()) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => Err(Error::conflict(
                "counted_already",
                "Another watch has counted meanwhile.",
            )),
        }
    }

    /// Keeps the last report.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where it cannot be written.
    pub async fn keep_report(&self, report: &Report) -> Result<(), Error> {
        let mut item = Key::health().as_item();
        let report = serde_json::to_string(report).map_err(Error::internal)?;
        item.insert("report".to_owned(), text(report));
        self.dynamo
            .put_item()
            .table_name(self.table_name(Table::Health))
            .set_item(Some(item))
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("keep a report", &error))
    }

    /// The last report; none where nothing was measured yet. One read of one small item.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where it cannot be read.
    pub async fn last_report(&self) -> Result<Option<Report>, Error> {
        let found = self
            .dynamo
            .get_item()
            .table_name(self.table_name(Table::Health))
            .set_key(Some(Key::health().as_item()))
            .send()
            .await
            .map_err(|error| failed("read the last report", &error))?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        let text = item.get("report").map(AttributeValue::as_s);
        let text = text.and_then(Result::ok).map_or("", String::as_str);
        serde_json::from_str(text)
            .map(Some)
            .map_err(|error| Error::internal(error).while_doing("read the last report"))
    }
}
