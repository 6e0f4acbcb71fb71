//! Fact: what is on record of one customer, and what an event does to it. No I/O: it is given what was read and says
//! what is to be written.
//!
//! Every object keeps the [`Version`] of the news it was last written from. Stripe's `created` has whole seconds and
//! promises no order, so the rule is: older news is stale; news of the same second is put in order by what it says
//! ([`place`]); and what even that does not settle is asked of Stripe. So every order of arrival ends the same.

mod card;
mod charge;
mod checkout;
mod compare;
mod customer;
mod dispute;
mod invoice;
mod place;
mod refund;
mod schedule;
mod subscription;
mod summary;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use card::Card;
pub use charge::Charge;
pub use customer::Customer;
pub use dispute::Dispute;
pub use invoice::Invoice;
pub use refund::Refund;
pub use schedule::{Phase, Schedule};
pub use subscription::Subscription;
pub use summary::{Attention, Subscribed, Summary, search_word};
pub use version::{Source, Version};

use crate::alert::Alert;
use crate::event::{Event, Moment, Subject};
use crate::figures::Figure;
use crate::id::{
    ChargeId, CustomerId, DisputeId, InvoiceId, PaymentMethodId, RefundId, ScheduleId,
    SubscriptionId,
};
use crate::money::Currency;
use crate::outbox::Mail;
use crate::plan::Catalogue;
use crate::plan_change::PlanChange;
use crate::stripe_objects;
use crate::time::Timestamp;

/// A customer's billing state, as far as it was read: a webhook reads the rows its event can touch, a page reads all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// The customer as Stripe has it.
    pub customer: Option<Kept<Customer>>,
    /// Every subscription there ever was.
    pub subscriptions: BTreeMap<SubscriptionId, Kept<Subscription>>,
    /// What changes a subscription by itself.
    pub schedules: BTreeMap<ScheduleId, Kept<Schedule>>,
    /// Means of payment.
    pub cards: BTreeMap<PaymentMethodId, Kept<Card>>,
    /// Charges that were refunded, at least in part.
    pub charges: BTreeMap<ChargeId, Kept<Charge>>,
    /// Invoices.
    pub invoices: BTreeMap<InvoiceId, Kept<Invoice>>,
    /// Refunds.
    pub refunds: BTreeMap<RefundId, Kept<Refund>>,
    /// Disputes.
    pub disputes: BTreeMap<DisputeId, Kept<Dispute>>,
    /// What the customer has paid in all, and what went back, in each currency.
    pub totals: BTreeMap<Currency, Totals>,
    /// The row by which the customer is listed.
    pub summary: Option<Summary>,
}

/// An object's facts with the version they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<T> {
    /// What is known of it.
    pub facts: T,
    /// Whose it is. None only where Stripe names nobody; then the attribute is left out, because it is the key of an
    /// index, which takes no null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The news it was last written from.
    pub version: Version,
}

/// What is to become of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It takes effect: all of this, or nothing.
    Apply(Box<Change>),
    /// What is on record is newer.
    Stale,
    /// It is kept, and changes nothing.
    Ignore,
    /// What is on record cannot settle it.
    Ask(Question),
}

/// What has to be asked of Stripe, or done there, before an event can be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// How does the object look now?
    Object,
    /// Whose is the charge that was refunded or disputed? And how does the object look now?
    Charge(ChargeId),
    /// Is the schedule there that ends the founding price? If not, set it up.
    FoundingSchedule(SubscriptionId),
}

/// What Stripe said when it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The object as it is now.
    pub subject: Subject,
    /// The charge behind a refund or a dispute.
    pub charge: Option<stripe_objects::Charge>,
    /// Stripe's time of the answer.
    pub at: Timestamp,
    /// Which attempt at the event this is.
    pub attempt: u32,
}

/// Everything one event changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// The records to write, each only if its version is still the one that was read.
    pub writes: Vec<Write>,
    /// The subscription went from one plan to another, began, or ended.
    pub plan_change: Option<PlanChange>,
    /// Mails owed to the customer.
    pub mails: Vec<Mail>,
    /// What somebody should know.
    pub alerts: Vec<Alert>,
    /// What is added to the customer's totals.
    pub totals: Option<Totals>,
    /// The row by which the customer is listed, where it changes; its revision is the one that was read.
    pub summary: Option<Summary>,
    /// Whether the words change by which the customer is found.
    pub renamed: bool,
    /// What it counts as in the reports.
    pub figure: Option<Figure>,
}

/// One record, and the version it replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The record as it is to be.
    pub record: Record,
    /// The version that was read; none where there was no record.
    pub replaces: Option<Version>,
}

/// A record of any kind.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each variant is named as its content")]
pub enum Record {
    Customer(Kept<Customer>),
    Subscription(SubscriptionId, Kept<Subscription>),
    Schedule(ScheduleId, Kept<Schedule>),
    Card(PaymentMethodId, Kept<Card>),
    Charge(ChargeId, Kept<Charge>),
    Invoice(InvoiceId, Kept<Invoice>),
    Refund(RefundId, Kept<Refund>),
    Dispute(DisputeId, Kept<Dispute>),
}

impl Record {
    /// Whose it is.
    pub fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Customer(kept) => kept.customer.as_ref(),
            Self::Subscription(_, kept) => kept.customer.as_ref(),
            Self::Schedule(_, kept) => kept.customer.as_ref(),
            Self::Card(_, kept) => kept.customer.as_ref(),
            Self::Charge(_, kept) => kept.customer.as_ref(),
            Self::Invoice(_, kept) => kept.customer.as_ref(),
            Self::Refund(_, kept) => kept.customer.as_ref(),
            Self::Dispute(_, kept) => kept.customer.as_ref(),
        }
    }
}

/// Amounts in minor units of one currency: a customer's totals, or what is added to them; then negative where something
/// is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// The currency of all three.
    pub currency: Currency,
    /// Paid on invoices.
    pub paid_cents: i64,
    /// Refunded, including refunds on their way.
    pub refunded_cents: i64,
    /// Disputed and not won back.
    pub disputed_cents: i64,
}

impl Totals {
    /// Nothing to add.
    const fn nothing(currency: Currency) -> Self {
        Self {
            currency,
            paid_cents: 0,
            refunded_cents: 0,
            disputed_cents: 0,
        }
    }
}

/// One piece of news about one object: what it says, whose it is, when it was so.
struct News<'a> {
    event: &'a Event,
    subject: &'a Subject,
    /// The object before, where the event says; a read does not say.
    before: Option<&'a Subject>,
    charge: Option<&'a stripe_objects::Charge>,
    version: Version,
    catalogue: &'a Catalogue,
}

impl Account {
    /// Whether a subscription gives a plan of ours, or nothing any more; not, where it is not on record.
    pub fn is_mapped(&self, subscription: &SubscriptionId) -> bool {
        let kept = self.subscriptions.get(subscription);
        kept.is_some_and(|kept| kept.facts.is_mapped())
    }

    /// What the event does to this account.
    pub fn after(&self, event: &Event, catalogue: &Catalogue) -> Outcome {
        self.after_news(&News {
            event,
            subject: &event.subject,
            before: event.before.as_ref(),
            charge: None,
            version: Version {
                at: event.created,
                by: match event.moment {
                    Moment::First => Source::First(event.id.clone()),
                    Moment::Later | Moment::Last => Source::Event(event.id.clone()),
                },
            },
            catalogue,
        })
    }

    /// What the event does to this account now that Stripe was asked. Never [`Outcome::Ask`] again.
    pub fn after_reading(
        &self,
        event: &Event,
        reading: &Reading,
        catalogue: &Catalogue,
    ) -> Outcome {
        self.after_news(&News {
            event,
            subject: &reading.subject,
            before: None,
            charge: reading.charge.as_ref(),
            version: Version {
                at: reading.at,
                by: Source::Read(event.id.clone(), reading.attempt),
            },
            catalogue,
        })
    }

    fn after_news(&self, news: &News<'_>) -> Outcome {
        let applied = match news.subject {
            Subject::Customer(seen) => customer::after(self.customer.as_ref(), seen, news),
            Subject::Subscription(seen) => {
                subscription::after(self.subscriptions.get(&seen.id), seen, news)
            }
            Subject::Schedule(seen) => schedule::after(self.schedules.get(&seen.id), seen, news),
            Subject::Invoice(seen) => match &seen.id {
                Some(id) => invoice::after(self.invoices.get(id), id, seen, news),
                // One that is only foreseen: nobody owes it yet.
                None => Err(Outcome::Ignore),
            },
            Subject::Charge(seen) => charge::after(self.charges.get(&seen.id), seen, news),
            Subject::Refund(seen) => refund::after(self.refunds.get(&seen.id), seen, news),
            Subject::Dispute(seen) => dispute::after(self.disputes.get(&seen.id), seen, news),
            Subject::PaymentMethod(seen) => card::after(self.cards.get(&seen.id), seen, news),
            Subject::CheckoutSession(seen) => checkout::after(seen, news),
            Subject::Other => Err(Outcome::Ignore),
        };
        applied.map_or_else(
            |other| other,
            |mut change| {
                let made_at = news.object_created_at();
                let before = self.summary.as_ref();
                change.summary = Summary::after(before, made_at, &change.writes);
                let after = change.summary.as_ref();
                change.renamed = after.is_some_and(|after| after.is_found_otherwise_than(before));
                let revenue = after.and_then(|after| after.revenue_since(before));
                change.figure = change.figure.or(revenue);
                Outcome::Apply(Box::new(change))
            },
        )
    }

    /// The subscription the customer has now: of those that are alive the one begun last, else the one ended last.
    pub fn subscription(&self) -> Option<(&SubscriptionId, &Kept<Subscription>)> {
        self.subscriptions
            .iter()
            .max_by_key(|(_, kept)| (kept.facts.is_alive(), kept.facts.started_at))
    }

    /// The card the next charge goes to, as far as it is known.
    pub fn card(&self) -> Option<(&PaymentMethodId, &Kept<Card>)> {
        let of_subscription = self
            .subscription()
            .filter(|(_, kept)| kept.facts.is_alive())
            .and_then(|(_, kept)| kept.facts.default_payment_method.as_ref());
        let of_customer = self
            .customer
            .as_ref()
            .and_then(|kept| kept.facts.default_payment_method.as_ref());
        self.cards.get_key_value(of_subscription.or(of_customer)?)
    }
}

impl News<'_> {
    /// A read shows the object as it is; an event shows it as it was.
    const fn is_read(&self) -> bool {
        matches!(self.version.by, Source::Read(..))
    }

    /// When the object was made, as far as it says.
    fn object_created_at(&self) -> Timestamp {
        let said = match self.subject {
            Subject::Customer(seen) => seen.created,
            Subject::Subscription(seen) => Some(seen.created),
            _ => None,
        };
        said.unwrap_or(self.version.at)
    }

    /// Where the news stands in the object's life. A read says nothing of that.
    const fn moment(&self) -> Moment {
        if self.is_read() {
            Moment::Later
        } else {
            self.event.moment
        }
    }

    /// Whose a refund or a dispute is: it names its charge, and only the charge names the customer.
    ///
    /// # Errors
    /// The question whose the charge is, where neither the record nor the news says.
    fn customer_of<T>(
        &self,
        charge: Option<&ChargeId>,
        stored: Option<&Kept<T>>,
    ) -> Result<Option<CustomerId>, Outcome> {
        match (stored, self.charge, charge) {
            (_, Some(seen), _) => Ok(seen.customer.clone()),
            (Some(kept), None, _) => Ok(kept.customer.clone()),
            (None, None, Some(charge)) if !self.is_read() => {
                Err(Outcome::Ask(Question::Charge(charge.clone())))
            }
            (None, None, _) => Ok(None),
        }
    }

    fn keep<T>(&self, facts: T, customer: Option<CustomerId>) -> Kept<T> {
        Kept {
            facts,
            customer,
            version: self.version.clone(),
        }
    }
}

impl Change {
    /// A change that writes one record and nothing else.
    fn of(record: Record, replaces: Option<Version>) -> Self {
        Self {
            writes: vec![Write { record, replaces }],
            ..Self::default()
        }
    }
}
