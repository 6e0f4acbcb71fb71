//! What is sent and answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// One of Linky's administrators'.
    Administrator,
    /// A customer's.
    Customer,
}

/// `POST /api/password-resets`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    /// Whose.
    pub kind: Whose,
    /// The address the link goes to, if there is such an account.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// `POST /api/password-resets/confirm`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasswordForm {
    /// What the link holds behind its `#`.
    #[schema(max_length = 200)]
    pub token: String,
    /// The new password, 15 to 200 characters.
    #[schema(format = "password", min_length = 15, max_length = 200)]
    pub password: String,
}

/// `POST /api/admin/users/{id}/password-reset`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetForCustomerForm {
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// That a link is on its way, if there is such an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnItsWay {
    /// What to tell the person.
    pub message: &'static str,
}
