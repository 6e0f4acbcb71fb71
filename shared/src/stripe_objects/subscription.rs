//! Subscriptions: what a customer pays for, and until when.

use serde::Deserialize;

use super::price::Price;
use super::read::{self, Reference, open_enum};
use super::schedule::Schedule;
use super::{List, Metadata};
use crate::id::{CustomerId, InvoiceId, PaymentMethodId, ScheduleId, SubscriptionId};
use crate::time::Timestamp;

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subscription {
    /// Stripe's identifier.
    pub id: SubscriptionId,
    /// Who pays.
    #[serde(deserialize_with = "read::id")]
    pub customer: CustomerId,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// What is paid for, with the current period of each.
    pub items: List<SubscriptionItem>,
    /// Whether it ends with the current period.
    #[serde(default, deserialize_with = "read::or_default")]
    pub cancel_at_period_end: bool,
    /// When it will end, where that is settled.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub cancel_at: Option<Timestamp>,
    /// When somebody decided to end it, which may be long before it does.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub canceled_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub ended_at: Option<Timestamp>,
    /// Until when nothing is charged.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub trial_end: Option<Timestamp>,
    /// Set while invoices are made but not collected. The status does not show it, and is not `paused` then.
    #[serde(default)]
    pub pause_collection: Option<PauseCollection>,
    /// The schedule that will change it: the id, or the schedule where the request asked for it.
    #[serde(default)]
    pub schedule: Option<Reference<ScheduleId, Schedule>>,
    /// The newest invoice.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub latest_invoice: Option<InvoiceId>,
    /// What it is paid with, where that is not the customer's default.
    #[serde(default, deserialize_with = "read::optional_id")]
    pub default_payment_method: Option<PaymentMethodId>,
    /// What we wrote on it.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
    /// When it was made.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
    /// When it began, which may have been set back.
    #[serde(deserialize_with = "read::time")]
    pub start_date: Timestamp,
    /// Whether a change waits for its payment.
    #[serde(default, rename = "pending_update", deserialize_with = "read::present")]
    pub has_pending_update: bool,
}

impl Subscription {
    /// The first item: this system sells subscriptions of one.
    pub fn item(&self) -> Option<&SubscriptionItem> {
        self.items.data.first()
    }

    /// The schedule that will change it.
    pub fn schedule_id(&self) -> Option<&ScheduleId> {
        self.schedule.as_ref().map(|schedule| match schedule {
            Reference::Id(id) => id,
            Reference::Object(schedule) => &schedule.id,
        })
    }
}

/// One thing paid for within a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SubscriptionItem {
    /// Stripe's identifier, `si_` and more.
    pub id: String,
    /// What it costs.
    pub price: Price,
    /// How many. `None` for metered prices.
    #[serde(default)]
    pub quantity: Option<u64>,
    /// Since when it is paid.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub current_period_start: Option<Timestamp>,
    /// Until when it is paid, which is when it is charged next.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub current_period_end: Option<Timestamp>,
}

/// Invoices are made and not collected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PauseCollection {
    /// What becomes of invoices meanwhile: `keep_as_draft`, `mark_uncollectible` or `void`.
    pub behavior: String,
    /// When collecting begins again, where that is settled.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub resumes_at: Option<Timestamp>,
}

open_enum! {
    /// Where a subscription stands.
    SubscriptionStatus {
        /// The first payment is open, for at most 23 hours.
        Incomplete = "incomplete",
        /// The first payment was never made.
        IncompleteExpired = "incomplete_expired",
        /// Nothing is charged yet.
        Trialing = "trialing",
        /// Paid.
        Active = "active",
        /// A payment failed and is tried again.
        PastDue = "past_due",
        /// It ended.
        Canceled = "canceled",
        /// All tries failed; invoices are made and not tried.
        Unpaid = "unpaid",
        /// The trial ended without a payment method.
        Paused = "paused",
    }
}
