//! What an invoice would be.

use serde::Deserialize;

use super::List;
use super::read;
use crate::money::{Cents, Currency, Money};
use crate::time::Timestamp;

/// An invoice that is only foreseen, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreviewInvoice {
    /// What all its amounts are counted in.
    pub currency: Currency,
    /// To be paid: the total less what the customer's balance covers; never less than nothing.
    pub amount_due: Cents,
    /// The sum of its lines. Less than nothing where the customer gets something back.
    pub total: Cents,
    /// What the customer's balance is before, and after. What the customer has is negative.
    pub starting_balance: Cents,
    /// After.
    #[serde(default)]
    pub ending_balance: Option<Cents>,
    /// Its lines.
    pub lines: List<PreviewLine>,
}

impl PreviewInvoice {
    /// What would be charged.
    pub const fn due(&self) -> Money {
        Money {
            amount: self.amount_due,
            currency: self.currency,
        }
    }
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreviewLine {
    /// In Stripe's words.
    #[serde(default)]
    pub description: Option<String>,
    /// How much; negative where it is taken off.
    pub amount: Cents,
    /// What it is for.
    pub period: LinePeriod,
}

/// From when to when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LinePeriod {
    /// From.
    #[serde(deserialize_with = "read::time")]
    pub start: Timestamp,
    /// To.
    #[serde(deserialize_with = "read::time")]
    pub end: Timestamp,
}
