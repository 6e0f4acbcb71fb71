//! Fact: who may do what, up to which amount. Everything that is not named here is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{Cents, Currency, Money};
use crate::staff::Role;

/// What an administrator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// Invite administrators, change their roles, disable them.
    ManageStaff,
    /// Change the limits.
    ChangeLimits,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 18] = [
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
            | Self::AcknowledgeAlert => Role::Support,
            Self::ReplayEvents | Self::Approve => Role::Billing,
            Self::ManageStaff | Self::ChangeLimits => Role::Owner,
        }
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
            | Self::ReplayEvents => false,
        }
    }

    /// Whether `role` may do it at all.
    pub fn is_for(self, role: Role) -> bool {
        role >= self.least_role()
    }
}

/// What one role may do by itself. Amounts are in [`LIMIT_CURRENCY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
mod tests {
    use super::*;

    fn refund(cents: i64) -> Request {
        Request {
            amount: Some(Money::new(cents, Currency::USD)),
            ..Request::default()
        }
    }

    fn needs(concerns: &[Concern], approver: Role) -> Verdict {
        Verdict::NeedsApproval {
            concerns: concerns.to_vec(),
            approver,
        }
    }

    #[test]
    fn each_role_may_do_what_the_one_below_may_and_a_viewer_only_reads() {
        let policy = Policy::default();
        let may = |role: Role| {
            let operations = Operation::ALL.into_iter();
            operations
                .filter(|it| policy.decide(role, *it, &Request::default()) == Verdict::Allowed)
                .collect::<Vec<_>>()
        };
        assert_eq!(may(Role::Viewer), [Operation::Read]);
        for pair in Role::ALL.windows(2) {
            assert!(may(pair[0]).iter().all(|it| may(pair[1]).contains(it)));
        }
        assert!(!may(Role::Support).contains(&Operation::Approve));
        assert!(!may(Role::Billing).contains(&Operation::ManageStaff));
        assert_eq!(may(Role::Owner).len(), Operation::ALL.len());
    }

    #[test]
    fn a_refund_is_allowed_up_to_its_limit_and_not_a_cent_more() {
        let policy = Policy::default();
        let decide = |role, request: &Request| policy.decide(role, Operation::Refund, request);
        assert_eq!(decide(Role::Support, &refund(20_000)), Verdict::Allowed);
        let over = [Concern::OverActionLimit];
        assert_eq!(
            decide(Role::Support, &refund(20_001)),
            needs(&over, Role::Billing)
        );
        assert_eq!(decide(Role::Billing, &refund(60_000)), Verdict::Allowed);
        assert_eq!(
            decide(Role::Billing, &refund(60_001)),
            needs(&over, Role::Owner)
        );
        assert_eq!(decide(Role::Viewer, &refund(1)), Verdict::Refused);
    }

    #[test]
    fn a_day_has_its_limit_too() {
        let policy = Policy::default();
        let request = |given_today| Request {
            given_today: Cents(given_today),
            ..refund(10_000)
        };
        let decide = |given| policy.decide(Role::Support, Operation::Refund, &request(given));
        assert_eq!(decide(50_000), Verdict::Allowed);
        let over = needs(&[Concern::OverDayLimit], Role::Billing);
        assert_eq!(decide(50_001), over);
        assert_eq!(decide(i64::MAX), over);
    }

    #[test]
    fn a_dispute_a_duplicate_and_another_currency_always_need_a_second_person() {
        let policy = Policy::default();
        for concern in [Concern::Disputed, Concern::Duplicate] {
            let request = Request {
                concerns: vec![concern],
                ..refund(1)
            };
            let verdict = policy.decide(Role::Owner, Operation::Refund, &request);
            assert_eq!(verdict, needs(&[concern], Role::Billing));
        }
        let yen = Request {
            amount: Some(Money::new(1, "jpy".parse().unwrap())),
            ..Request::default()
        };
        let verdict = policy.decide(Role::Owner, Operation::Refund, &yen);
        assert_eq!(verdict, needs(&[Concern::OtherCurrency], Role::Billing));
    }

    #[test]
    fn days_have_a_limit_as_well() {
        let policy = Policy::default();
        let decide = |role, days| {
            let request = Request {
                days: Some(days),
                ..Request::default()
            };
            policy.decide(role, Operation::Extend, &request)
        };
        assert_eq!(decide(Role::Support, 7), Verdict::Allowed);
        let over = needs(&[Concern::OverActionLimit], Role::Billing);
        assert_eq!(decide(Role::Support, 8), over);
        assert_eq!(decide(Role::Billing, 31), Verdict::Allowed);
    }

    #[test]
    fn limits_are_changed_within_reason() {
        let policy = Policy::default();
        let limits = |action, day| Limits {
            per_action_cents: Cents(action),
            per_day_cents: Cents(day),
            extend_days: 7,
        };
        let changed = policy.with(Role::Support, limits(0, 0)).unwrap();
        let verdict = changed.decide(Role::Support, Operation::Refund, &refund(1));
        assert_ne!(verdict, Verdict::Allowed);
        for (role, refused) in [
            (Role::Support, limits(-1, 10)),
            (Role::Support, limits(10, 9)),
            (
                Role::Owner,
                limits(LIMIT_CENTS_MAX + 1, LIMIT_CENTS_MAX + 1),
            ),
            (Role::Viewer, limits(1, 1)),
        ] {
            assert!(policy.with(role, refused).is_err(), "{role} {refused:?}");
        }
    }
}
