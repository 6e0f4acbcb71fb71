//! Fact: a refund, followed from its making to its end. It can fail weeks after it looked done.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record, Totals};
use crate::event::Subject;
use crate::figures::Figure;
use crate::id::ChargeId;
use crate::money::Money;
use crate::plan::Catalogue;
use crate::stripe_objects::{self as seen, RefundStatus};
use crate::time::Timestamp;

/// What is known of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The charge it gives back from.
    pub charge: Option<ChargeId>,
    /// How much.
    pub amount: Money,
    /// Where it stands. Stripe leaves it out for some old kinds of payment.
    pub status: Option<RefundStatus>,
    /// Stripe's word for why it was made.
    pub reason: Option<String>,
    /// Stripe's word for why it failed.
    pub failure_reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<&seen::Refund> for Refund {
    fn from(seen: &seen::Refund) -> Self {
        Self {
            charge: seen.charge.clone(),
            amount: Money {
                amount: seen.amount,
                currency: seen.currency,
            },
            status: seen.status.clone(),
            reason: seen.reason.clone(),
            failure_reason: seen.failure_reason.clone(),
            created_at: seen.created,
        }
    }
}

impl Refund {
    /// What the customer gets by it: all of it until it has failed.
    fn given_back_cents(&self) -> i64 {
        match self.status {
            Some(RefundStatus::Failed | RefundStatus::Canceled) => 0,
            _ => self.amount.amount.0,
        }
    }
}

impl Facts for Refund {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Refund(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        match self.status {
            Some(RefundStatus::RequiresAction) => 0,
            Some(RefundStatus::Pending | RefundStatus::Other(_)) | None => 1,
            Some(RefundStatus::Succeeded) => 2,
            Some(RefundStatus::Failed | RefundStatus::Canceled) => 3,
        }
    }
}

pub(super) fn after(
    stored: Option<&Kept<Refund>>,
    seen: &seen::Refund,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let facts = Refund::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    let customer = news.customer_of(seen.charge.as_ref(), stored)?;
    let refunded_cents =
        facts.given_back_cents() - stored.map_or(0, |kept| kept.facts.given_back_cents());
    let totals = (refunded_cents != 0).then_some(Totals {
        refunded_cents,
        ..Totals::nothing(seen.currency)
    });
    let figure = (refunded_cents > 0).then_some(Figure::Refunded {
        amount: facts.amount,
    });
    let record = Record::Refund(seen.id.clone(), news.keep(facts, customer));
    Ok(Change {
        totals,
        figure,
        ..Change::of(record, replaces)
    })
}
