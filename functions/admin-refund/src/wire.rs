//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::action::order::RefundReason;
use shared::id::ChargeId;
use shared::money::{Cents, Money};
use shared::policy::{Concern, Verdict};
use shared::staff::Role;
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/refunds`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundForm {
    /// The charge that money is given back from.
    #[schema(value_type = String)]
    pub charge: ChargeId,
    /// How much, in cents of the charge's currency.
    #[schema(value_type = i64, minimum = 1)]
    pub amount_cents: Cents,
    /// The currency the amount is meant in.
    #[schema(min_length = 3, max_length = 3)]
    pub currency: String,
    /// Why, from our list.
    #[schema(value_type = String)]
    pub why: RefundReason,
    /// Why, in words.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
    /// Whether the subscription is ended with it, at once.
    #[serde(default)]
    pub then_cancel: bool,
}

/// What a refund would meet.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundPreview {
    /// What can still be refunded from the charge.
    #[schema(value_type = Object)]
    pub left: Money,
    /// `allowed`, `needs_approval` or `refused`.
    pub verdict: &'static str,
    /// Why one person is not enough.
    #[schema(value_type = Vec<String>)]
    pub concerns: Vec<Concern>,
    /// The least role that may approve it.
    #[schema(value_type = Option<String>)]
    pub approver: Option<Role>,
}

impl RefundPreview {
    pub(crate) fn of(left: Money, verdict: Verdict) -> Self {
        let (word, concerns, approver) = match verdict {
            Verdict::Allowed => ("allowed", Vec::new(), None),
            Verdict::NeedsApproval { concerns, approver } => {
                ("needs_approval", concerns, Some(approver))
            }
            Verdict::Refused => ("refused", Vec::new(), None),
        };
        Self {
            left,
            verdict: word,
            concerns,
            approver,
        }
    }
}
