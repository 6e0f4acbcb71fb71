//! What can be asked for: each kind of fault with its settings. The control page's form is made from it.

use serde::Serialize;

/// One kind of fault.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Kind {
    /// On what: `webhooks`, `stripe`, `dynamodb`, `sqs`, `ses` or `function`.
    pub on: &'static str,
    /// Its name there.
    pub fault: &'static str,
    /// What it does, to stand after the name of what it is on.
    pub does: &'static str,
    /// Its settings besides the common ones.
    pub settings: &'static [Setting],
}

/// A setting of a kind of fault: a number within bounds, or a text.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Setting {
    /// Its name in the API.
    pub name: &'static str,
    /// What it means, with its unit.
    pub means: &'static str,
    /// The least.
    pub min: u64,
    /// The most.
    pub max: u64,
    /// What it is if nothing is said.
    pub otherwise: &'static str,
}

const fn setting(
    name: &'static str,
    means: &'static str,
    bounds: [u64; 2],
    otherwise: &'static str,
) -> Setting {
    let [min, max] = bounds;
    Setting {
        name,
        means,
        min,
        max,
        otherwise,
    }
}

const DAY_S: u64 = 86_400;
const DELAY_S: Setting = setting("delay_s", "seconds late", [1, 30 * DAY_S], "60");
const WITHIN_S: Setting = setting("within_s", "seconds to wait for others", [1, DAY_S], "10");
const SAME_S: Setting = setting("within_s", "seconds made one", [2, 3600], "10");
const COUNT: Setting = setting("count", "how many at once", [2, 100], "10");
const COPIES: Setting = setting("copies", "how often it arrives", [2, 100], "2");
const VERSION: Setting = setting("api_version", "version", [0, 0], "2025-03-31.basil");
const DELAY_MS: Setting = setting("delay_ms", "milliseconds of real time", [1, 30_000], "500");
const CALL: Setting = setting("call", "before its call number", [1, 1000], "3");

const fn kind(on: &'static str, fault: &'static str, does: &'static str) -> Kind {
    Kind {
        on,
        fault,
        does,
        settings: &[],
    }
}

const fn with(kind: Kind, settings: &'static [Setting]) -> Kind {
    Kind { settings, ..kind }
}

const DOWN: &str = "cannot be reached";
const SLOW: &str = "answers late";
const BEFORE: &str = "answers 500 and does nothing";
const AFTER: &str = "does it and answers 500";
const LOST: &str = "does it and the answer is lost";
const TIMEOUT: &str = "does it and the answer comes too late";
const THROTTLES: &str = "refuses for load";

/// Every kind there is.
pub const KINDS: [Kind; 41] = [
    kind("webhooks", "drop", "are dropped; Stripe sends them again"),
    kind(
        "webhooks",
        "swallow",
        "are answered 200 on the way and never arrive",
    ),
    with(
        kind("webhooks", "duplicate", "arrive several times at once"),
        &[COPIES],
    ),
    with(kind("webhooks", "delay", "are sent late"), &[DELAY_S]),
    with(
        kind("webhooks", "reorder", "arrive in reverse order"),
        &[WITHIN_S],
    ),
    with(
        kind(
            "webhooks",
            "burst",
            "wait for one another and arrive all at once",
        ),
        &[COUNT, WITHIN_S],
    ),
    with(
        kind(
            "webhooks",
            "same_second",
            "carry the same created within some seconds",
        ),
        &[SAME_S],
    ),
    kind("webhooks", "corrupt", "arrive with one bit flipped"),
    kind(
        "webhooks",
        "old_secret",
        "are signed with the previous secret",
    ),
    kind("webhooks", "wrong_secret", "are signed with a wrong secret"),
    with(
        kind(
            "webhooks",
            "api_version",
            "are written in another API version",
        ),
        &[VERSION],
    ),
    kind("stripe", "down", DOWN),
    with(kind("stripe", "slow", SLOW), &[DELAY_MS]),
    kind("stripe", "throttle", "answers 429"),
    kind(
        "stripe",
        "error_before",
        "answers 500, does nothing, and repeats the answer under the key",
    ),
    kind(
        "stripe",
        "error_after",
        "does it, answers 500, and repeats the answer under the key",
    ),
    kind("stripe", "lost_answer", LOST),
    kind("stripe", "timeout", TIMEOUT),
    kind("dynamodb", "down", DOWN),
    with(kind("dynamodb", "slow", SLOW), &[DELAY_MS]),
    kind("dynamodb", "throttle", THROTTLES),
    kind("dynamodb", "error_before", BEFORE),
    kind("dynamodb", "error_after", AFTER),
    kind("dynamodb", "lost_answer", LOST),
    kind("dynamodb", "timeout", TIMEOUT),
    kind(
        "dynamodb",
        "conflict",
        "cancels writes because another holds the item",
    ),
    kind(
        "dynamodb",
        "stale_read",
        "answers reads as of now, unless they ask for consistency",
    ),
    kind("sqs", "down", DOWN),
    with(kind("sqs", "slow", SLOW), &[DELAY_MS]),
    kind("sqs", "throttle", THROTTLES),
    kind("sqs", "error_before", BEFORE),
    kind("sqs", "error_after", AFTER),
    kind("sqs", "lost_answer", LOST),
    kind("ses", "down", DOWN),
    with(kind("ses", "slow", SLOW), &[DELAY_MS]),
    kind("ses", "throttle", THROTTLES),
    kind("ses", "error_before", BEFORE),
    kind("ses", "error_after", AFTER),
    kind("ses", "lost_answer", LOST),
    kind("ses", "timeout", TIMEOUT),
    with(
        kind("function", "die", "is killed between two calls"),
        &[CALL],
    ),
];

impl Kind {
    /// The kind of this name, or why there is none.
    pub(super) fn of(on: &str, fault: &str) -> Result<&'static Self, String> {
        let there = || KINDS.iter().filter(|kind| kind.on == on);
        if there().next().is_none() {
            let mut places: Vec<&str> = KINDS.iter().map(|kind| kind.on).collect();
            places.dedup();
            return Err(format!(
                "nothing fails on {on:?}; write \"on\" as one of {}",
                places.join(", ")
            ));
        }
        there().find(|kind| kind.fault == fault).ok_or_else(|| {
            let names: Vec<&str> = there().map(|kind| kind.fault).collect();
            format!(
                "{on} has no fault {fault:?}; write \"fault\" as one of {}",
                names.join(", ")
            )
        })
    }
}
