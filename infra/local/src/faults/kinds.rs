//! What can be asked for: each kind of fault with its settings. The control page's form is made from it.

use std::sync::LazyLock;

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

fn kind(on: &'static str, fault: &'static str, does: &'static str) -> Kind {
    Kind {
        on,
        fault,
        does,
        settings: &[],
    }
}

fn with(kind: Kind, settings: &'static [Setting]) -> Kind {
    Kind { settings, ..kind }
}

/// Every kind there is.
pub static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let kinds = [webhooks(), stripe(), dynamodb(), sqs(), ses(), function()];
    kinds.into_iter().flatten().collect()
});

fn webhooks() -> Vec<Kind> {
    let kind = |fault, does| kind("webhooks", fault, does);
    vec![
        kind("drop", "are dropped; Stripe sends them again"),
        kind("swallow", "are answered 200 on the way and never arrive"),
        with(kind("duplicate", "arrive several times at once"), &[COPIES]),
        with(kind("delay", "are sent late"), &[DELAY_S]),
        with(kind("reorder", "arrive in reverse order"), &[WITHIN_S]),
        with(
            kind("burst", "wait for one another and arrive all at once"),
            &[COUNT, WITHIN_S],
        ),
        with(
            kind("same_second", "carry the same created within some seconds"),
            &[SAME_S],
        ),
        kind("corrupt", "arrive with one bit flipped"),
        kind("old_secret", "are signed with the previous secret"),
        kind("wrong_secret", "are signed with a wrong secret"),
        with(
            kind("api_version", "are written in another API version"),
            &[VERSION],
        ),
    ]
}

fn stripe() -> Vec<Kind> {
    let kind = |fault, does| kind("stripe", fault, does);
    vec![
        kind("down", DOWN),
        with(kind("slow", SLOW), &[DELAY_MS]),
        kind("throttle", "answers 429"),
        kind(
            "error_before",
            "answers 500, does nothing, and repeats the answer under the key",
        ),
        kind(
            "error_after",
            "does it, answers 500, and repeats the answer under the key",
        ),
        kind("lost_answer", LOST),
        kind("timeout", TIMEOUT),
    ]
}

fn dynamodb() -> Vec<Kind> {
    let mut kinds = at_aws("dynamodb");
    kinds.extend([
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
    ]);
    kinds
}

fn sqs() -> Vec<Kind> {
    at_aws("sqs")
}

fn ses() -> Vec<Kind> {
    let mut kinds = at_aws("ses");
    kinds.push(kind("ses", "timeout", TIMEOUT));
    kinds
}

/// What every service of AWS's can do wrong.
fn at_aws(on: &'static str) -> Vec<Kind> {
    vec![
        kind(on, "down", DOWN),
        with(kind(on, "slow", SLOW), &[DELAY_MS]),
        kind(on, "throttle", "refuses for load"),
        kind(on, "error_before", "answers 500 and does nothing"),
        kind(on, "error_after", "does it and answers 500"),
        kind(on, "lost_answer", LOST),
    ]
}

fn function() -> Vec<Kind> {
    let dies = kind("function", "die", "is killed between two calls");
    vec![with(dies, &[CALL])]
}

const DOWN: &str = "cannot be reached";
const SLOW: &str = "answers late";
const LOST: &str = "does it and the answer is lost";
const TIMEOUT: &str = "does it and the answer comes too late";

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
