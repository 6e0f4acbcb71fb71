//! Fact: the roles of administrators, each of which may do whatever the one below may.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an administrator is there for. Later ones may do more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
