//! Door: the deliveries of events, each with what became of it. Kept for 90 days.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::keys::{Key, Table, day_shard};
use super::transaction::{Part, Transaction};
use super::{Store, number, to_item};
use crate::error::Error;
use crate::time::Timestamp;

/// How long a delivery is kept, in seconds.
pub const KEPT_S: i64 = 90 * 24 * 60 * 60;

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Ours; Stripe gives a delivery no id.
    pub id: String,
    /// What it delivered.
    pub event_id: String,
    /// The event's type, where it has one.
    pub event_kind: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// From the making of the event at Stripe to its coming in.
    pub lag_s: Option<i64>,
    /// What became of it, in one word: the event's outcome, or `duplicate`.
    pub answer: String,
}

impl Delivery {
    /// Its place among the deliveries of a day.
    pub(super) fn place(&self) -> String {
        format!("{}#{}", self.received_at, self.id)
    }
}

impl Transaction {
    /// Notes a delivery.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub(super) fn delivery(&mut self, store: &Store, delivery: &Delivery) -> Result<(), Error> {
        let key = Key::sorted(
            Table::WebhookDeliveries,
            day_shard(delivery.received_at, &delivery.event_id),
            delivery.place(),
        );
        let mut item = to_item(delivery)?;
        item.insert(
            "expires_at".to_owned(),
            number(delivery.received_at.as_s().saturating_add(KEPT_S)),
        );
        self.put(store, Part::Effect, &key, item, None);
        Ok(())
    }
}
