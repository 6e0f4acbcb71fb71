//! The entries of a customer's balance.

use serde::Deserialize;

use super::Metadata;
use super::read;
use crate::money::Cents;

/// An entry of a customer's balance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BalanceTransaction {
    /// Stripe's identifier, `cbtxn_` and more.
    pub id: String,
    /// How much; negative where the customer got something.
    pub amount: Cents,
    /// What we wrote on it.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
}
