//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::drift::FieldDifference;
use utoipa::ToSchema;

/// `POST /api/admin/users/{id}/resync`
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResyncForm {
    /// Whether Stripe's word is applied; else it is only told what differs.
    #[serde(default)]
    pub apply: bool,
    /// Why, for the audit log.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}

/// What the record and Stripe say of one customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resynced {
    /// Objects that were compared.
    pub compared: usize,
    /// Objects that differ.
    pub differences: Vec<ObjectDifference>,
    /// Whether Stripe's word is being applied; it is on record within seconds.
    pub applied: bool,
}

/// An object that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectDifference {
    /// Stripe's id of it.
    pub object: String,
    /// The fields, by name.
    pub fields: Vec<FieldDifference>,
    /// Whether Stripe has such an object. What it does not have is left alone.
    pub at_stripe: bool,
}
