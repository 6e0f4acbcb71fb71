//! What Lambda does about an asynchronous invocation that failed, as one by a schedule is: it tries again, as often as the
//! function's template says.
//!
//! By the developer guide's page "Error handling for asynchronous invocation" (read November 2026): a minute before the
//! second attempt, two before the third.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::time::Timestamp;

/// Seconds before the second attempt. Before the third it is twice that.
const FIRST_WAIT_S: i64 = 60;

/// An attempt at an invocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The function.
    pub function: String,
    /// What it is handed, the same each time.
    pub event: Value,
    /// How many attempts failed before.
    pub failures: u32,
    /// When it is made.
    pub at: Timestamp,
}

/// The attempts to come.
#[derive(Debug)]
pub struct Retries(Mutex<Vec<Attempt>>);

impl Retries {
    /// Those that an earlier life had left.
    pub fn of(kept: Vec<Attempt>) -> Self {
        Self(Mutex::new(kept))
    }

    /// Notes that `attempt` failed at `now`: up to `retries_max` further ones follow.
    pub fn failed(&self, attempt: Attempt, retries_max: u32, now: Timestamp) {
        if attempt.failures < retries_max {
            let failures = attempt.failures + 1;
            let at = now.plus_s(FIRST_WAIT_S * i64::from(failures));
            self.lock().push(Attempt {
                failures,
                at,
                ..attempt
            });
        }
    }

    /// Takes those that are due.
    pub fn take_due(&self, now: Timestamp) -> Vec<Attempt> {
        self.lock().extract_if(.., |it| it.at <= now).collect()
    }

    /// When the next one is made.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.lock().iter().map(|attempt| attempt.at).min()
    }

    /// All of them.
    pub fn waiting(&self) -> Vec<Attempt> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failed_attempt_is_made_again_after_one_minute_and_after_two_more() {
        let at = Timestamp::from_s;
        let first = Attempt {
            function: "daily-billing-sync".into(),
            event: json!({ "id": 7 }),
            failures: 0,
            at: at(0),
        };
        let retries = Retries::of(Vec::new());
        retries.failed(first.clone(), 0, at(0));
        assert_eq!(retries.next_at(), None, "the template allows none");
        retries.failed(first, 2, at(0));
        assert_eq!(retries.take_due(at(59)), []);
        let second = retries.take_due(at(60)).remove(0);
        assert_eq!(second.event, json!({ "id": 7 }));
        retries.failed(second, 2, at(60));
        assert_eq!(retries.next_at(), Some(at(180)));
        let kept = Retries::of(retries.waiting());
        let third = kept.take_due(at(180)).remove(0);
        kept.failed(third, 2, at(180));
        assert_eq!(kept.next_at(), None);
    }
}
