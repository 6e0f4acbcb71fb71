//! Faults at the connector, planned call by call: what the network and the services do when they do not do their work.
//!
//! A plan is deterministic. It says which calls it means, which of those it strikes, and what happens to them; and it
//! counts how often it struck, so that a test can tell that the fault it is about came at all.

mod life;
mod plan;
mod refusals;
mod struck;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared::time::Timestamp;

pub use life::Life;
pub use plan::{Matching, Planned};
pub(crate) use refusals::{broken, conflict, throttled};
pub(crate) use struck::Struck;

use super::call::Call;
use super::dynamodb::DynamoDb;
use super::gate::Gate;

/// What happens to a call.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection fails: nothing was sent and nothing took effect.
    RefuseBefore,
    /// The call takes effect, then the connection breaks and the answer is lost.
    LoseAnswer,
    /// The call takes effect, and the caller's patience ends before the answer comes.
    TimeoutAfter,
    /// The service answers 500 and does nothing.
    Status500Before,
    /// The call takes effect, and the service answers 500.
    Status500After,
    /// The service refuses for load, in its own shape, and does nothing.
    Throttle,
    /// DynamoDB cancels the transaction because another one holds the item of the action at this index, counted from
    /// 0; the reasons of all other actions are `None`. An operation on a single item fails with
    /// `TransactionConflictException`.
    TransactionConflict(usize),
    /// A read of an index is answered as of the moment when this was planned.
    StaleIndexRead,
    /// A read that does not ask for consistency, of an index or of a table, is answered as of the moment when this was
    /// planned.
    StaleRead,
    /// The call waits this long in real time, then goes on.
    Delay(Duration),
    /// The call lets other tasks go first a few times, before its effect and after it. How often, the seed and the number
    /// of the call decide: calls in flight together then meet in another order for each seed, and in the same order for
    /// the same seed.
    GiveWay(u64),
    /// The call waits at the gate before its effect.
    HoldBefore(Gate),
    /// The call waits at the gate after its effect, with its answer in hand.
    HoldAfter(Gate),
    /// Stripe answers 500, does nothing, and keeps the answer under the call's idempotency key: the same call again gets it
    /// again.
    Kept500Before,
    /// The call takes effect, and Stripe answers 500 and keeps that answer under the idempotency key.
    Kept500After,
    /// The process of the function that makes the call ends before its effect. Whoever calls from outside a function waits
    /// for ever.
    Die,
}

/// The faults planned for a cloud.
pub struct Faults {
    planned: Mutex<Vec<Rule>>,
    tables: DynamoDb,
}

struct Rule {
    matching: Matching,
    fault: Fault,
    /// The tables at the time of planning, for stale reads.
    picture: Option<DynamoDb>,
    planned: Planned,
}

impl Faults {
    pub(crate) fn new(tables: DynamoDb) -> Self {
        Self {
            planned: Mutex::new(Vec::new()),
            tables,
        }
    }

    /// Plans `fault` for the calls that match. Waiting is added up; of two plans that decide how one call ends, the
    /// earlier strikes and the later does not.
    pub fn plan(&self, matching: Matching, fault: Fault) -> Planned {
        let picture = match fault {
            Fault::StaleIndexRead | Fault::StaleRead => self
                .tables
                .picture()
                .inspect_err(|problem| {
                    tracing::error!(%problem, "stale reads will not strike: the tables cannot be copied");
                })
                .ok(),
            _ => None,
        };
        let rule = Rule {
            matching,
            fault,
            picture,
            planned: Planned::default(),
        };
        let planned = rule.planned.clone();
        self.lock().push(rule);
        planned
    }

    /// Takes one plan back. What it did stays done.
    pub fn take_back(&self, planned: &Planned) {
        self.lock().retain(|rule| !rule.planned.is_same_as(planned));
    }

    /// Forgets every plan: from now on nothing fails. What waits at a gate goes on waiting.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// What happens to `call`, made at `now`.
    pub(crate) fn strike(&self, call: &Call, now: Timestamp) -> Struck {
        let mut struck = Struck::default();
        for rule in self.lock().iter_mut() {
            if !rule.matching.means(call) || !rule.fault.suits(call) {
                continue;
            }
            let number = rule.planned.count_seen();
            if rule.matching.chooses(number, now) && struck.take(&rule.fault, number, &rule.picture)
            {
                rule.planned.count_struck();
            }
        }
        struck
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
