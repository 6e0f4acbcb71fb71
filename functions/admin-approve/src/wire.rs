//! What is sent.

use serde::Deserialize;
use utoipa::ToSchema;

/// `POST /api/admin/actions/{id}/approve` and `…/withdraw`: the path says it all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /api/admin/actions/{id}/reject`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionForm {
    /// Why not, for whoever asked.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}
