//! Tokens that make a transaction idempotent, on the sandbox's clock. dynoxide counts their ten minutes on the
//! machine's clock, so here each token stands under another name once ten minutes of the sandbox have passed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use shared::clock::Clock;
use shared::time::Timestamp;

/// How long DynamoDB knows a token, in seconds.
const TOKEN_AGE_S_MAX: i64 = 600;

/// Tokens known before the old ones are swept out: enough that sweeping costs nothing, few enough to fit anywhere.
const TOKENS_SWEPT_AT: usize = 10_000;

/// How the SDK writes a token. Inside an item's text the quotes would be escaped, and an attribute of that name has
/// an object for its value, so nothing else in a request looks like it.
const MARK: &str = "\"ClientRequestToken\":\"";

/// When each token was first seen.
pub(super) struct Tokens {
    clock: Clock,
    first_seen: Mutex<BTreeMap<String, Timestamp>>,
}

impl Tokens {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            first_seen: Mutex::default(),
        }
    }

    /// `body` with its token, if it has one that DynamoDB would take, replaced by what stands for it now.
    pub(super) fn renamed<'a>(&self, body: &'a str) -> Cow<'a, str> {
        let Some((before, rest)) = body.split_once(MARK) else {
            return Cow::Borrowed(body);
        };
        match rest.split_once('"') {
            Some((token, after)) if (1..=36).contains(&token.len()) => {
                let first_seen = self.first_seen(token).as_ms();
                let name = md5::compute(format!("{token} {first_seen}"));
                Cow::Owned(format!("{before}{MARK}{name:x}\"{after}"))
            }
            _ => Cow::Borrowed(body),
        }
    }

    fn first_seen(&self, token: &str) -> Timestamp {
        let now = self.clock.now();
        let known_since = now.plus_s(-TOKEN_AGE_S_MAX);
        let mut tokens = self
            .first_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= TOKENS_SWEPT_AT {
            tokens.retain(|_, seen| *seen > known_since);
        }
        let seen = tokens.entry(token.to_owned()).or_insert(now);
        if *seen <= known_since {
            *seen = now;
        }
        *seen
    }
}
