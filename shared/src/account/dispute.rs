//! Fact: a dispute, with its deadline. While it is open, and after it is lost, its amount is not the company's.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record, Totals};
use crate::alert::Alert;
use crate::event::Subject;
use crate::figures::Figure;
use crate::id::ChargeId;
use crate::money::Money;
use crate::plan::Catalogue;
use crate::stripe_objects::{self as seen, DisputeStatus};
use crate::time::Timestamp;

/// What is known of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The charge that is disputed.
    pub charge: ChargeId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: DisputeStatus,
    /// Stripe's word for what the customer claims.
    pub reason: String,
    /// Until when evidence is taken.
    pub evidence_due_by: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
}

impl From<&seen::Dispute> for Dispute {
    fn from(seen: &seen::Dispute) -> Self {
        Self {
            charge: seen.charge.clone(),
            amount: Money {
                amount: seen.amount,
                currency: seen.currency,
            },
            status: seen.status.clone(),
            reason: seen.reason.clone(),
            evidence_due_by: seen.evidence_details.due_by,
            created_at: seen.created,
        }
    }
}

impl Dispute {
    /// Whether nobody can answer it any more.
    pub fn is_closed(&self) -> bool {
        self.progress() == CLOSED
    }

    /// What is withheld from us by it: an inquiry withholds nothing, and what is won comes back.
    fn withheld_cents(&self) -> i64 {
        match self.status {
            DisputeStatus::NeedsResponse | DisputeStatus::UnderReview | DisputeStatus::Lost => {
                self.amount.amount.0
            }
            _ => 0,
        }
    }
}

/// How far a dispute has come that nobody can answer any more.
const CLOSED: u64 = 4;

impl Facts for Dispute {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Dispute(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        match self.status {
            DisputeStatus::WarningNeedsResponse => 0,
            DisputeStatus::WarningUnderReview => 1,
            DisputeStatus::NeedsResponse | DisputeStatus::Other(_) => 2,
            DisputeStatus::UnderReview => 3,
            DisputeStatus::WarningClosed
            | DisputeStatus::Won
            | DisputeStatus::Lost
            | DisputeStatus::Prevented => CLOSED,
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
    let customer = news.customer_of(Some(&seen.charge), stored)?;
    let disputed_cents =
        facts.withheld_cents() - stored.map_or(0, |kept| kept.facts.withheld_cents());
    let totals = (disputed_cents != 0).then_some(Totals {
        disputed_cents,
        ..Totals::nothing(seen.currency)
    });
    let figure = (disputed_cents > 0).then_some(Figure::Disputed {
        amount: facts.amount,
    });
    let alerts = if stored.is_none() && !facts.is_closed() {
        vec![Alert::dispute_opened(&seen.id)]
    } else {
        Vec::new()
    };
    let record = Record::Dispute(seen.id.clone(), news.keep(facts, customer));
    Ok(Change {
        alerts,
        totals,
        figure,
        ..Change::of(record, replaces)
    })
}
