//! Money that moved: charges, what was given back of them, what is contested, and the means of payment.

use serde::Deserialize;

use super::Metadata;
use super::read::{self, open_enum};
use crate::id::{ChargeId, CustomerId, DisputeId, PaymentIntentId, PaymentMethodId, RefundId};
use crate::money::{Cents, Currency};
use crate::time::Timestamp;

/// One try to take money, which may have failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// Stripe's identifier.
    pub id: ChargeId,
    /// Who paid.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub customer: Option<CustomerId>,
    /// What was to be taken.
    pub amount: Cents,
    /// What was taken.
    pub amount_captured: Cents,
    /// What was given back of it, refunds that are under way included.
    pub amount_refunded: Cents,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The payment it is a try of.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub payment_intent: Option<PaymentIntentId>,
    /// Whether it was ever contested.
    #[serde(default, deserialize_with = "read::or_default")]
    pub disputed: bool,
    /// Whether all of it was given back.
    #[serde(default, deserialize_with = "read::or_default")]
    pub refunded: bool,
    /// Where it stands.
    pub status: ChargeStatus,
    /// When it was made.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
    /// Why it failed, such as `card_declined`.
    #[serde(default)]
    pub failure_code: Option<String>,
    /// The same in words.
    #[serde(default)]
    pub failure_message: Option<String>,
}

open_enum! {
    /// Where a charge stands.
    ChargeStatus {
        /// The money was taken.
        Succeeded = "succeeded",
        /// The bank has not answered yet.
        Pending = "pending",
        /// The money was not taken.
        Failed = "failed",
    }
}

/// Money on its way back to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// Stripe's identifier.
    pub id: RefundId,
    /// The charge it gives back.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub charge: Option<ChargeId>,
    /// The payment it gives back.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub payment_intent: Option<PaymentIntentId>,
    /// How much.
    pub amount: Cents,
    /// What the amount is counted in.
    pub currency: Currency,
    /// Where it stands.
    #[serde(default)]
    pub status: Option<RefundStatus>,
    /// Why, in Stripe's few words. Ours, which says more, is in the metadata.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why it failed.
    #[serde(default)]
    pub failure_reason: Option<String>,
    /// What we wrote on it.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
    /// When it was made.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
}

open_enum! {
    /// Where a refund stands. It may fail long after it succeeded: the bank may send the money back.
    RefundStatus {
        /// It is on its way.
        Pending = "pending",
        /// The customer has to say where to.
        RequiresAction = "requires_action",
        /// It was handed to the bank.
        Succeeded = "succeeded",
        /// It did not arrive, and the money is ours again.
        Failed = "failed",
        /// It was called back.
        Canceled = "canceled",
    }
}

/// A charge that its payer contests.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dispute {
    /// Stripe's identifier.
    pub id: DisputeId,
    /// The charge.
    #[serde(deserialize_with = "read::id")]
    pub charge: ChargeId,
    /// The payment.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub payment_intent: Option<PaymentIntentId>,
    /// How much of it is contested.
    pub amount: Cents,
    /// What the amount is counted in.
    pub currency: Currency,
    /// Where it stands.
    pub status: DisputeStatus,
    /// Why, such as `fraudulent`.
    pub reason: String,
    /// When it was opened.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
    /// What is known of the evidence.
    #[serde(default, deserialize_with = "read::or_default")]
    pub evidence_details: EvidenceDetails,
}

/// What is known of a dispute's evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct EvidenceDetails {
    /// Until when evidence is taken. `None` where it is not, or not any more.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub due_by: Option<Timestamp>,
}

open_enum! {
    /// Where a dispute stands. A warning is an inquiry: no money has moved.
    DisputeStatus {
        /// An inquiry waits for our answer.
        WarningNeedsResponse = "warning_needs_response",
        /// An inquiry is being looked at.
        WarningUnderReview = "warning_under_review",
        /// An inquiry came to nothing.
        WarningClosed = "warning_closed",
        /// It waits for our evidence.
        NeedsResponse = "needs_response",
        /// The bank is looking at it.
        UnderReview = "under_review",
        /// The money came back to us.
        Won = "won",
        /// The money stays with the payer.
        Lost = "lost",
        /// It was settled before it became one.
        Prevented = "prevented",
    }
}

/// What a customer pays with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentMethod {
    /// Stripe's identifier.
    pub id: PaymentMethodId,
    /// Whose it is. `None` once detached.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub customer: Option<CustomerId>,
    /// Its kind, such as `card`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The card, where it is one.
    #[serde(default)]
    pub card: Option<Card>,
}

/// What may be shown of a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// Such as `visa`.
    pub brand: String,
    /// Its last four digits.
    pub last4: String,
    /// The month it expires at the end of, 1 to 12.
    pub exp_month: u8,
    /// The year it expires in.
    pub exp_year: u16,
}
