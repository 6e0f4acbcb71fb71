//! Fact: a schedule, by which a subscription changes plan without anybody doing anything.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::event::Subject;
use crate::id::{PriceId, SubscriptionId};
use crate::plan::{Catalogue, PLAN_KEY, Plan};
use crate::stripe_objects::{self as seen, ScheduleStatus};
use crate::time::Timestamp;

/// What is known of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Where it stands.
    pub status: ScheduleStatus,
    /// The subscription it changes, or changed until it was released.
    pub subscription: Option<SubscriptionId>,
    /// What it goes through, in order.
    pub phases: Vec<Phase>,
    /// The plan it leads to, as we wrote on it: its phases name their prices by ids, which say nothing of a plan.
    #[serde(default)]
    pub to: Option<Plan>,
}

/// One stretch of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// The price during it, which Stripe names by its id only.
    pub price: Option<PriceId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl From<&seen::Schedule> for Schedule {
    fn from(seen: &seen::Schedule) -> Self {
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
                    price: phase.items.first().map(|item| item.price.clone()),
                    starts_at: phase.start_date,
                    ends_at: phase.end_date,
                })
                .collect(),
            to: seen
                .metadata
                .get(PLAN_KEY)
                .and_then(|key| Plan::of_key(key)),
        }
    }
}

impl Facts for Schedule {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Schedule(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        match self.status {
            ScheduleStatus::NotStarted => 0,
            ScheduleStatus::Active | ScheduleStatus::Other(_) => 1,
            ScheduleStatus::Completed | ScheduleStatus::Released | ScheduleStatus::Canceled => 2,
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
    let facts = Schedule::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    let record = Record::Schedule(
        seen.id.clone(),
        news.keep(facts, Some(seen.customer.clone())),
    );
    Ok(Change::of(record, replaces))
}
