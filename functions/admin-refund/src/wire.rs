//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::action::order::RefundReason;
use shared::id::{ChargeId, InvoiceId};
use shared::money::{Cents, Money};
use shared::policy::{Concern, Verdict, VerdictWord};
use shared::staff::Role;
use shared::time::Timestamp;
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/refunds`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundForm {
    /// The charge that money is given back from.
    pub charge: ChargeId,
    /// How much, in cents of the charge's currency.
    #[schema(minimum = 1)]
    pub amount_cents: Cents,
    /// The currency the amount is meant in.
    #[schema(min_length = 3, max_length = 3)]
    pub currency: String,
    /// Why, from our list.
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
    pub left: Money,
    /// Whether whoever asks may do it alone.
    pub verdict: VerdictWord,
    /// Why one person is not enough.
    pub concerns: Vec<Concern>,
    /// The least role that may approve it.
    pub approver: Option<Role>,
}

impl RefundPreview {
    pub(crate) fn of(left: Money, verdict: Verdict) -> Self {
        let (word, concerns, approver) = verdict.parts();
        Self {
            left,
            verdict: word,
            concerns,
            approver,
        }
    }
}

/// `GET /api/admin/users/{id}/charges`
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeList {
    /// The charges, the latest first.
    pub charges: Vec<ChargeView>,
    /// Whether there are more, which Stripe has.
    pub truncated: bool,
}

/// A charge, as Stripe has it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeView {
    /// Stripe's id.
    pub id: ChargeId,
    /// What was to be taken.
    pub asked: Money,
    /// What was taken.
    pub amount: Money,
    /// The invoice it pays; none where it pays none of the latest.
    pub invoice: Option<InvoiceId>,
    /// Why nothing was taken, in Stripe's words.
    pub failure: Option<String>,
    /// What was given back, including what is on its way.
    pub refunded: Money,
    /// What can still be given back, less what others are just giving back.
    pub left: Money,
    /// Stripe's word for how it went.
    pub status: String,
    /// Whether a dispute was opened on it.
    pub disputed: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
