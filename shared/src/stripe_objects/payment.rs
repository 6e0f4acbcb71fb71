//! By what an invoice was paid.

use serde::Deserialize;

use super::read;
use crate::id::{ChargeId, PaymentIntentId};

/// A payment of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InvoicePayment {
    /// By what.
    pub payment: PaidBy,
}

/// What paid an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaidBy {
    /// A payment intent; none where it was paid otherwise.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub payment_intent: Option<PaymentIntentId>,
}

/// A payment intent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentIntent {
    /// The charge that was tried last.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub latest_charge: Option<ChargeId>,
}
