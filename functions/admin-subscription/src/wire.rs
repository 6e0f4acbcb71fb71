//! What is sent.

use serde::{Deserialize, Serialize};
use shared::action::When;
use shared::money::Cents;
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
        #[schema(value_type = String)]
        when: When,
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
        #[schema(value_type = i64, minimum = 1)]
        amount_cents: Cents,
    },
}
