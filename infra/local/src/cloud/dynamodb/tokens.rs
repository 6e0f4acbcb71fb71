//! Tokens that make a transaction idempotent, for ten minutes of the sandbox's clock.
//!
//! dynoxide knows tokens too, on the machine's clock, and looks through all it knows at every transaction: a long run
//! would grow slower and slower. So a token is kept here, and dynoxide never sees it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use dynoxide::DynoxideError;
use serde_json::Value;
use shared::clock::Clock;
use shared::time::Timestamp;

/// How long DynamoDB knows a token, in seconds.
const TOKEN_AGE_S_MAX: i64 = 600;

/// The longest token, in bytes; a longer one is left for dynoxide to refuse.
const TOKEN_BYTES_MAX: usize = 36;

/// The most tokens known, the latest: a clock that stands still must not make them grow without end. Each keeps its request,
/// of some 3 KB.
const TOKENS_MAX: usize = 10_000;

/// The name of a token's field. Inside an item's text the quotes would be escaped, and an attribute of that name has an
/// object for its value, so nothing else in a request looks like it with a text behind it.
const NAME: &str = "\"ClientRequestToken\"";

/// The tokens of transactions that succeeded.
pub(super) struct Tokens {
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_token: HashMap<String, Done>,
    /// When each was done, in this order.
    order: VecDeque<(Timestamp, String)>,
}

struct Done {
    /// Without the token, as it came. It is read only where the token comes again, which is seldom.
    request: String,
    answer: String,
}

impl Tokens {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: Mutex::default(),
        }
    }

    /// Does the transaction `body` by `act`, or answers what it answered when its token was last used. Transactions
    /// with tokens come one after another, so that two with the same token are not both done.
    pub(super) fn once(
        &self,
        body: &str,
        act: impl FnOnce(&str) -> Result<String, DynoxideError>,
    ) -> Result<String, DynoxideError> {
        let Some((token, rest)) = without_token(body) else {
            return act(body);
        };
        let now = self.clock.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.forget(now.plus_s(-TOKEN_AGE_S_MAX));
        if let Some(done) = known.by_token.get(token) {
            if is_same(&done.request, &rest) {
                return Ok(done.answer.clone());
            }
            return Err(DynoxideError::IdempotentParameterMismatchException(
                "The request uses the same client token as a previous, but non-identical request."
                    .to_owned(),
            ));
        }
        let answer = act(&rest)?;
        known.order.push_back((now, token.to_owned()));
        let done = Done {
            request: rest,
            answer: answer.clone(),
        };
        known.by_token.insert(token.to_owned(), done);
        Ok(answer)
    }
}

impl Known {
    /// Forgets what was done at `since` or before, and the oldest of what would be too many.
    fn forget(&mut self, since: Timestamp) {
        while let Some((done_at, token)) = self.order.front() {
            if *done_at > since && self.order.len() < TOKENS_MAX {
                break;
            }
            self.by_token.remove(token);
            self.order.pop_front();
        }
    }
}

/// The token of `body` and the rest of it; `None` where there is no token that DynamoDB would take.
fn without_token(body: &str) -> Option<(&str, String)> {
    let (before, rest) = body.match_indices(NAME).find_map(|(at, _)| {
        let value = body[at + NAME.len()..].trim_start().strip_prefix(':')?;
        let text = value.trim_start().strip_prefix('"')?;
        Some((body[..at].trim_end(), text))
    })?;
    let (token, after) = rest.split_once('"')?;
    if !(1..=TOKEN_BYTES_MAX).contains(&token.len()) {
        return None;
    }
    let rest = match before.strip_suffix(',') {
        Some(before) => format!("{before}{after}"),
        None => {
            let after = after.trim_start();
            format!("{before}{}", after.strip_prefix(',').unwrap_or(after))
        }
    };
    Some((token, rest))
}

/// Whether two requests have the same actions, in any order of their attributes.
fn is_same(one: &str, other: &str) -> bool {
    let actions = |body: &str| {
        let mut request: Value = serde_json::from_str(body).unwrap_or_default();
        request["TransactItems"].take()
    };
    one == other || actions(one) == actions(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_out_wherever_it_stands() {
        for (body, rest) in [
            (
                r#"{"ClientRequestToken":"t","TransactItems":[]}"#,
                r#"{"TransactItems":[]}"#,
            ),
            (
                r#"{"TransactItems":[],"ClientRequestToken":"t"}"#,
                r#"{"TransactItems":[]}"#,
            ),
            (
                r#"{"A":1,"ClientRequestToken":"t","B":2}"#,
                r#"{"A":1,"B":2}"#,
            ),
            (r#"{"ClientRequestToken":"t"}"#, "{}"),
            (
                r#"{"A": {"ClientRequestToken": {"S": "u"}}, "ClientRequestToken": "t"}"#,
                r#"{"A": {"ClientRequestToken": {"S": "u"}}}"#,
            ),
            (r#"{ "ClientRequestToken" : "t" , "A": 1}"#, r#"{ "A": 1}"#),
        ] {
            assert_eq!(without_token(body), Some(("t", rest.to_owned())));
        }
    }

    #[test]
    fn what_only_looks_like_a_token_is_none() {
        for body in [
            r#"{"Item":{"ClientRequestToken":{"S":"t"}}}"#,
            r#"{"Item":{"pk":{"S":"\"ClientRequestToken\":\"t\""}}}"#,
            r#"{"ClientRequestToken":"0123456789012345678901234567890123456"}"#,
        ] {
            assert_eq!(without_token(body), None);
        }
    }

    #[test]
    fn the_order_of_attributes_makes_no_other_request() {
        let (one, other) = (
            r#"{"TransactItems":[{"a":1,"b":2}]}"#,
            r#"{"TransactItems":[{"b":2,"a":1}]}"#,
        );
        assert!(is_same(one, other));
        assert!(!is_same(one, r#"{"TransactItems":[{"a":1,"b":3}]}"#));
    }

    #[test]
    fn a_failure_is_not_remembered_and_the_oldest_of_too_many_are_forgotten() {
        let tokens = Tokens::new(Clock::manual(Timestamp::from_s(1_767_225_600)));
        let body = |token: usize| format!(r#"{{"ClientRequestToken":"{token}"}}"#);
        let failed = tokens.once(&body(0), |_| {
            Err(DynoxideError::LimitExceededException(String::new()))
        });
        assert!(failed.is_err());
        for token in 0..=TOKENS_MAX {
            tokens
                .once(&body(token), |_| Ok("first".to_owned()))
                .unwrap();
        }
        let again = |token| {
            tokens
                .once(&body(token), |_| Ok("again".to_owned()))
                .unwrap()
        };
        assert_eq!(again(TOKENS_MAX), "first");
        assert_eq!(again(0), "again");
    }
}
