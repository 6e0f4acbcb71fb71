//! Customers: who pays.

use serde::Deserialize;

use super::Metadata;
use super::read;
use crate::id::{CustomerId, PaymentMethodId};
use crate::time::Timestamp;

/// A customer. One that was deleted is still found, with nothing but its id.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Customer {
    /// Stripe's identifier.
    pub id: CustomerId,
    /// Whether it was deleted, for good.
    #[serde(default, deserialize_with = "read::or_default")]
    pub deleted: bool,
    /// The address that Stripe writes to.
    #[serde(default)]
    pub email: Option<String>,
    /// As written by the customer.
    #[serde(default)]
    pub name: Option<String>,
    /// What we wrote on it; `user_id` is our user.
    #[serde(default, deserialize_with = "read::metadata")]
    pub metadata: Metadata,
    /// What invoices are paid with unless the subscription says otherwise; on the wire
    /// `invoice_settings.default_payment_method`.
    #[serde(
        default,
        rename = "invoice_settings",
        deserialize_with = "default_of_settings"
    )]
    pub default_payment_method: Option<PaymentMethodId>,
    /// When it was made. `None` once deleted.
    #[serde(default, deserialize_with = "read::optional_time")]
    pub created: Option<Timestamp>,
}

/// Without the name and the address: a customer ends up in a log sooner or later.
impl std::fmt::Debug for Customer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Customer")
            .field("id", &self.id)
            .field("deleted", &self.deleted)
            .field("metadata", &self.metadata)
            .field("default_payment_method", &self.default_payment_method)
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

fn default_of_settings<'de, D>(field: D) -> Result<Option<PaymentMethodId>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    #[derive(Deserialize)]
    struct Settings {
        #[serde(default, deserialize_with = "read::optional_id")]
        default_payment_method: Option<PaymentMethodId>,
    }
    let settings = Option::<Settings>::deserialize(field)?;
    Ok(settings.and_then(|settings| settings.default_payment_method))
}
