//! Fact: Stripe's objects as far as this system reads them, from an answer or from an event's `data.object` alike.
//!
//! Read leniently: only the fields that are used, a status that Stripe adds one day kept as its text, a reference as an
//! id or as the object it was expanded to. What decides (ids, amounts, currencies, times) is read strictly. Shapes are
//! those of API version 2026-09-30.endive: an invoice names its subscription under `parent`, a subscription's periods
//! are on its items.

mod balance;
mod charge;
mod checkout;
mod customer;
mod event;
mod invoice;
mod payment;
mod preview;
mod price;
mod read;
mod schedule;
mod subscription;
#[cfg(test)]
mod tests;
mod webhook_endpoint;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use self::balance::BalanceTransaction;
pub use self::charge::{
    Card, Charge, ChargeStatus, Dispute, DisputeStatus, EvidenceDetails, PaymentMethod, Refund,
    RefundStatus,
};
pub use self::checkout::{CheckoutSession, CheckoutSessionStatus, PaymentStatus};
pub use self::customer::Customer;
pub use self::event::{EventData, EventEnvelope};
pub use self::invoice::{BillingReason, Invoice, InvoiceLine, InvoiceStatus};
pub use self::payment::{InvoicePayment, PaidBy, PaymentIntent};
pub use self::preview::{LinePeriod, PreviewInvoice, PreviewLine};
pub use self::price::{Interval, Price, Recurring};
pub use self::read::Reference;
pub use self::schedule::{Phase, PhaseItem, Schedule, ScheduleStatus};
pub use self::subscription::{PauseCollection, Subscription, SubscriptionItem, SubscriptionStatus};
pub use self::webhook_endpoint::WebhookEndpoint;

/// What we wrote on an object: names and texts.
pub type Metadata = BTreeMap<String, String>;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct List<T> {
    /// The objects, in Stripe's order: newest first unless the request says otherwise.
    pub data: Vec<T>,
    /// Whether another page follows.
    #[serde(default)]
    pub has_more: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            has_more: false,
        }
    }
}
