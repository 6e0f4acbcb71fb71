//! What is sent.

use serde::{Deserialize, Serialize};
use shared::action::When;
use shared::id::ChargeId;
use shared::money::{Cents, Money};
use shared::time::Timestamp;
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/subscription`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionForm {
    /// What is to be done.
    pub order: OrderForm,
    /// Why, in words.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// What can be done to a subscription.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "operation", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderForm {
    /// End it.
    Cancel {
        /// `now`, or `period_end`.
        when: When,
        /// Where it ends now: what is given back for the rest of the period, in cents, as it was shown. Nothing where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1)]
        refund_cents: Option<Cents>,
    },
    /// Take back that it ends with its period.
    UndoCancel {},
    /// Stop collecting payments.
    PauseCollection {},
    /// Collect payments again.
    ResumeCollection {},
    /// Put the next payment off.
    Extend {
        /// By how many days.
        #[schema(minimum = 1, maximum = 90)]
        days: u32,
    },
    /// Try the open invoice now.
    RetryPayment {},
    /// Put money to the customer's balance.
    Credit {
        /// How much, in cents of the dollar.
        #[schema(minimum = 1)]
        amount_cents: Cents,
    },
}

/// `GET /api/admin/users/{id}/subscription/unused`: what is paid for and not used up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Unused {
    /// The charge that paid for the period.
    pub charge: ChargeId,
    /// What it took.
    pub paid: Money,
    /// The part of it that is for the rest of the period, to the second; never more than can still be given back.
    pub unused: Money,
    /// When the period ends.
    pub period_end: Timestamp,
}
