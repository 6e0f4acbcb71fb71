//! What is asked and answered.

use serde::{Deserialize, Serialize};
use shared::audit::Actor;
use utoipa::{IntoParams, ToSchema};

/// `GET /api/admin/audit/verify`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VerifyQuery {
    /// Where to go on: the `next` of the answer before.
    pub cursor: Option<String>,
}

/// How far the log was looked through, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verified {
    /// Chains that were walked to their end, by this request.
    pub chains: u64,
    /// Entries that were looked at, by this request.
    pub entries: u64,
    /// Where the log is broken first; null where it is whole as far as it was looked at.
    pub broken: Option<BrokenChain>,
    /// Where to go on; null where all of it was looked through, or it is broken.
    pub next: Option<String>,
}

/// A chain that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrokenChain {
    /// Whose.
    pub actor: Actor,
    /// What is wrong with it.
    pub why: String,
}
