//! What is sent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/notes` and `PUT /api/admin/users/{id}/notes/{note}`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteForm {
    /// What is noted, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}
