//! Fact: what an event counts as in the reports. It is written in the event's own transaction, so that each counts once,
//! however often and however late it came.

mod day;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use day::{Book, Books, DayFigures, Founding, Payments, Sum, Webhooks};

use crate::money::{Currency, Money};
use crate::plan::Plan;

/// What the figures are in. Of money in another currency only the number of cases is counted.
pub const CURRENCY: Currency = Currency::USD;

/// What one event counts as. At most one thing: an event is about one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Figure {
    /// A subscription brings in something else than before, or is of another plan.
    Revenue {
        /// Before.
        before: Held,
        /// After.
        after: Held,
        /// Whether the customer had brought in something at an earlier time.
        returning: bool,
    },
    /// An invoice was paid.
    Paid {
        /// How much.
        amount: Money,
        /// Whether a payment of it had failed.
        recovered: bool,
    },
    /// A payment of an invoice failed for the first time.
    Failed {
        /// What is missing.
        amount: Money,
    },
    /// A refund was made.
    Refunded {
        /// How much.
        amount: Money,
    },
    /// A dispute was opened that takes money.
    Disputed {
        /// How much.
        amount: Money,
    },
}

/// What a customer has by a subscription, and what it brings in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The plan; none before it has begun and after it has ended.
    pub plan: Option<Plan>,
    /// What it brings in a month, in cents of [`CURRENCY`]; 0 for a trial, and while nothing is collected.
    pub mrr_cents: i64,
}

/// What a change of revenue is called.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// The first revenue of a customer.
    New,
    /// More of one subscription.
    Upgrade,
    /// Less of one subscription.
    Downgrade,
    /// Revenue that ended.
    Churn,
    /// Revenue that came back after it was lost.
    Recovered,
}

impl Movement {
    /// What it is called where revenue goes from `before` to `after`; nothing where it stays.
    pub const fn of(before: Held, after: Held, returning: bool) -> Option<Self> {
        match (before.mrr_cents, after.mrr_cents) {
            (before, after) if before == after => None,
            (0, _) if returning => Some(Self::Recovered),
            (0, _) => Some(Self::New),
            (_, 0) => Some(Self::Churn),
            (before, after) if after > before => Some(Self::Upgrade),
            _ => Some(Self::Downgrade),
        }
    }
}
