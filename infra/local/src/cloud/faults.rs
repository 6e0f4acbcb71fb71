//! Faults at the connector, planned call by call: what the network and the services do when they do not do their work.
//!
//! A plan is deterministic. It says which calls it means, which of those it strikes, and what happens to them; and it
//! counts how often it struck, so that a test can tell that the fault it is about came at all.

mod plan;
mod refusals;
mod struck;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use shared::time::Timestamp;

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
    seen: u64,
    struck: Arc<AtomicU64>,
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
        let struck = Arc::new(AtomicU64::new(0));
        let rule = Rule {
            matching,
            fault,
            picture,
            seen: 0,
            struck: Arc::clone(&struck),
        };
        self.lock().push(rule);
        Planned(struck)
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
            rule.seen += 1;
            if rule.matching.chooses(rule.seen, now)
                && struck.take(&rule.fault, rule.seen, &rule.picture)
            {
                rule.struck.fetch_add(1, Ordering::SeqCst);
            }
        }
        struck
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
