//! What was asked of the local cloud: the latest calls with how they ended, and counts of all.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use shared::time::Timestamp;

use super::Broken;
use super::answer::Answer;
use super::call::{Call, Service};

/// Calls kept one by one, so that a sandbox that runs for days does not grow. The counts are of all.
const CALLS_KEPT_MAX: usize = 10_000;

/// A call that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// When it was made.
    pub at: Timestamp,
    /// Who made it: [`Call::caller`].
    pub caller: Arc<str>,
    /// Of which service.
    pub service: Service,
    /// [`Call::operation`].
    pub operation: String,
    /// How it ended for the caller.
    pub outcome: Outcome,
}

/// How a call ended for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// With this HTTP status.
    Answered(u16),
    /// Without an answer.
    Broken(Broken),
}

/// What DynamoDB said it consumed, in thousandths of a unit: an eventually consistent read of 4 KB is half a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consumed {
    /// Of reading operations.
    pub read_milliunits: u64,
    /// Of writing operations.
    pub write_milliunits: u64,
}

/// The log of calls.
#[derive(Debug, Default)]
pub struct Calls {
    made: Mutex<Log>,
    metered: AtomicBool,
}

#[derive(Debug, Default)]
struct Log {
    latest: VecDeque<Made>,
    counts: BTreeMap<(Service, String), u64>,
    consumed: Consumed,
}

impl Calls {
    /// The latest calls, the oldest first.
    pub fn latest(&self) -> Vec<Made> {
        self.lock(|log| log.latest.iter().cloned().collect())
    }

    /// How often each operation was called, retries included.
    pub fn counts(&self) -> BTreeMap<(Service, String), u64> {
        self.lock(|log| log.counts.clone())
    }

    /// How many calls a service had, retries included.
    pub fn count(&self, service: Service) -> u64 {
        self.lock(|log| {
            let counts = log.counts.iter().filter(|((of, _), _)| *of == service);
            counts.map(|(_, count)| count).sum()
        })
    }

    /// What DynamoDB reported as consumed by the calls that asked for it, or by all of them if metered.
    pub fn consumed(&self) -> Consumed {
        self.lock(|log| log.consumed)
    }

    /// Asks DynamoDB for the consumed capacity of every call from now on, whether or not the caller does.
    pub fn meter(&self) {
        self.metered.store(true, Ordering::SeqCst);
    }

    /// Forgets every call.
    pub fn clear(&self) {
        self.lock(|log| *log = Log::default());
    }

    pub(crate) fn is_metered(&self) -> bool {
        self.metered.load(Ordering::SeqCst)
    }

    pub(crate) fn ended(&self, at: Timestamp, call: Call, answer: &Result<Answer, Broken>) {
        let outcome = match answer {
            Ok(answer) => Outcome::Answered(answer.status().as_u16()),
            Err(broken) => Outcome::Broken(broken.clone()),
        };
        self.lock(|log| {
            if log.latest.len() == CALLS_KEPT_MAX {
                log.latest.pop_front();
            }
            *log.counts
                .entry((call.service, call.operation.clone()))
                .or_default() += 1;
            log.latest.push_back(Made {
                at,
                caller: call.caller,
                service: call.service,
                operation: call.operation,
                outcome,
            });
        });
    }

    /// Adds what `answer` says a call consumed; called when the call took effect, also if its answer is lost then.
    pub(crate) fn effected(&self, call: &Call, answer: &Answer) {
        const ASKED: &str = "\"ReturnConsumedCapacity\"";
        if call.service != Service::DynamoDb || !(self.is_metered() || call.text().contains(ASKED))
        {
            return;
        }
        let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let milliunits = match &answer["ConsumedCapacity"] {
            Value::Array(tables) => tables.iter().map(milliunits).sum(),
            table => milliunits(table),
        };
        let reads = matches!(
            call.operation.as_str(),
            "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan"
        );
        self.lock(|log| {
            if reads {
                log.consumed.read_milliunits += milliunits;
            } else {
                log.consumed.write_milliunits += milliunits;
            }
        });
    }

    fn lock<T>(&self, read: impl FnOnce(&mut Log) -> T) -> T {
        read(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "DynamoDB writes units as a float with one decimal; thousandths of it are whole and small"
)]
fn milliunits(table: &Value) -> u64 {
    (table["CapacityUnits"].as_f64().unwrap_or_default() * 1000.0).round() as u64
}
