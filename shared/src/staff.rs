//! Fact: the roles of administrators, each of which may do whatever the one below may.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::credential::{Credential, ResetAsked};
use crate::id::AdminId;
use crate::time::Timestamp;

/// What an administrator is there for. Later ones may do more.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Helps customers: resets passwords, changes plans, refunds up to its limits.
    Support,
    /// Approves what others ask for, and has higher limits.
    Billing,
    /// Manages administrators and limits.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Support, Self::Billing, Self::Owner];

    /// The word in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Support => "support",
            Self::Billing => "billing",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// An administrator, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffView {
    /// The id.
    pub id: AdminId,
    /// What they are called.
    pub name: String,
    /// Where they are reached.
    pub email: String,
    /// In which role.
    pub role: Role,
    /// Whether they have set a password.
    pub has_password: bool,
    /// Whether an authenticator app is set up.
    pub has_authenticator: bool,
    /// Since when they cannot sign in; null where they can.
    pub disabled_at: Option<Timestamp>,
    /// That an owner asked for the authenticator to be taken off; a second one has to ask for it within a day.
    pub reset_asked: Option<ResetAsked>,
    /// When they were invited.
    pub created_at: Timestamp,
}

impl StaffView {
    /// An administrator as others see them; none where the credential is a customer's.
    pub fn of(credential: &Credential) -> Option<Self> {
        Some(Self {
            id: credential.person.admin()?,
            name: credential.name.clone(),
            email: credential.email.clone(),
            role: credential.role?,
            has_password: credential.password.is_some(),
            has_authenticator: credential.authenticator.is_some(),
            disabled_at: credential.disabled_at,
            reset_asked: credential.reset_asked.clone(),
            created_at: credential.created_at,
        })
    }
}
