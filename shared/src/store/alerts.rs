//! Door: alerts, one a cause, with what is still to be told of each.
//!
//! A row holds its whole life. Raising it, and its end, make a message owed in the same write; `due_at` says from when on
//! it may be told, so that one cause is told at most once an hour and what happens meanwhile is counted. Whoever tells it
//! takes it first, publishes it, and notes that last: a crash in between tells it twice, never not at all.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::keys::{Key, Table, due_shard, due_shards};
use super::transaction::{Part, Refusal, Transaction, UpdateExpression};
use super::{Store, from_item, is_refused, number, text, unless_refused};
use crate::account::{Dispute, Kept};
use crate::alert::{Alert, Ends, Severity};
use crate::aws::failed;
use crate::error::Error;
use crate::id::DisputeId;
use crate::time::Timestamp;

/// Seconds between two messages about one cause.
const TOLD_EVERY_S: i64 = 60 * 60;

/// Seconds for which an alert that was taken to be told is left to whoever took it.
const TAKEN_FOR_S: i64 = 2 * 60;

/// Open alerts looked at in each of the index's partitions.
const OPEN_PAGE_MAX: i32 = 100;

/// An alert on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRow {
    /// The key.
    #[serde(rename = "pk")]
    pub cause: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub to_do: String,
    /// How soon.
    pub severity: Severity,
    /// How it ends.
    pub ends: Ends,
    /// What has to be looked at to know that it has ended.
    #[serde(default)]
    pub about: Option<String>,
    /// When it was raised first, ever.
    pub first_at: Timestamp,
    /// When it was raised last.
    pub last_at: Timestamp,
    /// Since when it is open; none where it is not.
    #[serde(default)]
    pub opened_at: Option<Timestamp>,
    /// How often it was raised.
    pub times: u64,
    /// When it ended last.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// How often it has ended.
    #[serde(default)]
    pub resolutions: u64,
    /// When somebody took it on, while it is open.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
    /// Who.
    #[serde(default)]
    pub acknowledged_by: Option<String>,
    /// When it was told last.
    #[serde(default)]
    pub told_at: Option<Timestamp>,
    /// How often it had been raised when it was told last.
    #[serde(default)]
    pub told_times: u64,
    /// Counts whatever happens to it.
    pub changes: u64,
}

/// An alert, as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertView {
    /// What it is about; also its name.
    pub cause: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub to_do: String,
    /// How soon.
    pub severity: Severity,
    /// How it ends.
    pub ends: Ends,
    /// The object that has to be looked at.
    pub about: Option<String>,
    /// When it was raised first, ever.
    pub first_at: Timestamp,
    /// When it was raised last.
    pub last_at: Timestamp,
    /// Since when it is open; none where it is not.
    pub opened_at: Option<Timestamp>,
    /// How often it was raised.
    pub times: u64,
    /// When somebody took it on.
    pub acknowledged_at: Option<Timestamp>,
    /// Who.
    pub acknowledged_by: Option<String>,
}

impl From<AlertRow> for AlertView {
    fn from(row: AlertRow) -> Self {
        Self {
            cause: row.cause,
            message: row.message,
            to_do: row.to_do,
            severity: row.severity,
            ends: row.ends,
            about: row.about,
            first_at: row.first_at,
            last_at: row.last_at,
            opened_at: row.opened_at,
            times: row.times,
            acknowledged_at: row.acknowledged_at,
            acknowledged_by: row.acknowledged_by,
        }
    }
}

impl AlertRow {
    /// Whether it is open.
    pub const fn is_open(&self) -> bool {
        self.opened_at.is_some()
    }
}

impl Store {
    /// Raises an alert by itself, where nothing else is written with it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn raise(&self, alert: &Alert, now: Timestamp) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.alert(self, alert, now);
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// The open alerts, the longest quiet first in each partition, at most a few hundred. Candidates: the index may be
    /// behind.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn open_alerts(&self) -> Result<Vec<AlertRow>, Error> {
        let queries = due_shards().map(|shard| {
            self.dynamo
                .query()
                .table_name(self.table_name(Table::Alerts))
                .index_name("open")
                .key_condition_expression("open_shard = :shard")
                .expression_attribute_values(":shard", text(shard))
                .limit(OPEN_PAGE_MAX)
                .send()
        });
        let answers = try_join_all(queries)
            .await
            .map_err(|error| failed("query the open alerts", &error))?;
        let items = answers
            .into_iter()
            .flat_map(|it| it.items.unwrap_or_default());
        items.map(from_item).collect()
    }

    /// An alert; none where it was never raised.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn alert_of(&self, cause: &str) -> Result<Option<AlertRow>, Error> {
        let found = self.read(&[Key::of(Table::Alerts, cause)]).await?;
        found.into_values().next().map(from_item).transpose()
    }

    /// Ends an alert because its condition has ended. Does nothing where it is not open, or was raised again since `seen`.
    ///
    /// # Errors
    /// `Unavailable`; the next watch ends it then.
    pub async fn resolve_alert(&self, seen: &AlertRow, now: Timestamp) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Alerts))
            .set_key(Some(Key::of(Table::Alerts, &seen.cause).as_item()))
            .update_expression(format!(
                "SET owed_shard = :shard, resolved_at = :now \
                 REMOVE open_shard, opened_at, acknowledged_at, acknowledged_by {COUNTED}"
            ))
            .condition_expression("attribute_exists(open_shard) AND changes = :seen")
            .expression_attribute_values(":shard", text(due_shard(&seen.cause)))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":seen", AttributeValue::N(seen.changes.to_string()))
            .send()
            .await;
        unless_refused(sent, "resolve an alert")
    }

    /// The alerts of which something may be told now. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn alerts_due(&self, now: Timestamp) -> Result<Vec<String>, Error> {
        self.due(Table::Alerts, "owed", "owed_shard", now).await
    }

    /// Takes an alert to tell it; none where somebody else has, or it was told.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn take_alert(&self, cause: &str, now: Timestamp) -> Result<Option<AlertRow>, Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Alerts))
            .set_key(Some(Key::of(Table::Alerts, cause).as_item()))
            .update_expression("SET due_at = :later")
            .condition_expression("attribute_exists(owed_shard) AND due_at <= :now")
            .expression_attribute_values(":later", text(now.plus_s(TAKEN_FOR_S)))
            .expression_attribute_values(":now", text(now))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => from_item(answer.attributes.unwrap_or_default()).map(Some),
            // Where our own write was made and its answer lost, it is taken again in two minutes.
            Err(error) if is_refused(&error) => Ok(None),
            Err(error) => Err(failed("take an alert", &error)),
        }
    }

    /// Notes that an alert was told as `seen`. What happened to it meanwhile stays owed, for an hour later.
    ///
    /// # Errors
    /// `Unavailable`; it is then told again.
    pub async fn alert_told(&self, seen: &AlertRow, now: Timestamp) -> Result<(), Error> {
        let note = |removes: &'static str, condition: &'static str| {
            self.dynamo
                .update_item()
                .table_name(self.table_name(Table::Alerts))
                .set_key(Some(Key::of(Table::Alerts, &seen.cause).as_item()))
                .update_expression(format!(
                    "SET told_at = :now, told_times = :times, due_at = :next{removes}"
                ))
                .condition_expression(condition)
                .expression_attribute_values(":now", text(now))
                .expression_attribute_values(":times", AttributeValue::N(seen.times.to_string()))
                .expression_attribute_values(":next", text(now.plus_s(TOLD_EVERY_S)))
                .expression_attribute_values(":seen", AttributeValue::N(seen.changes.to_string()))
                .send()
        };
        match note(" REMOVE owed_shard", "changes = :seen").await {
            Ok(_) => return Ok(()),
            Err(error) if is_refused(&error) => {}
            Err(error) => return Err(failed("note a told alert", &error)),
        }
        unless_refused(note("", "changes > :seen").await, "note a told alert")
    }

    /// Notes that nothing is to be told of an alert as `seen`, because somebody is at work on it.
    ///
    /// # Errors
    /// `Unavailable`; it is then looked at again.
    pub async fn alert_not_to_be_told(&self, seen: &AlertRow) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Alerts))
            .set_key(Some(Key::of(Table::Alerts, &seen.cause).as_item()))
            .update_expression("REMOVE owed_shard")
            .condition_expression("changes = :seen")
            .expression_attribute_values(":seen", AttributeValue::N(seen.changes.to_string()))
            .send()
            .await;
        unless_refused(sent, "leave an alert untold")
    }

    /// Whether nobody can answer a dispute any more; not, where it is not on record.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn is_dispute_closed(&self, id: &DisputeId) -> Result<bool, Error> {
        let found = self.read(&[Key::of(Table::Disputes, id.as_ref())]).await?;
        let Some(item) = found.into_values().next() else {
            return Ok(false);
        };
        let dispute: Kept<Dispute> = from_item(item)?;
        Ok(dispute.facts.is_closed())
    }
}

/// Counts an end.
const COUNTED: &str = "ADD resolutions :one, changes :one";

impl Transaction {
    /// Takes an open alert on: from then on it is told only when it ends. One whose end nothing shows ends here. On the
    /// condition that it is open, and nobody else has taken it on.
    pub fn acknowledge(&mut self, store: &Store, seen: &AlertRow, by: &str, now: Timestamp) {
        let taken_on = "acknowledged_at = :now, acknowledged_by = :by";
        let expression = match seen.ends {
            Ends::ByItself => format!("SET {taken_on} ADD changes :one"),
            Ends::ByPerson => {
                format!(
                    "SET {taken_on}, resolved_at = :now REMOVE open_shard, opened_at, owed_shard {COUNTED}"
                )
            }
        };
        let condition = "attribute_exists(open_shard) AND (attribute_not_exists(acknowledged_by) OR acknowledged_by = :by)";
        let update = UpdateExpression {
            expression,
            condition: Some(condition.to_owned()),
            values: vec![(":by", text(by)), (":now", text(now)), (":one", number(1))],
        };
        let key = Key::of(Table::Alerts, &seen.cause);
        self.update(store, Part::Claim, &key, update);
    }

    /// Raises an alert, or counts it where it stands already. What was resolved is open again.
    pub fn alert(&mut self, store: &Store, alert: &Alert, now: Timestamp) {
        let mut values = vec![
            (":message", text(&alert.message)),
            (":to_do", text(&alert.to_do)),
            (":severity", text(alert.severity.as_str())),
            (":ends", text(alert.ends.as_str())),
            (":shard", text(due_shard(&alert.cause))),
            (":now", text(now)),
            (":one", number(1)),
        ];
        let about = alert.about.as_ref().map(|about| {
            values.push((":about", text(about)));
            ", about = :about"
        });
        self.update(
            store,
            Part::Effect,
            &Key::of(Table::Alerts, &alert.cause),
            UpdateExpression {
                expression: format!(
                    "SET message = :message, to_do = :to_do, severity = :severity, ends = :ends, last_at = :now, \
                     open_shard = :shard, owed_shard = :shard, first_at = if_not_exists(first_at, :now), \
                     opened_at = if_not_exists(opened_at, :now), due_at = if_not_exists(due_at, :now){} \
                     ADD times :one, changes :one",
                    about.unwrap_or_default()
                ),
                condition: None,
                values,
            },
        );
    }
}
