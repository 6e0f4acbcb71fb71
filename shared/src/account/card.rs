//! Fact: a card or another means of payment, as far as it may be known: its brand and its last four digits.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::event::Subject;
use crate::plan::Catalogue;
use crate::stripe_objects as seen;

/// What is known of a means of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Stripe's word for what it is: `card`, `link`, `us_bank_account` and others.
    pub kind: String,
    /// Such as `visa`; none where it is no card.
    pub brand: Option<String>,
    /// The last four digits.
    pub last4: Option<String>,
    /// The month it expires in, 1 to 12.
    pub exp_month: Option<u8>,
    /// The year it expires in.
    pub exp_year: Option<u16>,
    /// Whether the customer can still be charged by it.
    pub attached: bool,
}

impl From<&seen::PaymentMethod> for Card {
    fn from(seen: &seen::PaymentMethod) -> Self {
        let card = seen.card.as_ref();
        Self {
            kind: seen.kind.clone(),
            brand: card.map(|card| card.brand.clone()),
            last4: card.map(|card| card.last4.clone()),
            exp_month: card.map(|card| card.exp_month),
            exp_year: card.map(|card| card.exp_year),
            attached: seen.customer.is_some(),
        }
    }
}

impl Facts for Card {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::PaymentMethod(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        u64::from(!self.attached)
    }
}

pub(super) fn after(
    stored: Option<&Kept<Card>>,
    seen: &seen::PaymentMethod,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let Some(customer) = news.event.customer().or(seen.customer.as_ref()) else {
        // It belongs to nobody and never did, as far as the event says: there is no account it could change.
        return Err(Outcome::Ignore);
    };
    let facts = Card::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    let record = Record::Card(seen.id.clone(), news.keep(facts, Some(customer.clone())));
    Ok(Change::of(record, replaces))
}
