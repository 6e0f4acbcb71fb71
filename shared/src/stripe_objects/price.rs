//! Prices: what one period of a plan costs.

use serde::Deserialize;

use super::read::open_enum;
use crate::id::PriceId;
use crate::money::{Cents, Currency, Money};

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

impl Price {
    /// What it comes to in a month of a twelfth of a year, rounded to the cent; none where it is not paid again and again.
    pub fn monthly(&self) -> Option<Money> {
        let recurring = self.recurring.as_ref()?;
        let (times, months) = match recurring.interval {
            Interval::Day => (365, 12),
            Interval::Week => (52, 12),
            Interval::Month => (1, 1),
            Interval::Year => (1, 12),
            Interval::Other(_) => return None,
        };
        let divisor = i64::from(recurring.interval_count).checked_mul(months)?;
        let doubled = self.unit_amount?.0.checked_mul(2 * times)?;
        let cents = doubled.checked_add(divisor)?.checked_div(2 * divisor)?;
        Some(Money::new(cents, self.currency))
    }
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
