//! Fact: the mails that are owed. One is owed from the moment its cause is recorded, in the same transaction.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::credential::{INVITATION_S, RESET_S};
use crate::id::{CustomerId, EventId, PersonId};
use crate::money::Money;
use crate::plan::Plan;
use crate::policy::Operation;
use crate::staff::Role;
use crate::time::Timestamp;

/// Seconds after which something is no longer told by mail: what came to light a week late is for a person to explain.
pub const TOLD_WITHIN_S: i64 = 7 * 24 * 60 * 60;

/// One mail, without the address: whoever sends it looks up where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Made from the cause, so that one cause never owes two.
    pub id: String,
    /// Who is to have it.
    pub to: Recipient,
    /// What it says.
    pub kind: MailKind,
}

/// Who is to have a mail: by what is known of them where it is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A customer at Stripe.
    Customer(CustomerId),
    /// Somebody who can sign in, or is to be able to.
    Person(PersonId),
}

/// What SES tells of a mail after it took it, in words without the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feedback {
    /// It came back; said why.
    CameBack(String),
    /// It arrived, and whoever got it told their provider that it is spam.
    TakenForSpam,
}

impl fmt::Display for Feedback {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CameBack(why) => write!(out, "it came back: {why}"),
            Self::TakenForSpam => out.write_str("it was taken for spam"),
        }
    }
}

/// What a mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum MailKind {
    /// A plan has begun.
    Welcome {
        /// Which.
        plan: Plan,
    },
    /// A plan has turned into another.
    PlanChanged {
        /// The plan before.
        from: Plan,
        /// The plan now.
        to: Plan,
    },
    /// A payment did not go through.
    PaymentFailed {
        /// What is missing.
        amount: Money,
        /// The how-manieth attempt it was.
        attempt: u32,
        /// When Stripe tries again; none where it has given up.
        next_attempt_at: Option<Timestamp>,
    },
    /// A payment that had failed went through.
    PaymentRecovered {
        /// What was paid.
        amount: Money,
    },
    /// A link to set a new password by. The link itself is made when the mail is sent and is kept nowhere.
    PasswordReset,
    /// The same for somebody who is to be an administrator.
    Invitation {
        /// As what.
        role: Role,
    },
    /// Money was given back.
    Refunded {
        /// How much.
        amount: Money,
    },
    /// An administrator's request waits for approval.
    ApprovalRequested {
        /// What was asked for.
        operation: Operation,
    },
    /// Somebody tried to buy a plan with the address of a user, without being signed in.
    CheckoutAttempted,
}

impl MailKind {
    /// For how many seconds the link in it lets somebody in; none where no link does.
    pub const fn link_lasts_s(self) -> Option<i64> {
        match self {
            Self::PasswordReset => Some(RESET_S),
            Self::Invitation { .. } => Some(INVITATION_S),
            Self::Welcome { .. }
            | Self::PlanChanged { .. }
            | Self::PaymentFailed { .. }
            | Self::PaymentRecovered { .. }
            | Self::Refunded { .. }
            | Self::ApprovalRequested { .. }
            | Self::CheckoutAttempted => None,
        }
    }
}

impl Mail {
    /// A mail about `subject` (a subscription's or an invoice's id), owed because of an event.
    pub fn owed(kind: MailKind, customer: CustomerId, subject: &str, event: &EventId) -> Self {
        let id = match kind {
            MailKind::Welcome { .. } => format!("welcome#{subject}"),
            // A plan can go back and forth; each change is told.
            MailKind::PlanChanged { .. } => format!("plan_changed#{subject}#{event}"),
            MailKind::PaymentFailed { attempt, .. } => {
                format!("payment_failed#{subject}#{attempt}")
            }
            MailKind::PaymentRecovered { .. } => format!("payment_recovered#{subject}"),
            MailKind::PasswordReset
            | MailKind::Invitation { .. }
            | MailKind::Refunded { .. }
            | MailKind::ApprovalRequested { .. }
            | MailKind::CheckoutAttempted => {
                format!("asked_for#{subject}#{event}")
            }
        };
        let to = Recipient::Customer(customer);
        Self { id, to, kind }
    }

    /// A mail to a customer because of an action, by its id.
    pub fn to_customer(kind: MailKind, customer: CustomerId, action: &str) -> Self {
        Self {
            id: format!("action#{action}"),
            to: Recipient::Customer(customer),
            kind,
        }
    }

    /// A mail to somebody because of a request, by its id.
    pub fn to_person(kind: MailKind, person: PersonId, request: &str) -> Self {
        Self {
            id: format!("asked_for#{person}#{request}"),
            to: Recipient::Person(person),
            kind,
        }
    }
}
