//! Fact: what an administrator can have done to a customer, with everything Stripe will be asked for in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ChargeId, InvoiceId, PriceId, ScheduleId, SubscriptionId};
use crate::money::Money;
use crate::plan::Plan;
use crate::policy::Operation;
use crate::time::Timestamp;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Order {
    /// Give money back.
    Refund(Refund),
    /// Move to another plan.
    ChangePlan(ChangePlan),
    /// Take back that the plan changes with the period.
    KeepPlan {
        /// Which subscription.
        subscription: SubscriptionId,
        /// What would have changed it.
        schedule: ScheduleId,
        /// What it goes through instead; none where it is let go of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        then: Option<Phases>,
    },
    /// End a subscription.
    Cancel {
        /// Which.
        subscription: SubscriptionId,
        /// When.
        when: When,
        /// The schedule that has to be let go of first, where it ends with its period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        schedule: Option<ScheduleId>,
    },
    /// Take back that a subscription ends with its period.
    UndoCancel {
        /// Which.
        subscription: SubscriptionId,
    },
    /// Stop collecting payments.
    PauseCollection {
        /// Of which subscription.
        subscription: SubscriptionId,
    },
    /// Collect payments again.
    ResumeCollection {
        /// Of which subscription.
        subscription: SubscriptionId,
    },
    /// Put the next payment off.
    Extend {
        /// Of which subscription.
        subscription: SubscriptionId,
        /// By how many days.
        days: u32,
        /// Until when.
        until: Timestamp,
    },
    /// Try an open invoice now.
    RetryPayment {
        /// Which.
        invoice: InvoiceId,
        /// What is missing on it.
        amount: Money,
    },
    /// Put money to the customer's balance, from which the next invoices are paid.
    Credit {
        /// How much.
        amount: Money,
    },
}

/// Money given back from a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RefundOrder)]
pub struct Refund {
    /// The charge.
    pub charge: ChargeId,
    /// How much.
    pub amount: Money,
    /// Why, from our list.
    pub why: RefundReason,
    /// The subscription that is ended with it, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub then_cancel: Option<SubscriptionId>,
}

/// Another plan for a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChangePlanOrder)]
pub struct ChangePlan {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// Its item.
    pub item: String,
    /// The plan before.
    pub from: Plan,
    /// The plan after.
    pub to: Plan,
    /// The price after.
    pub price: PriceId,
    /// When.
    pub when: When,
    /// The moment that prorations are counted from, where it is changed now: the preview's.
    pub prorated_at: Timestamp,
    /// What is charged now, as the preview said. Nothing else is.
    pub due_now: Money,
    /// The schedule that is let go of afterwards, where it is changed now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub schedule: Option<ScheduleId>,
    /// What it goes through, where it is changed with the period.
    pub phases: Phases,
}

/// What a subscription goes through by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phases {
    /// When the first one began.
    pub starts_at: Timestamp,
    /// In order. After the last its price stays.
    pub phases: Vec<Phase>,
    /// The plan it leads to.
    pub to: Plan,
}

/// One price for some months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phase {
    /// What is paid.
    pub price: PriceId,
    /// For how many months.
    pub months: u32,
}

/// When something takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At once.
    Now,
    /// When the period that is paid for ends.
    PeriodEnd,
}

/// Why money is given back. Stripe knows three reasons only, so ours are kept with the action and on the refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// The customer paid twice.
    PaidTwice,
    /// The customer did not want the renewal.
    UnwantedRenewal,
    /// Something of ours did not work.
    ServiceProblem,
    /// The amount was wrong.
    WrongAmount,
    /// Somebody else used the card.
    Fraud,
    /// For goodwill.
    Goodwill,
    /// Something else, which the comment says.
    Other,
}

impl RefundReason {
    /// The word in records, on the wire and in the metadata of the refund.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaidTwice => "paid_twice",
            Self::UnwantedRenewal => "unwanted_renewal",
            Self::ServiceProblem => "service_problem",
            Self::WrongAmount => "wrong_amount",
            Self::Fraud => "fraud",
            Self::Goodwill => "goodwill",
            Self::Other => "other",
        }
    }
}

impl Order {
    /// What the policy calls it.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Refund(_) => Operation::Refund,
            Self::ChangePlan(_) | Self::KeepPlan { .. } => Operation::ChangePlan,
            Self::Cancel { .. } => Operation::Cancel,
            Self::UndoCancel { .. } => Operation::UndoCancel,
            Self::PauseCollection { .. } => Operation::PauseCollection,
            Self::ResumeCollection { .. } => Operation::ResumeCollection,
            Self::Extend { .. } => Operation::Extend,
            Self::RetryPayment { .. } => Operation::RetryPayment,
            Self::Credit { .. } => Operation::Credit,
        }
    }

    /// The money that is given by it, and counts against limits. What the customer owes anyway is not given.
    pub const fn given(&self) -> Option<Money> {
        match self {
            Self::Refund(refund) => Some(refund.amount),
            Self::Credit { amount } => Some(*amount),
            Self::ChangePlan(_)
            | Self::KeepPlan { .. }
            | Self::Cancel { .. }
            | Self::UndoCancel { .. }
            | Self::PauseCollection { .. }
            | Self::ResumeCollection { .. }
            | Self::Extend { .. }
            | Self::RetryPayment { .. } => None,
        }
    }

    /// By how many days a payment is put off.
    pub const fn days(&self) -> Option<u32> {
        match self {
            Self::Extend { days, .. } => Some(*days),
            _ => None,
        }
    }

    /// The charge from which money is given back.
    pub const fn charge(&self) -> Option<&ChargeId> {
        match self {
            Self::Refund(refund) => Some(&refund.charge),
            _ => None,
        }
    }
}
