//! Fact: who may do what, up to which amount. Everything that is not named here is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::{Cents, Currency, Money};
use crate::staff::Role;

/// What an administrator does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Look at anything but what has an operation of its own.
    Read,
    /// Write a note on a customer.
    Note,
    /// Have a link sent by which a customer sets a new password.
    ResetPassword,
    /// Move a customer to another plan.
    ChangePlan,
    /// Give money back.
    Refund,
    /// End a subscription, now or with its period.
    Cancel,
    /// Take back that a subscription ends with its period.
    UndoCancel,
    /// Stop collecting payments.
    PauseCollection,
    /// Collect payments again.
    ResumeCollection,
    /// Put off the next payment.
    Extend,
    /// Try an open invoice now.
    RetryPayment,
    /// Put money to a customer's balance.
    Credit,
    /// Fetch a customer from Stripe and put the record right.
    Resync,
    /// Take on an alert.
    AcknowledgeAlert,
    /// Have events tried anew.
    ReplayEvents,
    /// Decide on what others ask for.
    Approve,
    /// Take back what one has asked for.
    Withdraw,
    /// Invite administrators, change their roles, disable them.
    ManageStaff,
    /// Change the limits.
    ChangeLimits,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 19] = [
        Self::Read,
        Self::Note,
        Self::ResetPassword,
        Self::ChangePlan,
        Self::Refund,
        Self::Cancel,
        Self::UndoCancel,
        Self::PauseCollection,
        Self::ResumeCollection,
        Self::Extend,
        Self::RetryPayment,
        Self::Credit,
        Self::Resync,
        Self::AcknowledgeAlert,
        Self::ReplayEvents,
        Self::Approve,
        Self::Withdraw,
        Self::ManageStaff,
        Self::ChangeLimits,
    ];

    /// The word in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Note => "note",
            Self::ResetPassword => "reset_password",
            Self::ChangePlan => "change_plan",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::UndoCancel => "undo_cancel",
            Self::PauseCollection => "pause_collection",
            Self::ResumeCollection => "resume_collection",
            Self::Extend => "extend",
            Self::RetryPayment => "retry_payment",
            Self::Credit => "credit",
            Self::Resync => "resync",
            Self::AcknowledgeAlert => "acknowledge_alert",
            Self::ReplayEvents => "replay_events",
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::ManageStaff => "manage_staff",
            Self::ChangeLimits => "change_limits",
        }
    }

    /// The least role that may do it at all, within its limits.
    pub const fn least_role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::Note
            | Self::ResetPassword
            | Self::ChangePlan
            | Self::Refund
            | Self::Cancel
            | Self::UndoCancel
            | Self::PauseCollection
            | Self::ResumeCollection
            | Self::Extend
            | Self::RetryPayment
            | Self::Credit
            | Self::Resync
            | Self::AcknowledgeAlert
            | Self::Withdraw => Role::Support,
            Self::ReplayEvents | Self::Approve => Role::Billing,
            Self::ManageStaff | Self::ChangeLimits => Role::Owner,
        }
    }

    /// Whether the limits of a role apply to it.
    pub const fn is_limited(self) -> bool {
        matches!(self, Self::Refund | Self::Credit | Self::Extend)
    }

    /// Whether a code of the authenticator must have been shown within the last minutes: what moves money, or decides who
    /// may.
    pub const fn needs_step_up(self) -> bool {
        match self {
            Self::ChangePlan
            | Self::Refund
            | Self::Cancel
            | Self::UndoCancel
            | Self::PauseCollection
            | Self::ResumeCollection
            | Self::Extend
            | Self::RetryPayment
            | Self::Credit
            | Self::Approve
            | Self::ManageStaff
            | Self::ChangeLimits => true,
            Self::Read
            | Self::Note
            | Self::ResetPassword
            | Self::Resync
            | Self::AcknowledgeAlert
            | Self::ReplayEvents
            | Self::Withdraw => false,
        }
    }

    /// Whether `role` may do it at all.
    pub fn is_for(self, role: Role) -> bool {
        role >= self.least_role()
    }
}

/// What one role may do by itself. Amounts are in [`LIMIT_CURRENCY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The most that one refund or credit may be.
    pub per_action_cents: Cents,
    /// The most that an administrator may refund and credit in a day, in UTC.
    pub per_day_cents: Cents,
    /// The most days that a payment may be put off.
    pub extend_days: u32,
}

/// The currency of the limits. Whatever is in another one needs approval.
pub const LIMIT_CURRENCY: Currency = Currency::USD;

/// The largest limit that may be set, in cents: above it a second person always looks.
pub const LIMIT_CENTS_MAX: i64 = 1_000_000;

/// The most days that a payment may be put off without approval, whatever the limits.
pub const EXTEND_DAYS_MAX: u32 = 90;

/// The limits of every role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy(BTreeMap<Role, Limits>);

/// Something about a request because of which one person is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// More than the role may do at once.
    OverActionLimit,
    /// More than the role may do in a day.
    OverDayLimit,
    /// Another currency than the limits are in.
    OtherCurrency,
    /// The charge is disputed: what is refunded may be lost twice.
    Disputed,
    /// The same customer got the same amount within a day.
    Duplicate,
}

/// What is decided about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may be done.
    Allowed,
    /// It may be done once somebody of at least this role approves.
    NeedsApproval {
        /// Why.
        concerns: Vec<Concern>,
        /// Who may approve.
        approver: Role,
    },
    /// The role may not do it.
    Refused,
}

/// A verdict in one word, as it goes over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Verdict)]
#[expect(missing_docs, reason = "each variant is as in `Verdict`")]
pub enum VerdictWord {
    Allowed,
    NeedsApproval,
    Refused,
}

impl Verdict {
    /// The word on the wire, why one person is not enough, and who may approve.
    pub fn parts(self) -> (VerdictWord, Vec<Concern>, Option<Role>) {
        match self {
            Self::Allowed => (VerdictWord::Allowed, Vec::new(), None),
            Self::NeedsApproval { concerns, approver } => {
                (VerdictWord::NeedsApproval, concerns, Some(approver))
            }
            Self::Refused => (VerdictWord::Refused, Vec::new(), None),
        }
    }
}

/// What a request is about, as far as the policy looks at it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The money that is given.
    pub amount: Option<Money>,
    /// What the administrator has given today already, in cents of [`LIMIT_CURRENCY`].
    pub given_today: Cents,
    /// Days by which a payment is put off.
    pub days: Option<u32>,
    /// What else is to be considered.
    pub concerns: Vec<Concern>,
}

impl Default for Policy {
    /// The limits until an owner changes them.
    fn default() -> Self {
        let limits = |action, day, extend_days| Limits {
            per_action_cents: Cents(action),
            per_day_cents: Cents(day),
            extend_days,
        };
        Self(BTreeMap::from([
            (Role::Viewer, limits(0, 0, 0)),
            (Role::Support, limits(20_000, 60_000, 7)),
            (Role::Billing, limits(60_000, 300_000, 31)),
            (Role::Owner, limits(100_000, 500_000, 31)),
        ]))
    }
}

/// Why limits cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    /// A number is negative or too large.
    #[error("{0}: each amount is from 0 to {LIMIT_CENTS_MAX} cents, and days to {EXTEND_DAYS_MAX}")]
    OutOfRange(Role),
    /// A day has less room than one action.
    #[error("{0}: the limit of a day is at least that of one action")]
    DayBelowAction(Role),
    /// A viewer does nothing.
    #[error("viewer: reads, and has no limits")]
    Viewer,
}

impl Policy {
    /// The limits of a role.
    pub fn limits(&self, role: Role) -> Limits {
        let none = Limits {
            per_action_cents: Cents::ZERO,
            per_day_cents: Cents::ZERO,
            extend_days: 0,
        };
        self.0.get(&role).copied().unwrap_or(none)
    }

    /// The policy with other limits for a role.
    ///
    /// # Errors
    /// [`LimitsError`].
    pub fn with(&self, role: Role, limits: Limits) -> Result<Self, LimitsError> {
        if role == Role::Viewer {
            return Err(LimitsError::Viewer);
        }
        let in_range = |cents: Cents| (0..=LIMIT_CENTS_MAX).contains(&cents.0);
        if !in_range(limits.per_action_cents)
            || !in_range(limits.per_day_cents)
            || limits.extend_days > EXTEND_DAYS_MAX
        {
            return Err(LimitsError::OutOfRange(role));
        }
        if limits.per_day_cents < limits.per_action_cents {
            return Err(LimitsError::DayBelowAction(role));
        }
        let mut changed = self.clone();
        changed.0.insert(role, limits);
        Ok(changed)
    }

    /// What is decided about `operation` when somebody of `role` asks for it.
    pub fn decide(&self, role: Role, operation: Operation, request: &Request) -> Verdict {
        if !operation.is_for(role) {
            return Verdict::Refused;
        }
        let mut concerns = request.concerns.clone();
        let mut approver = Role::Billing;
        let limits = self.limits(role);
        if let Some(amount) = request.amount {
            if amount.currency != LIMIT_CURRENCY {
                concerns.push(Concern::OtherCurrency);
            } else if amount.amount > limits.per_action_cents {
                concerns.push(Concern::OverActionLimit);
            }
            let today = request.given_today.checked_add(amount.amount);
            if today.is_none_or(|today| today > limits.per_day_cents) {
                concerns.push(Concern::OverDayLimit);
            }
            if amount.amount > self.limits(Role::Billing).per_action_cents {
                approver = Role::Owner;
            }
        }
        if request.days.is_some_and(|days| days > limits.extend_days) {
            concerns.push(Concern::OverActionLimit);
        }
        if concerns.is_empty() {
            Verdict::Allowed
        } else {
            Verdict::NeedsApproval { concerns, approver }
        }
    }
}

#[cfg(test)]
mod tests;
