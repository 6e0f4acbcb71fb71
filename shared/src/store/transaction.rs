//! Door: several writes that happen together or not at all.
//!
//! The SDK sends one transaction again after a lost answer, with the token it had, so DynamoDB knows it again and says
//! yes. It does not send again after a conflict with another transaction; that is done here.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnConsumedCapacity,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use aws_smithy_async::rt::sleep::AsyncSleep;

use super::Store;
use super::keys::Key;
use crate::aws::failed;
use crate::error::Error;

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// Attempts at one transaction that meets others. The waits between them add up to about a second.
const CONFLICT_ATTEMPTS_MAX: u32 = 6;

/// Half the first wait between such attempts, in milliseconds; it doubles, and up to half is taken off by chance.
const CONFLICT_WAIT_MS: u64 = 20;

/// Writes to be made together.
#[derive(Debug, Default)]
pub struct Transaction {
    writes: Vec<TransactWriteItem>,
    parts: Vec<Part>,
}

/// What a write is for, so that a refused one can be told from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The event: its condition says that it is new, or leased by us.
    Event,
    /// A record: its condition says that its version is the one we read.
    Record,
    /// A uniqueness claim: its condition says that nobody else has it.
    Claim,
    /// A mail: its condition says that its cause has not owed it before.
    Mail,
    /// What somebody signs in with: its condition says that its version is the one we read.
    Credential,
    /// A session: its condition says that it has just begun, or has not ended.
    Session,
    /// The wrong guesses of somebody: its condition says that there was none in between.
    Attempts,
    /// The number of owners: its condition says that one is left.
    Owners,
    /// The limits: their condition says that nobody else has changed them.
    Policy,
    /// An action: its condition says that its version is the one we read.
    Action,
    /// What is set aside on a charge: its condition says that there is room.
    Reservation,
    /// An administrator's budget of the day: its condition says that it is the one we read.
    Budget,
    /// The mark that a customer got an amount: its condition says that they did not get the same within a day.
    Duplicate,
    /// Somebody's role: its condition says that nothing about them has changed.
    Role,
    /// An entry of the audit log, or the end of its chain: its condition says that no other came between.
    Audit,
    /// Something that has no condition.
    Effect,
}

/// Why a transaction was not made. Nothing of it was.
#[derive(Debug)]
pub enum Refusal {
    /// These parts' conditions did not hold; with each the item as it is.
    Conditions(Vec<(Part, Option<Item>)>),
    /// DynamoDB did not do it, or its answer was lost.
    Failed(Error),
}

/// A condition with its values, as DynamoDB writes it.
#[derive(Debug, Default)]
pub struct Condition {
    /// The expression, in which names stand bare: none of ours is a reserved word.
    pub expression: String,
    /// The values it names, with their colon.
    pub values: Vec<(&'static str, AttributeValue)>,
}

impl Condition {
    /// There is no such item yet.
    pub fn absent() -> Self {
        Self {
            expression: "attribute_not_exists(pk)".to_owned(),
            values: Vec::new(),
        }
    }

    /// An attribute has this value.
    pub fn equals(attribute: &str, value: AttributeValue) -> Self {
        Self {
            expression: format!("{attribute} = :expected"),
            values: vec![(":expected", value)],
        }
    }
}

impl Transaction {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Writes a whole item, if the condition holds.
    pub fn put(
        &mut self,
        store: &Store,
        part: Part,
        key: &Key,
        mut item: Item,
        condition: Option<Condition>,
    ) {
        key.write_to(&mut item);
        let condition = condition.unwrap_or_default();
        let put = Put::builder()
            .table_name(store.table_name(key.table))
            .set_item(Some(item))
            .set_condition_expression(Some(condition.expression).filter(|text| !text.is_empty()))
            .set_expression_attribute_values(as_map(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            put.map(|put| TransactWriteItem::builder().put(put).build()),
        );
    }

    /// Changes an item by an update expression, if the condition holds; `values` are the update's and the
    /// condition's.
    pub fn update(&mut self, store: &Store, part: Part, key: &Key, update: UpdateExpression) {
        let update = Update::builder()
            .table_name(store.table_name(key.table))
            .set_key(Some(key.as_item()))
            .update_expression(update.expression)
            .set_condition_expression(update.condition)
            .set_expression_attribute_values(as_map(update.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            update.map(|update| TransactWriteItem::builder().update(update).build()),
        );
    }

    /// Deletes an item, if the condition holds.
    pub fn delete(&mut self, store: &Store, part: Part, key: &Key, condition: Option<Condition>) {
        let condition = condition.unwrap_or_default();
        let delete = Delete::builder()
            .table_name(store.table_name(key.table))
            .set_key(Some(key.as_item()))
            .set_condition_expression(Some(condition.expression).filter(|text| !text.is_empty()))
            .set_expression_attribute_values(as_map(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            delete.map(|delete| TransactWriteItem::builder().delete(delete).build()),
        );
    }

    /// Demands that an item be as the condition says, and changes nothing of it.
    pub fn check(&mut self, store: &Store, part: Part, key: &Key, condition: Condition) {
        let check = ConditionCheck::builder()
            .table_name(store.table_name(key.table))
            .set_key(Some(key.as_item()))
            .condition_expression(condition.expression)
            .set_expression_attribute_values(as_map(condition.values))
            .build();
        self.push(
            part,
            check.map(|check| TransactWriteItem::builder().condition_check(check).build()),
        );
    }

    fn push<E: std::fmt::Debug>(&mut self, part: Part, write: Result<TransactWriteItem, E>) {
        match write {
            Ok(write) => {
                self.writes.push(write);
                self.parts.push(part);
            }
            // The builders fail only where a required field was not set, and all are set right above.
            Err(error) => unreachable!("a write without a required field: {error:?}"),
        }
    }
}

/// A change of some attributes of an item.
#[derive(Debug, Default)]
pub struct UpdateExpression {
    /// `SET … REMOVE … ADD …`, in which names stand bare: none of ours is a reserved word.
    pub expression: String,
    /// The condition, if any.
    pub condition: Option<String>,
    /// The values both name, with their colon.
    pub values: Vec<(&'static str, AttributeValue)>,
}

impl Store {
    /// Makes all the writes, or none.
    ///
    /// # Errors
    /// [`Refusal`]; nothing was written then, or after a lost answer it is not known to be.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), Refusal> {
        let token = self.chance.hex128();
        let mut attempt = 1;
        loop {
            let sent = self
                .dynamo
                .transact_write_items()
                .set_transact_items(Some(transaction.writes.clone()))
                .client_request_token(&token)
                .return_consumed_capacity(ReturnConsumedCapacity::None)
                .send()
                .await;
            let Err(error) = sent else { return Ok(()) };
            match verdict(&error, &transaction.parts) {
                Verdict::Conditions(parts) => return Err(Refusal::Conditions(parts)),
                Verdict::Conflict if attempt < CONFLICT_ATTEMPTS_MAX => {
                    let full_ms = CONFLICT_WAIT_MS << attempt;
                    let wait_ms = full_ms / 2 + self.chance.below(full_ms / 2);
                    self.sleep.sleep(Duration::from_millis(wait_ms)).await;
                    attempt += 1;
                }
                Verdict::Conflict | Verdict::Failed => {
                    return Err(Refusal::Failed(failed("write a transaction", &error)));
                }
            }
        }
    }
}

enum Verdict {
    Conditions(Vec<(Part, Option<Item>)>),
    /// It met other transactions, or the table was busy; nothing else is wrong with it.
    Conflict,
    Failed,
}

fn verdict(error: &SdkError<TransactWriteItemsError>, parts: &[Part]) -> Verdict {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
        error.as_service_error()
    else {
        return Verdict::Failed;
    };
    let reasons = canceled.cancellation_reasons();
    let refused: Vec<_> = reasons
        .iter()
        .zip(parts)
        .filter(|(reason, _)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(reason, part)| (*part, reason.item().cloned()))
        .collect();
    if !refused.is_empty() {
        return Verdict::Conditions(refused);
    }
    let passing = |code: &str| {
        matches!(
            code,
            "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"
        )
    };
    if !reasons.is_empty()
        && reasons
            .iter()
            .all(|reason| reason.code().is_none_or(passing))
    {
        Verdict::Conflict
    } else {
        Verdict::Failed
    }
}

pub(super) fn as_map(values: Vec<(&'static str, AttributeValue)>) -> Option<Item> {
    (!values.is_empty()).then(|| {
        values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}
