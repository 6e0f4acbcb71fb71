//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::id::AdminId;
use shared::money::Cents;
use shared::policy::{Limits, Policy};
use shared::staff::Role;
use utoipa::ToSchema;

/// `POST /api/admin/staff`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationForm {
    /// Where the invitation goes.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// As what.
    pub role: Role,
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// `POST /api/admin/staff/{id}/role`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// The new role.
    pub role: Role,
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// Whatever needs a reason and nothing else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonForm {
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// `POST /api/admin/policy`: other limits for a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsForm {
    /// Whose limits. A viewer has none.
    pub role: Role,
    /// The most that one refund or credit may be, in cents of the dollar.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub per_action_cents: Cents,
    /// The most that an administrator may refund and credit in a day.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub per_day_cents: Cents,
    /// The most days that a payment may be put off.
    #[schema(maximum = 90)]
    pub extend_days: u32,
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// An operator's order, given by invoking the function directly.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Make the first owner.
    CreateOwner {
        /// Where they are reached.
        email: String,
        /// What they are called.
        name: String,
    },
}

/// What comes of the order.
#[derive(Debug, Serialize)]
pub struct Created {
    /// The owner's id.
    pub id: AdminId,
    /// The page on which they set their password: good once, for three days.
    pub link: String,
}

/// The limits as they are now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsSet {
    /// The limits of each role.
    #[schema(value_type = BTreeMap<String, Limits>)]
    pub limits: Policy,
}
