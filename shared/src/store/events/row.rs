//! Door: what is on record of one event. Identifiers only: whose name and address it told is not kept here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Settlement;
use crate::event::Event;
use crate::figures::Figure;
use crate::money::Money;
use crate::plan::Plan;
use crate::store::deliveries::Delivery;
use crate::time::Timestamp;

/// An event on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Stripe's name of what happened; empty where the body is no event.
    pub kind: String,
    /// When Stripe made it.
    pub created: Timestamp,
    /// The customer it concerns, where it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The object it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// The money it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The change of plan that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_change: Option<Moved>,
    /// What it counts as in the reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// Whether it is about real money.
    pub livemode: bool,
    /// What became of it.
    pub outcome: EventOutcome,
    /// When it first came in.
    pub received_at: Timestamp,
    /// When it was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// The delivery that brought it on record.
    pub recorded_by: String,
    /// How often somebody has taken it up since it was kept; also the number of the lease.
    #[serde(default)]
    pub attempts: u32,
    /// How many of those were before it was last brought back from the dead.
    #[serde(default)]
    pub attempts_before: u32,
    /// How often it was brought back after it had been settled.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revivals: u32,
    /// Why it was refused, quarantined or given up, or why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// From which plan to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// The plan before; none where it began.
    pub from: Option<Plan>,
    /// The plan after; none where it ended.
    pub to: Option<Plan>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    /// Kept, and going to be settled.
    Pending,
    /// It took effect.
    Applied,
    /// What was on record was newer.
    Stale,
    /// It changes nothing.
    Ignored,
    /// Not for this installation.
    Refused,
    /// It can never be applied.
    Quarantined,
    /// Tried until the last attempt.
    Dead,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl EventOutcome {
    /// The word in records, logs and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::Quarantined => "quarantined",
            Self::Dead => "dead",
        }
    }

    /// Whether it is one that a person should look at.
    pub const fn is_given_up(self) -> bool {
        matches!(self, Self::Refused | Self::Quarantined | Self::Dead)
    }
}

impl From<&Settlement<'_>> for EventOutcome {
    fn from(settlement: &Settlement<'_>) -> Self {
        match settlement {
            Settlement::Applied(_) => Self::Applied,
            Settlement::Stale => Self::Stale,
            Settlement::Ignored => Self::Ignored,
            Settlement::Refused(_) => Self::Refused,
        }
    }
}

impl EventRow {
    /// How often it was tried since it was kept, or since it was brought back from the dead.
    pub const fn tried(&self) -> u32 {
        self.attempts.saturating_sub(self.attempts_before)
    }

    /// An event settled as it came in.
    pub(super) fn settled(
        event: &Event,
        settlement: &Settlement<'_>,
        delivery: &Delivery,
        now: Timestamp,
    ) -> Self {
        Self {
            outcome: EventOutcome::from(settlement),
            plan_change: settlement.moved(),
            figure: settlement.figure(),
            settled_at: Some(now),
            ..Self::pending(event, delivery)
        }
    }

    /// An event to be settled later.
    pub(super) fn pending(event: &Event, delivery: &Delivery) -> Self {
        Self {
            kind: event.kind.clone(),
            created: event.created,
            customer: event.customer().map(ToString::to_string),
            object_id: event.subject.id().map(str::to_owned),
            amount: event.subject.amount(),
            plan_change: None,
            figure: None,
            livemode: event.livemode,
            outcome: EventOutcome::Pending,
            received_at: delivery.received_at,
            settled_at: None,
            recorded_by: delivery.id.clone(),
            attempts: 0,
            attempts_before: 0,
            revivals: 0,
            reason: None,
        }
    }

    /// A body that is no event that can be applied.
    pub(super) fn unreadable(delivery: &Delivery) -> Self {
        Self {
            kind: delivery.event_kind.clone().unwrap_or_default(),
            created: delivery.received_at,
            customer: None,
            object_id: None,
            amount: None,
            plan_change: None,
            figure: None,
            livemode: false,
            outcome: EventOutcome::Quarantined,
            received_at: delivery.received_at,
            settled_at: Some(delivery.received_at),
            recorded_by: delivery.id.clone(),
            attempts: 0,
            attempts_before: 0,
            revivals: 0,
            reason: None,
        }
    }
}
