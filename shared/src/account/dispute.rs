//! Fact: a dispute, with its deadline. While it is open, and after it is lost, its amount is not the company's.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record, Totals};
use crate::alert::Alert;
use crate::event::Subject;
use crate::id::ChargeId;
use crate::money::Money;
use crate::plan::Catalogue;
use crate::stripe_objects as seen;
use crate::time::Timestamp;

/// What is known of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The charge that is disputed.
    pub charge: Option<ChargeId>,
    /// How much.
    pub amount: Money,
    /// Stripe's word for where it stands.
    pub status: String,
    /// Stripe's word for what the customer claims.
    pub reason: Option<String>,
    /// Until when evidence is taken.
    pub evidence_due_by: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
}

impl From<&seen::Dispute> for Dispute {
    fn from(seen: &seen::Dispute) -> Self {
        Self {
            charge: seen.charge.clone(),
            amount: Money::new(seen.amount, seen.currency),
            status: seen.status.clone(),
            reason: seen.reason.clone(),
            evidence_due_by: seen.due_by().map(Timestamp::from_s),
            created_at: Timestamp::from_s(seen.created),
        }
    }
}

impl Dispute {
    /// What is withheld from us by it: an inquiry withholds nothing, and what is won comes back.
    fn withheld_cents(&self) -> i64 {
        match self.status.as_str() {
            "needs_response" | "under_review" | "lost" => self.amount.amount.0,
            _ => 0,
        }
    }
}

impl Facts for Dispute {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Dispute(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        match self.status.as_str() {
            "warning_needs_response" => 0,
            "warning_under_review" => 1,
            "needs_response" => 2,
            "under_review" => 3,
            "warning_closed" | "won" | "lost" | "prevented" => 4,
            _ => 2,
        }
    }
}

pub(super) fn after(
    stored: Option<&Kept<Dispute>>,
    seen: &seen::Dispute,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let facts = Dispute::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    let customer = news.customer_of(seen.charge.as_ref(), stored)?;
    let disputed_cents =
        facts.withheld_cents() - stored.map_or(0, |kept| kept.facts.withheld_cents());
    let totals = (disputed_cents != 0).then_some(Totals {
        disputed_cents,
        ..Totals::nothing(seen.currency)
    });
    let alerts = if stored.is_none() {
        vec![Alert::dispute_opened(&seen.id)]
    } else {
        Vec::new()
    };
    let record = Record::Dispute(seen.id.clone(), news.keep(facts, customer));
    Ok(Change {
        alerts,
        totals,
        ..Change::of(record, replaces)
    })
}
