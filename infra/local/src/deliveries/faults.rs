//! Faults of the way between Stripe and the gateway: what happens to a delivery that is planned for. Several plans may strike
//! one delivery, and each that strikes is noted on it.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use shared::time::Timestamp;
use stripe_sim::Delivery;

use crate::cloud::{Matching, Planned};

/// What happens to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookFault {
    /// It never arrives. Stripe waits for an answer in vain, and sends it again.
    Drop,
    /// It never arrives, and something on the way answers 200: Stripe does not send it again.
    Swallow,
    /// It arrives this many times, all at once.
    Duplicate(u32),
    /// It is sent this many seconds later.
    Delay(i64),
    /// It waits this many seconds for others, and they arrive one after the other, the last first.
    Reorder(i64),
    /// It waits until so many are there, and then they arrive all at once.
    Burst(Burst),
    /// Its event says that it was created at the last full multiple of so many seconds: what happened within them has the same
    /// `created`.
    SameSecond(i64),
    /// One bit of its body is flipped after it was signed.
    Corrupt,
    /// It is signed with a secret other than the endpoint's.
    Sign(OtherSecret),
    /// Its event says that it is written in this version of the API.
    ApiVersion(String),
}

/// A burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// How many arrive at once.
    pub count: usize,
    /// How long they wait for one another at most, in seconds.
    pub within_s: i64,
}

/// A secret that is not the endpoint's present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherSecret {
    /// The one before, which the functions still hold.
    Previous,
    /// One that nobody holds.
    Wrong,
}

/// Which deliveries a fault is planned for.
#[derive(Debug, Clone)]
pub struct Meant {
    /// `invoice.paid`, `invoice.*` or nothing for all.
    pub event_type: Option<String>,
    /// Which of those are struck: by number, odds and time, as for calls.
    pub matching: Matching,
}

/// The plans.
#[derive(Debug, Default)]
pub struct WebhookFaults(Mutex<Vec<Rule>>);

#[derive(Debug)]
struct Rule {
    meant: Meant,
    fault: WebhookFault,
    planned: Planned,
}

/// What all plans together do to one delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Struck {
    pub(super) lost: Option<Lost>,
    pub(super) copies: u32,
    pub(super) wait: Option<Wait>,
    pub(super) same_second: Option<i64>,
    pub(super) api_version: Option<String>,
    pub(super) secret: Option<OtherSecret>,
    pub(super) corrupt: bool,
    /// What was done, in words.
    pub(super) notes: Vec<String>,
}

/// How a delivery does not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    Unanswered,
    Answered,
}

/// What a delivery waits for.
#[derive(Debug, Clone)]
pub(super) struct Wait {
    /// The plan it waits by: those of one plan wait together, but for those that are only late.
    pub(super) by: Planned,
    pub(super) seconds: i64,
    pub(super) end: End,
}

impl PartialEq for Wait {
    fn eq(&self, other: &Self) -> bool {
        self.by.is_same_as(&other.by) && (self.seconds, self.end) == (other.seconds, other.end)
    }
}

impl Eq for Wait {}

/// How those that waited together arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Each by itself.
    Alone,
    /// One after the other, the last first.
    Reversed,
    /// All at once, as soon as there are so many.
    AtOnce(usize),
}

impl WebhookFaults {
    /// Plans `fault` for the deliveries meant.
    pub fn plan(&self, meant: Meant, fault: WebhookFault) -> Planned {
        let planned = Planned::default();
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.push(Rule {
            meant,
            fault,
            planned: planned.clone(),
        });
        planned
    }

    pub(super) fn take_back(&self, planned: &Planned) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.retain(|rule| !rule.planned.is_same_as(planned));
    }

    /// What happens to `delivery`, sent at `now`.
    pub(super) fn strike(&self, delivery: &Delivery, now: Timestamp) -> Struck {
        let mut struck = Struck::default();
        let rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for rule in rules.iter() {
            if !rule.meant.includes(&delivery.event_type) {
                continue;
            }
            let number = rule.planned.count_seen();
            if rule.meant.matching.chooses(number, now) && struck.take(rule) {
                rule.planned.count_struck();
            }
        }
        struck
    }
}

impl Meant {
    fn includes(&self, event_type: &str) -> bool {
        self.event_type.as_deref().is_none_or(|pattern| {
            pattern
                .strip_suffix('*')
                .map_or(pattern == event_type, |start| event_type.starts_with(start))
        })
    }
}

impl Struck {
    /// Adds what a plan does, and says whether it does anything: of two that exclude each other, the earlier counts.
    fn take(&mut self, rule: &Rule) -> bool {
        let wait = |seconds, end| {
            let by = rule.planned.clone();
            Some(Wait { by, seconds, end })
        };
        let arrives = self.lost.is_none();
        match &rule.fault {
            WebhookFault::Drop if arrives => {
                self.lost = Some(Lost::Unanswered);
                self.note("dropped on the way");
            }
            WebhookFault::Swallow if arrives => {
                self.lost = Some(Lost::Answered);
                self.note("answered on the way, never arrived");
            }
            WebhookFault::Duplicate(copies) if self.copies == 0 => self.copies = *copies,
            WebhookFault::Delay(seconds) if self.wait.is_none() => {
                self.wait = wait(*seconds, End::Alone);
                self.note(format!("sent {seconds} s late"));
            }
            WebhookFault::Reorder(seconds) if self.wait.is_none() => {
                self.wait = wait(*seconds, End::Reversed);
            }
            WebhookFault::Burst(burst) if self.wait.is_none() => {
                self.wait = wait(burst.within_s, End::AtOnce(burst.count));
            }
            WebhookFault::SameSecond(seconds) if self.same_second.is_none() => {
                self.same_second = Some(*seconds);
                self.note(format!("created set to a multiple of {seconds} s"));
            }
            WebhookFault::Corrupt if !self.corrupt => {
                self.corrupt = true;
                self.note("one bit of the body flipped");
            }
            WebhookFault::Sign(secret) if self.secret.is_none() => {
                self.secret = Some(*secret);
                self.note(match secret {
                    OtherSecret::Previous => "signed with the previous secret",
                    OtherSecret::Wrong => "signed with a wrong secret",
                });
            }
            WebhookFault::ApiVersion(version) if self.api_version.is_none() => {
                self.api_version = Some(version.clone());
                self.note(format!("in API version {version}"));
            }
            _ => return false,
        }
        true
    }

    fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    /// Whether it must be signed anew.
    pub(super) fn is_altered(&self) -> bool {
        self.wait.is_some()
            || self.same_second.is_some()
            || self.api_version.is_some()
            || self.secret.is_some()
    }

    /// The body with what is changed before it is signed.
    pub(super) fn body(&self, body: &[u8]) -> Vec<u8> {
        if self.same_second.is_none() && self.api_version.is_none() {
            return body.to_vec();
        }
        let Ok(mut event) = serde_json::from_slice::<Value>(body) else {
            return body.to_vec();
        };
        if let (Some(seconds), Some(created_s)) = (self.same_second, event["created"].as_i64()) {
            event["created"] = (created_s - created_s.rem_euclid(seconds)).into();
        }
        if let Some(version) = &self.api_version {
            event["api_version"] = version.as_str().into();
        }
        event.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn delivery(event_type: &str) -> Delivery {
        Delivery {
            id: "evt_1:we_1".into(),
            url: "http://127.0.0.1/stripe/webhook".into(),
            event_id: "evt_1".into(),
            event_type: event_type.into(),
            attempt: 1,
            body: Vec::new(),
            signature_header: String::new(),
        }
    }

    fn meant(event_type: Option<&str>, matching: Matching) -> Meant {
        Meant {
            event_type: event_type.map(str::to_owned),
            matching,
        }
    }

    #[test]
    fn only_those_meant_are_struck_and_counted_and_a_plan_taken_back_strikes_no_more() {
        let faults = WebhookFaults::default();
        let now = Timestamp::from_s(0);
        let paid = meant(Some("invoice.*"), Matching::any().first(2));
        let planned = faults.plan(paid, WebhookFault::Corrupt);
        for (event_type, corrupt) in [
            ("customer.created", false),
            ("invoice.paid", true),
            ("invoice.created", true),
            ("invoice.paid", false),
        ] {
            let struck = faults.strike(&delivery(event_type), now);
            assert_eq!(struck.corrupt, corrupt, "{event_type}");
        }
        assert_eq!((planned.seen(), planned.struck()), (3, 2));
        let always = faults.plan(meant(None, Matching::any()), WebhookFault::Drop);
        assert!(faults.strike(&delivery("a.b"), now).lost.is_some());
        faults.take_back(&always);
        assert_eq!(faults.strike(&delivery("a.b"), now), Struck::default());
    }

    #[test]
    fn of_two_that_exclude_each_other_the_earlier_counts() {
        let faults = WebhookFaults::default();
        let all = || meant(None, Matching::any());
        let first = faults.plan(all(), WebhookFault::Delay(60));
        let second = faults.plan(all(), WebhookFault::Reorder(60));
        let struck = faults.strike(&delivery("a.b"), Timestamp::from_s(0));
        assert_eq!(struck.wait.map(|wait| wait.end), Some(End::Alone));
        assert_eq!((first.struck(), second.struck()), (1, 0));
    }

    #[test]
    fn the_event_is_rewritten_and_nothing_else_of_it() {
        let event = json!({"id": "evt_1", "created": 1_767_225_607, "api_version": "new"});
        let struck = Struck {
            same_second: Some(10),
            api_version: Some("2025-03-31.basil".into()),
            ..Struck::default()
        };
        let body = struck.body(event.to_string().as_bytes());
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            json!({"id": "evt_1", "created": 1_767_225_600, "api_version": "2025-03-31.basil"})
        );
    }
}
