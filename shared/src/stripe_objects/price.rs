//! Prices: what one period of a plan costs.

use serde::Deserialize;

use super::read::open_enum;
use crate::id::PriceId;
use crate::money::{Cents, Currency};

/// A price of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Price {
    /// Stripe's identifier.
    pub id: PriceId,
    /// The name we know it by. `None` for a price that is not of our catalogue.
    #[serde(default)]
    pub lookup_key: Option<String>,
    /// For one period and a quantity of one. `None` for tiered prices and for fractions of a cent.
    #[serde(default)]
    pub unit_amount: Option<Cents>,
    /// What it is counted in.
    pub currency: Currency,
    /// How often it is paid. `None` for a price that is paid once.
    #[serde(default)]
    pub recurring: Option<Recurring>,
}

/// The period of a price: `interval_count` times `interval`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recurring {
    /// The unit.
    pub interval: Interval,
    /// How many of them: three months are one period.
    pub interval_count: u32,
}

open_enum! {
    /// The unit of a billing period.
    Interval {
        /// A day.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A calendar year.
        Year = "year",
    }
}
