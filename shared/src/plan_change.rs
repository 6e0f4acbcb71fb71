//! Fact: that a customer's plan began, changed or ended.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, EventId, SubscriptionId};
use crate::plan::Plan;
use crate::time::Timestamp;

/// One change of plan, as it was seen to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Whose.
    pub customer: CustomerId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The plan before; none where it began.
    pub from: Option<Plan>,
    /// The plan after; none where it ended.
    pub to: Option<Plan>,
    /// When, by Stripe's clock.
    pub at: Timestamp,
    /// The event that told.
    pub event: EventId,
}
