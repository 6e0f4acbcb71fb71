//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::drift::FieldDifference;
use shared::id::{CustomerId, EventId};
use shared::store::events::EventOutcome;
use utoipa::ToSchema;

/// `POST /api/admin/events/replay`, and what an operator orders: one of `events`, `matching` and `backfill`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayForm {
    /// These events, at most a hundred.
    #[serde(default)]
    pub events: Vec<EventId>,
    /// All events that match.
    pub matching: Option<FilterForm>,
    /// All events that Stripe has and we have not.
    pub backfill: Option<BackfillForm>,
    /// Whether it is to be done; else it is only told what would be.
    #[serde(default)]
    pub execute: bool,
    /// Why, for the audit log. An operator's order has none.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: Option<String>,
}

/// Which events match.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterForm {
    /// They came in from then on; those of one customer, Stripe made from then on.
    #[schema(format = "date-time")]
    pub from: String,
    /// Until when.
    #[schema(format = "date-time")]
    pub to: String,
    /// Of one of these types; of any where empty.
    #[serde(default)]
    pub types: Vec<String>,
    /// With one of these outcomes; dead and quarantined where empty.
    #[serde(default)]
    pub outcomes: Vec<EventOutcome>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Where an order before this one came to.
    pub starting_after: Option<EventId>,
}

/// Which of Stripe's events are gone through.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackfillForm {
    /// Those that Stripe made from then on.
    #[schema(format = "date-time")]
    pub from: String,
    /// Of one of these types; of any that the endpoint is sent where empty.
    #[serde(default)]
    pub types: Vec<String>,
    /// Where an order before this one came to.
    pub starting_after: Option<EventId>,
}

/// What became of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayReport {
    /// Whether it was done, or only told.
    pub executed: bool,
    /// What it means for each event.
    pub events: Vec<Replay>,
    /// Events that one answer did not have the time or the room for.
    pub left: usize,
    /// In a backfill, how many of Stripe's events were gone through.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seen: Option<usize>,
    /// Where a filter or a backfill is not through, what to give as `starting_after` in the next order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<EventId>,
}

/// What a replay means for one event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replay {
    /// The event.
    pub event: EventId,
    /// Its type; none where it cannot be told.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<String>,
    /// What became of it so far; none where it never came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<EventOutcome>,
    /// What a replay of it changes, as things stand.
    pub effect: Effect,
    /// The fields that it changes, each with what is on record and what it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<FieldDifference>,
    /// Why it has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// What a replay of an event changes, as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// These fields.
    Changes,
    /// The schedule that ends the founding price is set up, unless it is there.
    EnsuresSchedule,
    /// Nothing: what is on record is the same or newer, or its type is not acted on.
    Nothing,
    /// It cannot be replayed.
    Impossible,
}
