//! Idempotency keys: the first answer of a call that began is given again, whatever it was, for 24 hours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::DAY_S;
use crate::error::StripeError;

/// Longest key Stripe takes.
const KEY_LENGTH_MAX: usize = 255;

/// How long an answer is kept.
const KEPT_S: i64 = DAY_S;

/// An answer kept under its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// What was asked: method, path and parameters.
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The call that was carried out.
    pub(crate) request_id: String,
    pub(crate) at_s: i64,
}

/// Every answer of the last 24 hours, by key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Keys {
    kept: BTreeMap<String, Kept>,
    /// In the order they were kept, for pruning.
    order: std::collections::VecDeque<(i64, String)>,
}

impl Keys {
    /// The answer already given under `key`, or a refusal where it was given to another question.
    pub(crate) fn replay(&self, key: &str, asked: &str) -> Result<Option<&Kept>, StripeError> {
        if key.len() > KEY_LENGTH_MAX {
            return Err(refused(format!(
                "Idempotency keys can be at most {KEY_LENGTH_MAX} characters long, but yours was {}.",
                key.len()
            )));
        }
        match self.kept.get(key) {
            Some(kept) if kept.asked != asked => Err(refused(format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                 Try using a key other than '{key}' if you meant to execute a different request."
            ))),
            kept => Ok(kept),
        }
    }

    pub(crate) fn keep(&mut self, key: &str, answer: Kept) {
        self.order.push_back((answer.at_s, key.to_owned()));
        self.kept.insert(key.to_owned(), answer);
    }

    /// Forgets what is older than a day.
    pub(crate) fn prune(&mut self, now_s: i64) {
        while let Some((at_s, _)) = self.order.front() {
            if at_s + KEPT_S > now_s {
                break;
            }
            if let Some((_, key)) = self.order.pop_front() {
                self.kept.remove(&key);
            }
        }
    }
}

fn refused(message: String) -> StripeError {
    StripeError::invalid(message).kind("idempotency_error")
}
