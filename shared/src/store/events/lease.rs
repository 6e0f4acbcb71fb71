//! Door: who works on a pending event. A lease has a number, and every write by its holder is on the condition that it
//! is still the newest: a worker that slept past its lease and wakes writes nothing.

use super::Settlement;
use super::payload;
use super::row::{EventOutcome, EventRow};
use crate::aws::failed;
use crate::error::Error;
use crate::id::EventId;
use crate::queue::Queue;
use crate::store::keys::{Key, LISTED, Table, counted_on};
use crate::store::transaction::{Item, UpdateExpression};
use crate::store::{Store, from_item, is_refused, number, text, unless_refused};
use crate::time::Timestamp;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};

/// Seconds for which a lease is honoured beyond its end: as much as two machines' clocks may differ.
const CLOCK_SKEW_S: i64 = 5;

/// Seconds after a planned attempt before the sweep takes the event up: its message must have been lost.
const MESSAGE_LATE_S: i64 = 2 * 60;

/// Seconds for which an event is left alone that the sweep could bring forward: what comes by itself before the next sweep is
/// not helped.
const FAR_AHEAD_S: i64 = 5 * 60 + MESSAGE_LATE_S;

/// An event that is ours to settle until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Leased {
    /// The event.
    pub id: EventId,
    /// What is on record of it; `row.attempts` is the number of this lease, from 1.
    pub row: EventRow,
    /// Its body; none where it was too large to be kept, and has to be fetched.
    pub body: Option<Vec<u8>>,
    /// This attempt was brought forward.
    is_woken: bool,
}

/// What asking for a lease came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Lease {
    /// It is ours.
    Ours(Box<Leased>),
    /// Somebody else holds it.
    Taken,
    /// It is settled.
    Settled(Box<EventRow>),
    /// There is no such event.
    Missing,
}

impl Store {
    /// Takes up a pending event, until `until`. `owner` names this one taking, so that our own write is known again
    /// after its answer was lost.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn lease(
        &self,
        id: &EventId,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(id).as_item()))
            .update_expression(
                "SET lease_owner = :owner, lease_until = :until, due_at = :due ADD attempts :one REMOVE hidden_message",
            )
            .condition_expression(
                "outcome = :pending AND (attribute_not_exists(lease_until) OR lease_until < :honoured)",
            )
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":until", text(until))
            .expression_attribute_values(":due", text(until.plus_s(CLOCK_SKEW_S)))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .expression_attribute_values(":honoured", text(now.plus_s(-CLOCK_SKEW_S)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(answer) => return leased(id, answer.attributes.unwrap_or_default()),
            Err(error) if is_refused(&error) => error,
            Err(error) => return Err(failed("lease an event", &error)),
        };
        let refused = match error.into_service_error() {
            UpdateItemError::ConditionalCheckFailedException(refused) => refused.item,
            _ => None,
        };
        let Some(item) = refused else {
            return Ok(Lease::Missing);
        };
        if item.get("lease_owner") == Some(&text(owner)) {
            return leased(id, item);
        }
        let row: EventRow = from_item(item)?;
        Ok(match row.outcome {
            EventOutcome::Pending => Lease::Taken,
            _ => Lease::Settled(Box::new(row)),
        })
    }

    /// Gives a leased event back after a failure, to be taken up again at `next`, or before, by [`Self::wake`], where it
    /// waits for Stripe: then `hidden` is the receipt of its message. Does nothing where the lease is no longer ours.
    ///
    /// # Errors
    /// `Unavailable`; the lease then runs out by itself.
    pub async fn give_back(
        &self,
        leased: &Leased,
        reason: &str,
        next: Timestamp,
        hidden: Option<&str>,
    ) -> Result<(), Error> {
        // Not twice in a row: where Stripe answers, only not this, each attempt brought forward is one less of those whose
        // waits outlast an outage.
        let hidden = hidden.filter(|_| !leased.is_woken);
        let set_hidden = hidden.map_or("", |_| ", hidden_message = :hidden");
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(&leased.id).as_item()))
            .update_expression(format!(
                "SET due_at = :due, reason = :reason{set_hidden} REMOVE lease_owner, lease_until, is_woken"
            ))
            .condition_expression("outcome = :pending AND attempts = :held")
            .set_expression_attribute_values(
                hidden.map(|hidden| [(":hidden".to_owned(), text(hidden))].into()),
            )
            .expression_attribute_values(":due", text(next.plus_s(MESSAGE_LATE_S)))
            .expression_attribute_values(":reason", text(reason))
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .expression_attribute_values(":held", number(leased.row.attempts))
            .send()
            .await;
        unless_refused(sent, "give an event back")
    }

    /// The pending events nobody has taken up in time. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn unheld_events(&self, now: Timestamp) -> Result<Vec<EventId>, Error> {
        let due = self
            .due(Table::BillingEvents, "pending", "pending_shard", now)
            .await?;
        Ok(due.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// The pending events that wait for Stripe, and whose next attempt lies far ahead. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn events_put_off(&self, now: Timestamp) -> Result<Vec<EventId>, Error> {
        let put_off = |query: QueryFluentBuilder| {
            query
                .key_condition_expression("pending_shard = :shard AND due_at > :far")
                .filter_expression("attribute_exists(hidden_message)")
                .expression_attribute_values(":far", text(now.plus_s(FAR_AHEAD_S)))
        };
        let put_off = self.to_do(Table::BillingEvents, "pending", put_off).await?;
        Ok(put_off.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Brings the next attempt at an event forward, where it waits for Stripe: the receipt of the message that is to be shown
    /// again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn wake(&self, id: &EventId, now: Timestamp) -> Result<Option<String>, Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(id).as_item()))
            .update_expression("SET due_at = :due, is_woken = :yes REMOVE hidden_message")
            .condition_expression("outcome = :pending AND attribute_exists(hidden_message)")
            .expression_attribute_values(":due", text(now.plus_s(super::UNHELD_AFTER_S)))
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .return_values(ReturnValue::UpdatedOld)
            .send()
            .await;
        match sent {
            Ok(answer) => Ok(answer
                .attributes
                .and_then(|before| before.get("hidden_message")?.as_s().ok().cloned())),
            Err(error) if is_refused(&error) => Ok(None),
            Err(error) => Err(failed("bring an event forward", &error)),
        }
    }

    /// Queues an event that was just kept, or brought back. Where the queue does not take it, the next sweep does; where not even
    /// that can be noted, the one that finds it held by nobody.
    pub async fn queue_kept(&self, queue: &Queue, id: &EventId, now: Timestamp) {
        let Err(error) = queue.send(id).await else {
            return;
        };
        tracing::warn!(event.id = %id, %error, "not queued; the sweep will queue it");
        let noted = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(id).as_item()))
            .update_expression("SET due_at = :now")
            // Unless its message came all the same, and somebody has begun on it.
            .condition_expression(
                "outcome = :pending AND attribute_not_exists(lease_owner) AND attribute_not_exists(reason)",
            )
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .send()
            .await;
        if let Err(error) = unless_refused(noted, "note that an event is not queued") {
            tracing::warn!(event.id = %id, %error, "not noted either: the sweep finds it late");
        }
    }

    /// Notes that a message for an unheld event is on its way again, so that the next sweep leaves it alone.
    ///
    /// # Errors
    /// `Unavailable`; the next sweep then sends a second message, which does no harm.
    pub async fn requeued(&self, id: &EventId, now: Timestamp) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::BillingEvents))
            .set_key(Some(Key::event(id).as_item()))
            .update_expression("SET due_at = :due")
            .condition_expression("outcome = :pending AND due_at <= :now")
            .expression_attribute_values(":due", text(now.plus_s(super::UNHELD_AFTER_S)))
            .expression_attribute_values(":pending", text(EventOutcome::Pending.as_str()))
            .expression_attribute_values(":now", text(now))
            .send()
            .await;
        unless_refused(sent, "note that an event is queued again")
    }
}

impl Leased {
    /// The event's part of the transaction that settles it.
    pub(super) fn settling(
        &self,
        outcome: EventOutcome,
        reason: Option<&str>,
        now: Timestamp,
    ) -> UpdateExpression {
        // What can never be applied keeps its body, so that somebody can look at it and replay it.
        let keeps_body = matches!(outcome, EventOutcome::Quarantined | EventOutcome::Dead);
        let body = if keeps_body {
            String::new()
        } else {
            format!(", {}", payload::ATTRIBUTE)
        };
        let mut values = vec![
            (":outcome", text(outcome.as_str())),
            (":now", text(now)),
            (":pending", text(EventOutcome::Pending.as_str())),
            (":held", number(self.row.attempts)),
        ];
        let (set_reason, removed_reason) = match reason {
            Some(reason) => {
                values.push((":reason", text(reason)));
                (", reason = :reason", "")
            }
            None => ("", ", reason"),
        };
        let given_up = if outcome.is_given_up() {
            values.push((":listed", text(LISTED)));
            ", given_up = :listed"
        } else {
            ""
        };
        UpdateExpression {
            expression: format!(
                "SET outcome = :outcome, settled_at = :now{set_reason}{given_up} \
                 REMOVE pending_shard, due_at, lease_owner, lease_until, is_woken{removed_reason}{body}"
            ),
            condition: Some("outcome = :pending AND attempts = :held".to_owned()),
            values,
        }
    }
}

impl UpdateExpression {
    /// Notes what came of an event, too: the change of plan, and what it counts as.
    pub(super) fn came_of_it(
        &mut self,
        id: &EventId,
        settlement: &Settlement<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        if let Some(moved) = settlement.moved() {
            let moved = serde_dynamo::to_attribute_value(moved).map_err(Error::internal)?;
            self.set("plan_change = :moved", vec![(":moved", moved)]);
        }
        if let Some(figure) = settlement.figure() {
            let figure = serde_dynamo::to_attribute_value(figure).map_err(Error::internal)?;
            let counted_on = text(counted_on(&now.day(), id.as_ref()));
            self.set(
                "figure = :figure, counted_on = :counted_on",
                vec![(":figure", figure), (":counted_on", counted_on)],
            );
        }
        Ok(())
    }

    fn set(&mut self, what: &str, values: Vec<(&'static str, AttributeValue)>) {
        self.expression = self
            .expression
            .replacen("SET ", &format!("SET {what}, "), 1);
        self.values.extend(values);
    }
}

fn leased(id: &EventId, mut item: Item) -> Result<Lease, Error> {
    let body = payload::take_from(&mut item)?;
    Ok(Lease::Ours(Box::new(Leased {
        id: id.clone(),
        is_woken: item.contains_key("is_woken"),
        row: from_item(item)?,
        body,
    })))
}
