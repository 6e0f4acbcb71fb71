//! Door: the nightly comparisons with Stripe: one run a day, held by one worker at a time, with where it stands, what it
//! suspects and what it found.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::{Deserialize, Serialize};

use super::keys::{Key, Table};
use super::transaction::{Item, Part, Refusal, Transaction, UpdateExpression};
use super::{Store, from_item, is_refused, number, text, to_item};
use crate::alert::Alert;
use crate::aws::failed;
use crate::drift::{Cause, Difference};
use crate::error::Error;
use crate::sync_run::{Listing, Progress, Run};
use crate::time::Timestamp;

/// Seconds for which a run is kept: 400 days.
const KEPT_S: i64 = 400 * 24 * 60 * 60;

/// Seconds for which a lease is honoured beyond its end: as much as two machines' clocks may differ.
const CLOCK_SKEW_S: i64 = 5;

/// Suspects looked at in one go.
const SUSPECTS_PAGE: i32 = 25;

/// The sort key of the run itself.
const RUN: &str = "run";

/// A run that is ours until the lease ends.
#[derive(Debug, Clone)]
pub struct HeldRun {
    /// The day it is of.
    pub day: String,
    /// What is on record of it.
    pub run: Run,
}

/// What asking for a run came to.
#[derive(Debug)]
pub enum RunLease {
    /// It is ours.
    Ours(Box<HeldRun>),
    /// Somebody else has it.
    Taken {
        /// Who.
        owner: String,
        /// Until when.
        until: String,
    },
    /// It is done.
    Finished,
}

/// An object that seemed to differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// What it is.
    pub listing: Listing,
    /// Stripe's id of it.
    pub object: String,
    /// Whose it is by our record, where the record was what named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
}

impl Suspect {
    /// An object of which only the id is known.
    pub fn new(listing: Listing, object: impl Into<String>) -> Self {
        Self {
            listing,
            object: object.into(),
            customer: None,
        }
    }
}

impl Store {
    /// Takes up the run of a day, until `until`; begins it where nobody has. `owner` names this one taking, so that our
    /// own write is known again after its answer was lost.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn take_up_run(
        &self,
        day: &str,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<RunLease, Error> {
        let start = serde_dynamo::to_attribute_value(Progress::start()).map_err(Error::internal)?;
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::SyncHealth))
            .set_key(Some(Key::sync(day, RUN).as_item()))
            .update_expression(
                "SET lease_owner = :owner, lease_until = :until, expires_at = :expires, \
                 started_at = if_not_exists(started_at, :now), progress = if_not_exists(progress, :start) \
                 ADD attempts :one",
            )
            .condition_expression(
                "attribute_not_exists(finished_at) \
                 AND (attribute_not_exists(lease_until) OR lease_until < :honoured)",
            )
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":until", text(until))
            .expression_attribute_values(":expires", number(now.as_s() + KEPT_S))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":start", start)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":honoured", text(now.plus_s(-CLOCK_SKEW_S)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let ours = |item: Item| -> Result<RunLease, Error> {
            Ok(RunLease::Ours(Box::new(HeldRun {
                day: day.to_owned(),
                run: from_item(item)?,
            })))
        };
        let error = match sent {
            Ok(answer) => return ours(answer.attributes.unwrap_or_default()),
            Err(error) if is_refused(&error) => error,
            Err(error) => return Err(failed("take up a sync", &error)),
        };
        let item = match error.into_service_error() {
            UpdateItemError::ConditionalCheckFailedException(refused) => refused.item,
            _ => None,
        };
        let item = item.unwrap_or_default();
        if item.contains_key("finished_at") {
            return Ok(RunLease::Finished);
        }
        let attribute = |name: &str| item.get(name).and_then(|it| it.as_s().ok()).cloned();
        let holder = attribute("lease_owner").unwrap_or_default();
        if holder == owner {
            return ours(item);
        }
        Ok(RunLease::Taken {
            owner: holder,
            until: attribute("lease_until").unwrap_or_default(),
        })
    }

    /// Notes where a run stands after a page. False where the run is no longer ours.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn note_progress(&self, held: &HeldRun) -> Result<bool, Error> {
        self.change_run(held, "SET progress = :progress", None, None)
            .await
    }

    /// Lets go of a run, to be taken up again; `reason` says why where something failed.
    ///
    /// # Errors
    /// `Unavailable`; the lease then runs out by itself.
    pub async fn put_down_run(&self, held: &HeldRun, reason: Option<&str>) -> Result<bool, Error> {
        let expression = match reason {
            Some(_) => "SET progress = :progress, reason = :reason REMOVE lease_owner, lease_until",
            None => "SET progress = :progress REMOVE lease_owner, lease_until, reason",
        };
        let reason = reason.map(|reason| (":reason", text(reason)));
        self.change_run(held, expression, reason, None).await
    }

    /// Ends a run, with an alert where somebody should know what it found.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn finish_run(
        &self,
        held: &HeldRun,
        alert: Option<&Alert>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let expression =
            "SET progress = :progress, finished_at = :now REMOVE lease_owner, lease_until, reason";
        let alert = alert.map(|alert| (alert, now));
        self.change_run(held, expression, Some((":now", text(now))), alert)
            .await
    }

    async fn change_run(
        &self,
        held: &HeldRun,
        expression: &str,
        value: Option<(&'static str, AttributeValue)>,
        alert: Option<(&Alert, Timestamp)>,
    ) -> Result<bool, Error> {
        let progress =
            serde_dynamo::to_attribute_value(&held.run.progress).map_err(Error::internal)?;
        let mut values = vec![
            (":progress", progress),
            (":held", number(held.run.attempts)),
        ];
        values.extend(value);
        let mut transaction = Transaction::default();
        let update = UpdateExpression {
            expression: expression.to_owned(),
            condition: Some("attempts = :held AND attribute_not_exists(finished_at)".to_owned()),
            values,
        };
        transaction.update(self, Part::Claim, &Key::sync(&held.day, RUN), update);
        if let Some((alert, now)) = alert {
            transaction.alert(self, alert, now);
        }
        match self.commit(transaction).await {
            Ok(()) => Ok(true),
            Err(Refusal::Conditions(_)) => Ok(false),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// What is on record of the run of a day.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn run_of(&self, day: &str) -> Result<Option<Run>, Error> {
        let found = self.read(&[Key::sync(day, RUN)]).await?;
        found.into_values().next().map(from_item).transpose()
    }

    /// Notes a page of what Stripe listed: the digests of the ids, so that what it did not list is known at the end, and
    /// the suspects.
    ///
    /// # Errors
    /// `Unavailable`. Noted twice is noted once.
    pub async fn note_page(
        &self,
        held: &HeldRun,
        listed: &[u64],
        suspects: &[Suspect],
        now: Timestamp,
    ) -> Result<(), Error> {
        let expires_at = number(now.as_s() + KEPT_S);
        if !listed.is_empty() {
            let digests: Vec<u8> = listed.iter().flat_map(|it| it.to_be_bytes()).collect();
            let mut item = Item::from([
                ("digests".to_owned(), AttributeValue::B(Blob::new(digests))),
                ("expires_at".to_owned(), expires_at.clone()),
            ]);
            let page = format!("listed#{:08}", held.run.progress.pages);
            Key::sync(&held.day, page).write_to(&mut item);
            self.put_sync(item).await?;
        }
        for suspect in suspects {
            let mut item = to_item(suspect)?;
            item.insert("expires_at".to_owned(), expires_at.clone());
            Key::sync(&held.day, format!("suspect#{}", suspect.object)).write_to(&mut item);
            self.put_sync(item).await?;
        }
        Ok(())
    }

    async fn put_sync(&self, item: Item) -> Result<(), Error> {
        self.dynamo
            .put_item()
            .table_name(self.table_name(Table::SyncHealth))
            .set_item(Some(item))
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("note what a sync found", &error))
    }

    /// The digests of everything Stripe listed in a run.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn listed_in(&self, day: &str) -> Result<HashSet<u64>, Error> {
        let mut listed = HashSet::new();
        let mut from = None;
        loop {
            let page = self.sync_rows(day, "listed#", None, from).await?;
            for item in page.0 {
                if let Some(AttributeValue::B(digests)) = item.get("digests") {
                    let (digests, _) = digests.as_ref().as_chunks::<8>();
                    listed.extend(digests.iter().map(|it| u64::from_be_bytes(*it)));
                }
            }
            from = page.1;
            if from.is_none() {
                return Ok(listed);
            }
        }
    }

    /// The next suspects of a run, a few at a time.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn suspects_of(&self, day: &str) -> Result<Vec<Suspect>, Error> {
        let (items, _) = self
            .sync_rows(day, "suspect#", Some(SUSPECTS_PAGE), None)
            .await?;
        items.into_iter().map(from_item).collect()
    }

    /// Notes what became of a suspect: a difference, or nothing.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn clear_suspect(
        &self,
        held: &HeldRun,
        suspect: &Suspect,
        difference: Option<&Difference>,
        now: Timestamp,
    ) -> Result<(), Error> {
        if let Some(difference) = difference {
            let mut item = to_item(difference)?;
            item.insert("expires_at".to_owned(), number(now.as_s() + KEPT_S));
            Key::sync(&held.day, format!("difference#{}", difference.object)).write_to(&mut item);
            self.put_sync(item).await?;
        }
        let key = Key::sync(&held.day, format!("suspect#{}", suspect.object));
        self.dynamo
            .delete_item()
            .table_name(self.table_name(Table::SyncHealth))
            .set_key(Some(key.as_item()))
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("clear a suspect", &error))
    }

    /// What a run found to differ.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn differences_of(&self, day: &str) -> Result<Vec<Difference>, Error> {
        let mut differences = Vec::new();
        let mut from = None;
        loop {
            let (items, next) = self.sync_rows(day, "difference#", None, from).await?;
            for item in items {
                differences.push(from_item(item)?);
            }
            from = next;
            if from.is_none() {
                return Ok(differences);
            }
        }
    }

    /// How many differences of each cause a run found.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn differences_counted(&self, day: &str) -> Result<BTreeMap<Cause, u64>, Error> {
        let mut counts = BTreeMap::new();
        let mut from = None;
        loop {
            let (items, next) = self.sync_rows(day, "difference#", None, from).await?;
            for item in items {
                let difference: Difference = from_item(item)?;
                *counts.entry(difference.cause).or_default() += 1;
            }
            from = next;
            if from.is_none() {
                return Ok(counts);
            }
        }
    }

    async fn sync_rows(
        &self,
        day: &str,
        begins: &str,
        limit: Option<i32>,
        from: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        let page = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::SyncHealth))
            .key_condition_expression("pk = :pk AND begins_with(sk, :begins)")
            .expression_attribute_values(":pk", text(format!("run#{day}")))
            .expression_attribute_values(":begins", text(begins))
            .consistent_read(true)
            .set_limit(limit)
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| failed("query a sync", &error))?;
        Ok((page.items.unwrap_or_default(), page.last_evaluated_key))
    }
}
