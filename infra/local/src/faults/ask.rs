//! What somebody asks for, read: which fault, where, how often and how long.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

use super::Plan;
use super::kinds::Kind;
use crate::cloud::{Fault, Matching, Service};
use crate::deliveries::{Burst, Meant, OtherSecret, WebhookFault};

/// A fault as it is asked for. What is left out is as [`super::KINDS`] says, or unlimited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// On what.
    pub on: String,
    /// Which.
    pub fault: String,
    /// Only the next so many calls or deliveries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only so many of a hundred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Which those are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Only for so many seconds of the sandbox's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_s: Option<u64>,
    /// Webhooks: only events of this type, or `invoice.*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Services: only calls of this function. Function: which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Services: only this operation, `PutItem` or `POST /v1/customers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Settings of the kind, in the order they stand in [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_s: Option<u64>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_s: Option<u64>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// See [`super::KINDS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<u64>,
}

/// The function that dies if none is named.
const WORKER: &str = "retry-event";

impl Ask {
    /// When it ends, if time ends it.
    pub(super) fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = i64::try_from(self.for_s?).unwrap_or(i64::MAX);
        Some(now.plus_s(seconds))
    }

    /// How many calls or deliveries it looks at, if a number of them ends it.
    pub(super) fn numbers_max(&self) -> Option<u64> {
        if self.on == "function" {
            return Some(self.call.unwrap_or(3));
        }
        self.times
    }

    /// What it comes to, and that in words. `functions` are those deployed.
    pub(super) fn plan(
        &self,
        now: Timestamp,
        functions: &[&str],
    ) -> Result<(Plan, String), String> {
        let kind = Kind::of(&self.on, &self.fault)?;
        self.fits(kind, functions)?;
        let plan = match kind.on {
            "webhooks" => Plan::Webhook(
                Meant {
                    event_type: self.event_type.clone(),
                    matching: self.limited(Matching::any(), now),
                },
                self.webhook_fault(kind)?,
            ),
            "function" => {
                let dying = self.function.as_deref().unwrap_or(WORKER);
                let matching = Matching::any().by(dying).nth(self.number(kind, "call")?);
                Plan::Call(matching, Fault::Die)
            }
            _ => Plan::Call(self.limited(self.calls(kind), now), self.call_fault(kind)?),
        };
        Ok((plan, self.words(kind)))
    }

    fn calls(&self, kind: &Kind) -> Matching {
        let service = match kind.on {
            "stripe" => Service::Stripe,
            "dynamodb" => Service::DynamoDb,
            "sqs" => Service::Sqs,
            _ => Service::Ses,
        };
        let matching = match &self.operation {
            Some(operation) => Matching::operation(service, operation),
            None => Matching::service(service),
        };
        match &self.function {
            Some(function) => matching.by(function),
            None => matching,
        }
    }

    fn limited(&self, matching: Matching, now: Timestamp) -> Matching {
        let mut limited = matching;
        if let Some(times) = self.times {
            limited = limited.first(times);
        }
        if let Some(percent) = self.percent {
            limited = limited.percent(percent, self.seed.unwrap_or(1));
        }
        match self.until(now) {
            Some(until) => limited.within(now..until),
            None => limited,
        }
    }

    fn webhook_fault(&self, kind: &Kind) -> Result<WebhookFault, String> {
        let number = |name| self.number(kind, name);
        let seconds = |name| number(name).map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        Ok(match kind.fault {
            "drop" => WebhookFault::Drop,
            "swallow" => WebhookFault::Swallow,
            "duplicate" => {
                WebhookFault::Duplicate(u32::try_from(number("copies")?).unwrap_or(u32::MAX))
            }
            "delay" => WebhookFault::Delay(seconds("delay_s")?),
            "reorder" => WebhookFault::Reorder(seconds("within_s")?),
            "burst" => WebhookFault::Burst(Burst {
                count: usize::try_from(number("count")?).unwrap_or(usize::MAX),
                within_s: seconds("within_s")?,
            }),
            "same_second" => WebhookFault::SameSecond(seconds("within_s")?),
            "corrupt" => WebhookFault::Corrupt,
            "old_secret" => WebhookFault::Sign(OtherSecret::Previous),
            "wrong_secret" => WebhookFault::Sign(OtherSecret::Wrong),
            _ => WebhookFault::ApiVersion(self.text(kind, "api_version")),
        })
    }

    fn call_fault(&self, kind: &Kind) -> Result<Fault, String> {
        let at_stripe = kind.on == "stripe";
        Ok(match kind.fault {
            "down" => Fault::RefuseBefore,
            "slow" => Fault::Delay(Duration::from_millis(self.number(kind, "delay_ms")?)),
            "throttle" => Fault::Throttle,
            // Stripe keeps its 500s under the idempotency key.
            "error_before" if at_stripe => Fault::Kept500Before,
            "error_after" if at_stripe => Fault::Kept500After,
            "error_before" => Fault::Status500Before,
            "error_after" => Fault::Status500After,
            "lost_answer" => Fault::LoseAnswer,
            "timeout" => Fault::TimeoutAfter,
            "conflict" => Fault::TransactionConflict(0),
            _ => Fault::StaleRead,
        })
    }

    /// A setting's number, or what it is if nothing was said.
    fn number(&self, kind: &Kind, name: &str) -> Result<u64, String> {
        let setting = kind.settings.iter().find(|setting| setting.name == name);
        let setting = setting.ok_or_else(|| format!("{} has no {name}", kind.fault))?;
        let given = self.given().into_iter().find(|(given, _)| *given == name);
        match given.and_then(|(_, value)| value) {
            Some(value) => setting.checked(value),
            None => setting
                .otherwise
                .parse()
                .map_err(|_| format!("{name} is needed")),
        }
    }

    fn text(&self, kind: &Kind, name: &str) -> String {
        let setting = kind.settings.iter().find(|setting| setting.name == name);
        let otherwise = setting.map_or("", |setting| setting.otherwise);
        self.api_version.as_deref().unwrap_or(otherwise).to_owned()
    }

    /// `Stripe cannot be reached`, and what it is limited to.
    fn words(&self, kind: &Kind) -> String {
        let subject = match kind.on {
            "webhooks" => self.event_type.clone().map_or_else(
                || "Webhooks".to_owned(),
                |pattern| format!("Webhooks of {pattern}"),
            ),
            "function" => self.function.clone().unwrap_or_else(|| WORKER.to_owned()),
            "stripe" => "Stripe".to_owned(),
            "dynamodb" => "DynamoDB".to_owned(),
            other => other.to_uppercase(),
        };
        let mut words = format!("{subject} {}", kind.does);
        for setting in kind.settings {
            let value = match self.number(kind, setting.name) {
                Ok(number) => number.to_string(),
                Err(_) => self.text(kind, setting.name),
            };
            words.push_str(&format!("; {}: {value}", setting.means));
        }
        if let Some(operation) = &self.operation {
            words.push_str(&format!("; only {operation}"));
        }
        if let Some(function) = self.function.as_ref().filter(|_| kind.on != "function") {
            words.push_str(&format!("; only for {function}"));
        }
        words
    }
}
