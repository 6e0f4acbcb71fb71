//! Fact: a charge that was refunded, with what is left of it.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::event::Subject;
use crate::money::Money;
use crate::plan::Catalogue;
use crate::stripe_objects as seen;
use crate::time::Timestamp;

/// What is known of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// What was taken.
    pub captured: Money,
    /// What was given back, including what is on its way.
    pub refunded: Money,
    /// A dispute was opened on it.
    pub disputed: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<&seen::Charge> for Charge {
    fn from(seen: &seen::Charge) -> Self {
        let money = |amount| Money {
            amount,
            currency: seen.currency,
        };
        Self {
            captured: money(seen.amount_captured),
            refunded: money(seen.amount_refunded),
            disputed: seen.disputed,
            created_at: seen.created,
        }
    }
}

impl Facts for Charge {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Charge(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    /// Of two states in one second the one with more refunded is taken for the newer only by asking: a failed refund
    /// gives the amount back to the charge.
    fn progress(&self) -> u64 {
        0
    }
}

pub(super) fn after(
    stored: Option<&Kept<Charge>>,
    seen: &seen::Charge,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let facts = Charge::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    let record = Record::Charge(seen.id.clone(), news.keep(facts, seen.customer.clone()));
    Ok(Change::of(record, replaces))
}
