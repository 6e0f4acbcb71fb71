//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::action::When;
use shared::money::{Cents, Money};
use shared::plan::Plan;
use shared::policy::{Concern, VerdictWord};
use shared::staff::Role;
use shared::time::Timestamp;
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/plan/preview`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewForm {
    /// The plan, as named in the API.
    pub plan: String,
    /// When; left out, a dearer plan begins now and a cheaper one with the next period.
    #[serde(default)]
    pub when: Option<When>,
}

/// `POST /api/admin/users/{id}/plan`: what a preview showed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    /// The plan, as named in the API.
    pub plan: String,
    /// When.
    pub when: When,
    /// What is charged now, as the preview said.
    #[schema(minimum = 0)]
    pub due_now_cents: Cents,
    /// The moment that the preview was counted from.
    pub proration_date: Timestamp,
    /// Why, in words.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// `POST /api/admin/users/{id}/plan/keep`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepForm {
    /// Why, in words.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// What a change of plan would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPreview {
    /// The plan now.
    pub from: Plan,
    /// The plan afterwards.
    pub to: Plan,
    /// When.
    pub when: When,
    /// What is charged now.
    pub due_now: Money,
    /// What is put to the customer's balance now, from which the next invoices are paid.
    pub credited: Money,
    /// What it is made of.
    pub lines: Vec<PreviewLine>,
    /// When the change takes effect.
    pub effective_at: Timestamp,
    /// When the next payment is due after it, and how much it is.
    pub next_charge: NextCharge,
    /// The moment it was counted from; goes into the change.
    pub proration_date: Timestamp,
    /// Whether whoever asks may do it alone.
    pub verdict: VerdictWord,
    /// Why one person is not enough.
    pub concerns: Vec<Concern>,
    /// The least role that may approve it.
    pub approver: Option<Role>,
}

/// One line of a preview.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewLine {
    /// In Stripe's words.
    pub text: String,
    /// How much; negative where it is taken off.
    pub amount: Money,
}

/// A payment to come.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct NextCharge {
    /// When.
    pub at: Timestamp,
    /// How much, before anything that is on the customer's balance.
    pub amount: Money,
}
