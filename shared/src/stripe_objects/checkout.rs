//! Checkout sessions: a customer on Stripe's payment page.

use serde::Deserialize;

use super::Metadata;
use super::read::{self, open_enum};
use crate::id::{CheckoutSessionId, CustomerId, SubscriptionId};
use crate::time::Timestamp;

/// A visit to Stripe's payment page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckoutSession {
    /// Stripe's identifier.
    pub id: CheckoutSessionId,
    /// Who is paying.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub customer: Option<CustomerId>,
    /// What was bought, once it was.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub subscription: Option<SubscriptionId>,
    /// `subscription` for all of ours.
    pub mode: String,
    /// Where the visit stands.
    #[serde(default)]
    pub status: Option<CheckoutSessionStatus>,
    /// Where the payment stands.
    pub payment_status: PaymentStatus,
    /// What we wrote on it when it was made.
    #[serde(default)]
    pub client_reference_id: Option<String>,
    /// What we wrote on it.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
    /// Where the customer has to go. `None` once the visit is over.
    #[serde(default)]
    pub url: Option<String>,
    /// When the page closes.
    #[serde(deserialize_with = "read::time")]
    pub expires_at: Timestamp,
}

open_enum! {
    /// Where a visit to the payment page stands.
    CheckoutSessionStatus {
        /// The customer may still pay.
        Open = "open",
        /// The customer did what was asked.
        Complete = "complete",
        /// The page is closed.
        Expired = "expired",
    }
}

open_enum! {
    /// Where the payment of a visit stands.
    PaymentStatus {
        /// The money is there.
        Paid = "paid",
        /// It is not, yet.
        Unpaid = "unpaid",
        /// Nothing had to be paid.
        NoPaymentRequired = "no_payment_required",
    }
}
