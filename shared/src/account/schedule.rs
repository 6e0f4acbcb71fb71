//! Fact: a schedule, by which a subscription changes plan without anybody doing anything.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::event::Subject;
use crate::id::SubscriptionId;
use crate::plan::{Catalogue, Plan};
use crate::stripe_objects as seen;
use crate::time::Timestamp;

/// What is known of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Stripe's word for where it stands.
    pub status: String,
    /// The subscription it changes, or changed until it was released.
    pub subscription: Option<SubscriptionId>,
    /// What it goes through, in order.
    pub phases: Vec<Phase>,
}

/// One stretch of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// The plan during it. Stripe names the price by its id only, so this is known where the price came expanded.
    pub plan: Option<Plan>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

impl Schedule {
    fn seen(seen: &seen::Schedule, catalogue: &Catalogue) -> Self {
        Self {
            status: seen.status.clone(),
            subscription: seen
                .subscription
                .clone()
                .or_else(|| seen.released_subscription.clone()),
            phases: seen
                .phases
                .iter()
                .map(|phase| Phase {
                    plan: phase
                        .items
                        .first()
                        .and_then(|item| item.price.expanded())
                        .map(|price| catalogue.plan_of(price)),
                    starts_at: Timestamp::from_s(phase.start_date),
                    ends_at: phase.end_date.map(Timestamp::from_s),
                })
                .collect(),
        }
    }
}

impl Facts for Schedule {
    fn of(subject: &Subject, catalogue: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Schedule(seen) => Some(Self::seen(seen, catalogue)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        match self.status.as_str() {
            "not_started" => 0,
            "completed" | "released" | "canceled" => 2,
            _ => 1,
        }
    }

    fn is_final(&self) -> bool {
        self.progress() == 2
    }
}

pub(super) fn after(
    stored: Option<&Kept<Schedule>>,
    seen: &seen::Schedule,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let facts = Schedule::seen(seen, news.catalogue);
    let replaces = news.replaces(stored, &facts)?;
    let record = Record::Schedule(seen.id.clone(), news.keep(facts, seen.customer.clone()));
    Ok(Change::of(record, replaces))
}
