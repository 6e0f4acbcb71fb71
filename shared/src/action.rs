//! Fact: what an administrator has done to a customer: an order with frozen parameters, and how far it has come. The intent
//! is on record before Stripe is asked, so that money never moves unrecorded.

pub mod order;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

pub use order::{Order, When};

use crate::id::{ActionId, AdminId, CustomerId};
use crate::money::{Cents, Money};
use crate::policy::Concern;
use crate::staff::Role;
use crate::time::Timestamp;

/// Seconds for which a request waits for somebody to approve it.
pub const APPROVAL_S: i64 = 24 * 60 * 60;

/// Seconds for which an idempotency key is used: Stripe may forget it after 24 hours, and what it forgot it would do again.
pub const KEY_S: i64 = 23 * 60 * 60;

/// Seconds after which an action that is still executing was left lying by whoever began it.
pub const LEFT_LYING_S: i64 = 2 * 60;

/// Attempts, each under a key of its own, after which a person decides.
pub const ATTEMPTS_MAX: u32 = 5;

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActionState)]
pub enum State {
    /// Somebody has to approve it.
    AwaitingApproval,
    /// Stripe is being asked.
    Executing,
    /// Stripe was asked, and whether it did it is not known: it is looked up.
    Unknown,
    /// Stripe did it.
    Succeeded,
    /// Stripe refused it: nothing was changed.
    Failed,
    /// Somebody decided against it.
    Rejected,
    /// Whoever asked for it took it back.
    Withdrawn,
    /// Nobody decided in time.
    Expired,
}

impl State {
    /// The word in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Executing => "executing",
            Self::Unknown => "unknown",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// Whether Stripe may have been asked and the end is not on record.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Executing | Self::Unknown)
    }
}

/// An action on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Action {
    /// Its id, drawn by the form that asked for it.
    pub id: ActionId,
    /// On whom.
    pub customer: CustomerId,
    /// What.
    pub order: Order,
    /// The hash of customer and order: the same id with another one is another request.
    pub payload_hash: String,
    /// Why, in the words of whoever asked.
    pub reason: String,
    /// Who asked.
    pub requested_by: AdminId,
    /// In which role.
    pub role: Role,
    /// When.
    pub created_at: Timestamp,
    /// How far it has come.
    pub state: State,
    /// Counts the keys under which Stripe was asked.
    pub attempt: u32,
    /// When the present key was used first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attempt_at: Option<Timestamp>,
    /// Why one person was not enough.
    #[serde(default)]
    #[schema(required)]
    pub concerns: Vec<Concern>,
    /// The least role that may approve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub approver: Option<Role>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<AdminId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub settled_at: Option<Timestamp>,
    /// What came of it: Stripe's id of the refund and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub result: Option<String>,
    /// What went wrong, for the administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub failure: Option<String>,
    /// The day from whose budget it was taken; none where it was not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub counted_on: Option<String>,
    /// Counts its changes.
    pub version: u64,
}

/// What becomes of an open action that nobody is at work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Somebody may still be at work on it.
    Wait,
    /// Stripe is asked under the same key.
    SameKey,
    /// It is looked up at Stripe; only where it is not there, Stripe is asked under a new key.
    LookUp,
    /// A person decides.
    Person,
}

impl Action {
    /// The action as it is once it was written.
    #[must_use]
    pub fn written(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// The hash of what a form asked for.
    pub fn hash(customer: &CustomerId, form: &serde_json::Value) -> String {
        let text = serde_json::json!([customer, form]).to_string();
        hex::encode(Sha256::digest(text))
    }

    /// The idempotency key of one of its calls.
    pub fn key(&self, step: &str) -> String {
        format!("action:{}:{}:{step}", self.id, self.attempt)
    }

    /// Until when somebody may approve it.
    pub const fn expires_at(&self) -> Timestamp {
        self.created_at.plus_s(APPROVAL_S)
    }

    /// What becomes of it at `now`, where nobody is at work on it.
    pub fn next(&self, now: Timestamp) -> Next {
        let since = self.attempt_at.unwrap_or(self.created_at);
        let age_s = now.since_s(since);
        match self.state {
            State::Executing if age_s < LEFT_LYING_S => Next::Wait,
            // A crash, or a lost answer: under the same key Stripe does it once.
            State::Executing if age_s < KEY_S => Next::SameKey,
            State::Executing | State::Unknown if self.attempt < ATTEMPTS_MAX => Next::LookUp,
            State::Executing | State::Unknown => Next::Person,
            _ => Next::Wait,
        }
    }

    /// The money that is given by it, and counts against limits.
    pub fn given(&self) -> Option<Money> {
        self.order.given()
    }

    /// What was taken from the budget of the day.
    pub fn counted(&self) -> Cents {
        let counts = self.counted_on.is_some();
        self.given()
            .filter(|_| counts)
            .map_or(Cents::ZERO, |given| given.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    pub(super) fn refund(cents: i64) -> Action {
        let customer = CustomerId::parse("cus_1").unwrap();
        let order = Order::Refund(order::Refund {
            charge: "ch_1".parse().unwrap(),
            amount: Money::new(cents, Currency::USD),
            why: order::RefundReason::PaidTwice,
            then_cancel: None,
        });
        Action {
            id: ActionId::parse(format!("act_{}", "a".repeat(32))).unwrap(),
            payload_hash: Action::hash(&customer, &serde_json::json!(order)),
            customer,
            order,
            reason: "Paid twice".to_owned(),
            requested_by: AdminId::parse(format!("admin_{}", "b".repeat(32))).unwrap(),
            role: Role::Support,
            created_at: Timestamp::from_s(1_767_225_600),
            state: State::Executing,
            attempt: 1,
            attempt_at: Some(Timestamp::from_s(1_767_225_600)),
            concerns: Vec::new(),
            approver: None,
            decided_by: None,
            decided_at: None,
            decision: None,
            settled_at: None,
            result: None,
            failure: None,
            counted_on: None,
            version: 1,
        }
    }

    #[test]
    fn another_amount_is_another_request() {
        assert_eq!(refund(1).payload_hash, refund(1).payload_hash);
        assert_ne!(refund(1).payload_hash, refund(2).payload_hash);
    }

    #[test]
    fn a_key_is_used_for_less_than_a_day_and_a_new_one_only_after_a_look() {
        let action = refund(1);
        let at = |seconds| action.created_at.plus_s(seconds);
        assert_eq!(action.next(at(LEFT_LYING_S - 1)), Next::Wait);
        assert_eq!(action.next(at(LEFT_LYING_S)), Next::SameKey);
        assert_eq!(action.next(at(KEY_S - 1)), Next::SameKey);
        assert_eq!(action.next(at(KEY_S)), Next::LookUp);
        let unknown = Action {
            state: State::Unknown,
            ..refund(1)
        };
        assert_eq!(unknown.next(at(1)), Next::LookUp);
        let tried = Action {
            attempt: ATTEMPTS_MAX,
            ..unknown
        };
        assert_eq!(tried.next(at(1)), Next::Person);
        let settled = Action {
            state: State::Succeeded,
            ..refund(1)
        };
        assert_eq!(settled.next(at(KEY_S)), Next::Wait);
    }
}
