//! Invoices: what is owed, what was paid, and when it is tried again.

use serde::{Deserialize, Deserializer};

use super::read::{self, open_enum};
use super::{InvoicePayment, List};
use crate::id::{CustomerId, InvoiceId, SubscriptionId};
use crate::money::{Cents, Currency};
use crate::time::Timestamp;

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Invoice {
    /// Stripe's identifier. `None` for an invoice that is only foreseen (`invoice.upcoming`, a preview).
    #[serde(default, deserialize_with = "id_of_a_made_invoice")]
    pub id: Option<InvoiceId>,
    /// Who owes it.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub customer: Option<CustomerId>,
    /// The subscription it is for; on the wire `parent.subscription_details.subscription`.
    #[serde(
        default,
        rename = "parent",
        deserialize_with = "subscription_of_parent"
    )]
    pub subscription: Option<SubscriptionId>,
    /// Where it stands. `None` for an invoice that is only foreseen.
    #[serde(default)]
    pub status: Option<InvoiceStatus>,
    /// Why it was made.
    #[serde(default)]
    pub billing_reason: Option<BillingReason>,
    /// What all its amounts are counted in.
    pub currency: Currency,
    /// To be paid now: the total less what the customer's balance covers.
    pub amount_due: Cents,
    /// Paid so far.
    pub amount_paid: Cents,
    /// Still to be paid.
    pub amount_remaining: Cents,
    /// The sum of its lines, with discounts and taxes.
    pub total: Cents,
    /// How often payment was tried.
    #[serde(default, deserialize_with = "read::or_default")]
    pub attempt_count: u32,
    /// Whether payment was tried at all.
    #[serde(default, deserialize_with = "read::or_default")]
    pub attempted: bool,
    /// When payment is tried next. `None` where it is not.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub next_payment_attempt: Option<Timestamp>,
    /// When it was made.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
    /// Since when usage was looked at; not the period that is paid for.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub period_start: Option<Timestamp>,
    /// Until when usage was looked at.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub period_end: Option<Timestamp>,
    /// When it has to be paid, where it is sent rather than charged.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub due_date: Option<Timestamp>,
    /// Where the customer can see and pay it.
    #[serde(default)]
    pub hosted_invoice_url: Option<String>,
    /// The number on it.
    #[serde(default)]
    pub number: Option<String>,
    /// What it is made of: the first lines, as many as Stripe writes into an invoice.
    #[serde(default, deserialize_with = "read::or_default")]
    pub lines: List<InvoiceLine>,
    /// By what it was paid or is being paid, where that was asked for (`expand`).
    #[serde(default)]
    pub payments: Option<List<InvoicePayment>>,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InvoiceLine {
    /// What it is for, in Stripe's words.
    #[serde(default)]
    pub description: Option<String>,
    /// How much, before discounts and taxes; negative where it is taken off.
    pub amount: Cents,
}

/// A foreseen invoice has no id, or one that begins with `upcoming_in_` and cannot be asked for.
fn id_of_a_made_invoice<'de, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<InvoiceId>, D::Error> {
    let text = Option::<String>::deserialize(field)?;
    text.filter(|text| !text.starts_with("upcoming_"))
        .map(|text| InvoiceId::parse(text).map_err(serde::de::Error::custom))
        .transpose()
}

fn subscription_of_parent<'de, D>(field: D) -> Result<Option<SubscriptionId>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    struct Parent {
        #[serde(default)]
        subscription_details: Option<Details>,
    }
    #[derive(Deserialize)]
    struct Details {
        #[serde(default, deserialize_with = "read::optional_id")]
        subscription: Option<SubscriptionId>,
    }
    let parent = Option::<Parent>::deserialize(field)?;
    Ok(parent
        .and_then(|parent| parent.subscription_details)
        .and_then(|details| details.subscription))
}

open_enum! {
    /// Where an invoice stands.
    InvoiceStatus {
        /// It may still change.
        Draft = "draft",
        /// It is owed.
        Open = "open",
        /// It is paid.
        Paid = "paid",
        /// Nobody expects it to be paid any more.
        Uncollectible = "uncollectible",
        /// It never counted.
        Void = "void",
    }
}

open_enum! {
    /// Why an invoice was made.
    BillingReason {
        /// A subscription began.
        SubscriptionCreate = "subscription_create",
        /// A period began.
        SubscriptionCycle = "subscription_cycle",
        /// A subscription changed.
        SubscriptionUpdate = "subscription_update",
        /// A usage threshold was reached.
        SubscriptionThreshold = "subscription_threshold",
        /// Somebody made it.
        Manual = "manual",
        /// It is only foreseen.
        Upcoming = "upcoming",
    }
}
