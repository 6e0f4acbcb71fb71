//! Fact: a customer, as Stripe has it. A deleted customer stays on record as deleted, whatever comes late.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::event::Subject;
use crate::id::PaymentMethodId;
use crate::plan::Catalogue;
use crate::stripe_objects as seen;

/// What is known of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Where mail goes unless the user has another address with us.
    pub email: Option<String>,
    /// The name given at Stripe.
    pub name: Option<String>,
    /// Deleted at Stripe.
    pub deleted: bool,
    /// The card that is charged where the subscription names none.
    pub default_payment_method: Option<PaymentMethodId>,
}

impl From<&seen::Customer> for Customer {
    fn from(seen: &seen::Customer) -> Self {
        Self {
            email: seen.email.clone(),
            name: seen.name.clone(),
            deleted: seen.deleted,
            default_payment_method: seen.default_payment_method.clone(),
        }
    }
}

impl Facts for Customer {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Customer(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    fn progress(&self) -> u64 {
        u64::from(self.deleted)
    }

    fn is_final(&self) -> bool {
        self.deleted
    }
}

pub(super) fn after(
    stored: Option<&Kept<Customer>>,
    seen: &seen::Customer,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let mut facts = Customer::from(seen);
    if news.event.kind == "customer.deleted" {
        // The event carries the customer as it last was, without the mark that a read of it would show.
        facts = Customer {
            email: None,
            name: None,
            deleted: true,
            default_payment_method: None,
        };
    }
    let replaces = news.replaces(stored, &facts)?;
    let record = Record::Customer(news.keep(facts, Some(seen.id.clone())));
    Ok(Change::of(record, replaces))
}
