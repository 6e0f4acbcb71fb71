//! Subscription schedules: which plan follows which.

use serde::Deserialize;

use super::Metadata;
use super::read::{self, open_enum};
use crate::id::{CustomerId, PriceId, ScheduleId, SubscriptionId};
use crate::time::Timestamp;

/// A subscription schedule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Schedule {
    /// Stripe's identifier.
    pub id: ScheduleId,
    /// Where it stands.
    pub status: ScheduleStatus,
    /// The subscription it changes. `None` before it starts and after it let go.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub subscription: Option<SubscriptionId>,
    /// Who pays.
    #[serde(deserialize_with = "read::id")]
    pub customer: CustomerId,
    /// What is paid for, and from when to when; each begins where the one before ends.
    #[serde(default, deserialize_with = "read::or_default")]
    pub phases: Vec<Phase>,
    /// The subscription it let go.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub released_subscription: Option<SubscriptionId>,
    /// What we wrote on it.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
}

/// A stretch of time in which the same is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Phase {
    /// When it begins.
    #[serde(deserialize_with = "read::time")]
    pub start_date: Timestamp,
    /// When it ends.
    #[serde(deserialize_with = "read::time")]
    pub end_date: Timestamp,
    /// What is paid for.
    pub items: Vec<PhaseItem>,
}

/// One thing paid for during a phase.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PhaseItem {
    /// What it costs.
    #[serde(deserialize_with = "read::id")]
    pub price: PriceId,
    /// How many.
    #[serde(default)]
    pub quantity: Option<u64>,
}

open_enum! {
    /// Where a schedule stands.
    ScheduleStatus {
        /// Its first phase is yet to come.
        NotStarted = "not_started",
        /// It is changing its subscription.
        Active = "active",
        /// All its phases are over.
        Completed = "completed",
        /// It let its subscription go on without it.
        Released = "released",
        /// It ended together with its subscription.
        Canceled = "canceled",
    }
}
