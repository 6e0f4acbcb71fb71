//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::id::AdminId;
use shared::money::Cents;
use shared::staff::Role;
use utoipa::ToSchema;

/// A role.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Reads.
    Viewer,
    /// Helps customers.
    Support,
    /// Approves, with higher limits.
    Billing,
    /// Manages administrators and limits.
    Owner,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Support => Self::Support,
            RoleName::Billing => Self::Billing,
            RoleName::Owner => Self::Owner,
        }
    }
}

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
    pub role: RoleName,
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// `POST /api/admin/staff/{id}/role`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// The new role.
    pub role: RoleName,
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
    pub role: RoleName,
    /// The most that one refund or credit may be, in cents of the dollar.
    #[schema(value_type = i64, minimum = 0, maximum = 1_000_000)]
    pub per_action_cents: Cents,
    /// The most that an administrator may refund and credit in a day.
    #[schema(value_type = i64, minimum = 0, maximum = 1_000_000)]
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
