//! What is sent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /api/admin/alerts/acknowledge`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeForm {
    /// The alert, by its cause.
    #[schema(max_length = 500)]
    pub cause: String,
    /// What is done about it, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}
