//! The Lambda runtime: holds the functions, JSON in and JSON out, and runs them as Lambda does: with a deadline, and so
//! that a panic is a failed invocation and nothing else.

mod batch;
mod retries;
mod schedule;

use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::error::Error;
use shared::lambda::{Function, Invocation};
use shared::time::Timestamp;

pub use batch::work_off;
pub use retries::{Attempt, Retries};
pub use schedule::Schedules;
pub(crate) use schedule::WATCHES;

use crate::cloud::Life;
use crate::time::SandboxTime;

/// A function with its types erased. `Err` is what Lambda would log.
pub type Handler =
    Arc<dyn Fn(Value, Invocation) -> BoxFuture<'static, Result<Value, Error>> + Send + Sync>;

/// `function` as Lambda sees it: an event it cannot read and an answer it cannot write are failed invocations.
pub fn handler<F: Function>(function: F) -> Handler {
    let function = Arc::new(function);
    Arc::new(move |event, invocation| {
        let function = function.clone();
        Box::pin(async move {
            let event = serde_json::from_value(event).map_err(|error| {
                Error::internal(format!("the event is not what the function takes: {error}"))
            })?;
            let answer = function.handle(event, invocation).await?;
            serde_json::to_value(answer).map_err(Error::internal)
        })
    })
}

/// Why an invocation counts as failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// The function said so.
    #[error("{0}")]
    Returned(Error),
    /// It panicked, which is a defect.
    #[error("panicked: {0}")]
    Panicked(String),
    /// Its timeout passed, and it was ended where it stood.
    #[error("timed out after {0} s")]
    TimedOut(u32),
    /// A fault ended its process in the middle of a call.
    #[error("killed between two calls, as planned")]
    Killed,
    /// There is no such function.
    #[error("there is no function {0}")]
    Unknown(String),
}

/// One invocation that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// The function.
    pub function: String,
    /// When it started, on the sandbox's clock.
    pub started_at: Timestamp,
    /// How long it took, on the machine's.
    pub duration_us: u64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The messages it was handed, where it worked off a queue and answered.
    pub batch: Option<Batch>,
}

/// A batch of messages, and how many of them the function reported as failed: they come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// All of them.
    pub messages: usize,
    /// Those reported.
    pub failed: usize,
}

/// Every function of the deployment.
pub struct Functions {
    time: SandboxTime,
    chance: Chance,
    by_name: BTreeMap<String, (Handler, u32)>,
    ran: Mutex<VecDeque<Ran>>,
}

/// Invocations kept to be looked at.
const RAN_KEPT_MAX: usize = 200;

impl Functions {
    /// No function yet.
    pub fn new(time: SandboxTime, chance: Chance) -> Self {
        Self {
            time,
            chance,
            by_name: BTreeMap::new(),
            ran: Mutex::default(),
        }
    }

    /// Adds `handler` under `name`, ended after `timeout_s` seconds.
    pub fn add(&mut self, name: &str, handler: Handler, timeout_s: u32) {
        self.by_name.insert(name.to_owned(), (handler, timeout_s));
    }

    /// The sandbox's clock.
    pub fn clock(&self) -> &Clock {
        self.time.clock()
    }

    /// Where the sandbox draws its identifiers from.
    pub fn chance(&self) -> &Chance {
        &self.chance
    }

    /// The latest invocations, newest first.
    pub fn latest(&self) -> Vec<Ran> {
        let ran = self.ran.lock().unwrap_or_else(PoisonError::into_inner);
        ran.iter().rev().cloned().collect()
    }

    /// Runs the function `name` on `event` to its end. Meanwhile the clock does not leap, only runs.
    ///
    /// # Errors
    /// Where the invocation counts as failed.
    pub async fn invoke(&self, name: &str, event: Value) -> Result<Value, Failed> {
        let (ran, outcome) = self.run(name, event).await?;
        self.note(ran);
        outcome
    }

    /// [`Self::invoke`], of which nothing is noted yet.
    async fn run(&self, name: &str, event: Value) -> Result<(Ran, Result<Value, Failed>), Failed> {
        let Some((handler, timeout_s)) = self.by_name.get(name) else {
            return Err(Failed::Unknown(name.to_owned()));
        };
        let _steady = self.time.steady().await;
        let started_at = self.time.tick();
        let started = Instant::now();
        let invocation = Invocation {
            request_id: uuid(&self.chance.hex128()),
            // By the clock of the machine that runs it, as Lambda counts.
            deadline: (self.time.functions_clock().now()).plus_s(i64::from(*timeout_s)),
        };
        let running = async { handler(event, invocation).await };
        let limit = Duration::from_secs(u64::from(*timeout_s));
        let running = Life::run(AssertUnwindSafe(running).catch_unwind());
        let outcome = match tokio::time::timeout(limit, running).await {
            Ok(Some(Ok(outcome))) => outcome.map_err(Failed::Returned),
            Ok(Some(Err(panic))) => Err(Failed::Panicked(words(&*panic))),
            Ok(None) => Err(Failed::Killed),
            Err(_) => Err(Failed::TimedOut(*timeout_s)),
        };
        if let Err(failure) = &outcome {
            tracing::error!(function = name, %failure, "an invocation failed");
        }
        let ran = Ran {
            function: name.to_owned(),
            started_at,
            duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            failure: outcome.as_ref().err().map(ToString::to_string),
            batch: None,
        };
        Ok((ran, outcome))
    }

    fn note(&self, entry: Ran) {
        let mut ran = self.ran.lock().unwrap_or_else(PoisonError::into_inner);
        if ran.len() == RAN_KEPT_MAX {
            ran.pop_front();
        }
        ran.push_back(entry);
    }
}

/// 32 hexadecimal digits in the form of a request id of Lambda.
fn uuid(hex: &str) -> String {
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts
        .map(|part| hex.get(part).unwrap_or_default())
        .join("-")
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn functions(timeout_s: u32, handler: Handler) -> Functions {
        let time =
            SandboxTime::starting_at(Timestamp::from_s(1000), Clock::manual(Timestamp::from_s(0)));
        let mut functions = Functions::new(time, Chance::seeded(1));
        functions.add("it", handler, timeout_s);
        functions
    }

    #[tokio::test]
    async fn a_function_is_given_its_event_an_id_and_its_deadline() {
        let echo: Handler = Arc::new(|event, invocation| {
            Box::pin(async move {
                Ok(json!([
                    event,
                    invocation.deadline.as_s(),
                    invocation.request_id.len()
                ]))
            })
        });
        let functions = functions(30, echo);
        assert_eq!(
            functions.invoke("it", json!(7)).await,
            Ok(json!([7, 1030, 36]))
        );
        assert_eq!(functions.latest()[0].failure, None);
    }

    #[tokio::test]
    async fn a_panic_an_error_and_a_timeout_are_failed_invocations() {
        let panics = functions(1, Arc::new(|_, _| Box::pin(async { panic!("a bug") })));
        assert_eq!(
            panics.invoke("it", json!({})).await,
            Err(Failed::Panicked("a bug".into()))
        );
        let no = Error::internal("no");
        let returned = no.clone();
        let returns: Handler = Arc::new(move |_, _| Box::pin(std::future::ready(Err(no.clone()))));
        let fails = functions(1, returns);
        assert_eq!(
            fails.invoke("it", json!({})).await,
            Err(Failed::Returned(returned))
        );
        assert_eq!(fails.latest()[0].failure.as_deref(), Some("internal: no"));
        assert_eq!(
            fails.invoke("other", json!({})).await,
            Err(Failed::Unknown("other".into()))
        );
        let hangs = functions(1, Arc::new(|_, _| Box::pin(std::future::pending())));
        assert_eq!(
            hangs.invoke("it", json!({})).await,
            Err(Failed::TimedOut(1))
        );
    }
}
