//! Door: what people look up of what has happened: events, deliveries, mails, actions and nightly runs. Read from the
//! indexes, newest first.

use futures::future::try_join_all;
use serde::Deserialize;
use utoipa::ToSchema;

use super::actions::LISTED as ACTIONS;
use super::audit::AuditRow;
use super::deliveries::Delivery;
use super::events::{EventOutcome, EventRow, Moved};
use super::keys::{Key, LISTED, SHARDS, Table, due_shards};
use super::pages::{Asked, Listing, Page, Placed};
use super::{Store, from_item, text};
use crate::account::{Dispute, Invoice, Kept, Refund};
use crate::action::Action;
use crate::error::Error;
use crate::id::{CustomerId, DisputeId, EventId, InvoiceId, RefundId};
use crate::money::Money;
use crate::outbox::MailKind;
use crate::sync_run::Run;
use crate::time::Timestamp;

/// An event, as far as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "each field is as in `EventRow`")]
pub struct ListedEvent {
    #[serde(rename = "pk")]
    pub id: String,
    pub kind: String,
    pub created: Timestamp,
    pub customer: Option<String>,
    pub object_id: Option<String>,
    pub amount: Option<Money>,
    pub plan_change: Option<Moved>,
    pub outcome: EventOutcome,
    pub received_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    #[serde(default)]
    pub attempts: u32,
    #[serde(default)]
    pub revivals: u32,
    pub reason: Option<String>,
}

impl ListedEvent {
    /// An event from its own row.
    pub fn of(id: &EventId, row: EventRow) -> Self {
        Self {
            id: id.to_string(),
            kind: row.kind,
            created: row.created,
            customer: row.customer,
            object_id: row.object_id,
            amount: row.amount,
            plan_change: row.plan_change,
            outcome: row.outcome,
            received_at: Some(row.received_at),
            settled_at: row.settled_at,
            attempts: row.attempts,
            revivals: row.revivals,
            reason: row.reason,
        }
    }
}

/// A mail, as far as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ListedMail {
    /// Its id.
    #[serde(rename = "pk")]
    pub id: String,
    /// What it says.
    pub mail: MailKind,
    /// When it was owed.
    pub created_at: Timestamp,
    /// When SES took it.
    pub sent_at: Option<Timestamp>,
    /// When it was given up, or came back.
    pub dead_at: Option<Timestamp>,
    /// Why it was not sent, the last time, or what became of it.
    pub reason: Option<String>,
}

/// An object of Stripe's with its id.
#[derive(Debug, Clone, Deserialize)]
pub struct Named<I, T> {
    /// The id.
    #[serde(rename = "pk")]
    pub id: I,
    /// What is on record.
    #[serde(flatten)]
    pub kept: Kept<T>,
}

/// What one customer's money came to.
#[derive(Debug, Clone)]
pub struct CustomerMoney {
    /// The latest invoices.
    pub invoices: Page<Named<InvoiceId, Invoice>>,
    /// The latest refunds.
    pub refunds: Page<Named<RefundId, Refund>>,
    /// The latest disputes.
    pub disputes: Page<Named<DisputeId, Dispute>>,
}

impl Store {
    /// The latest invoices, refunds and disputes of a customer, so many of each. Three calls at once.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn money_of(
        &self,
        customer: &CustomerId,
        limit: u16,
    ) -> Result<CustomerMoney, Error> {
        let first = Asked {
            limit,
            cursor: None,
        };
        let of = |table| Listing {
            table: Some(table),
            index: Some("by_customer"),
            hash: "customer",
            value: customer.to_string(),
            sort: "created_at",
            newest_first: true,
            ..Listing::default()
        };
        let (invoices, refunds, disputes) = futures::try_join!(
            self.page(of(Table::Invoices), &first),
            self.page(of(Table::Refunds), &first),
            self.page(of(Table::Disputes), &first),
        )?;
        Ok(CustomerMoney {
            invoices,
            refunds,
            disputes,
        })
    }

    /// A page of a customer's events, newest first.
    ///
    /// # Errors
    /// `Invalid` where the cursor is none; `Unavailable`; `Internal` where a row cannot be read.
    pub async fn events_on(
        &self,
        customer: &CustomerId,
        asked: &Asked,
    ) -> Result<Page<Placed<ListedEvent>>, Error> {
        let listing = Listing {
            table: Some(Table::BillingEvents),
            index: Some("by_customer"),
            hash: "customer",
            value: customer.to_string(),
            sort: "created",
            newest_first: true,
            ..Listing::default()
        };
        self.placed(listing, asked).await
    }

    /// A page of what was done to a customer, each as its entry in the log, newest first.
    ///
    /// # Errors
    /// As [`events_on`](Self::events_on).
    pub async fn acts_on(
        &self,
        customer: &CustomerId,
        asked: &Asked,
    ) -> Result<Page<Placed<AuditRow>>, Error> {
        let listing = Listing {
            table: Some(Table::AuditLog),
            index: Some("by_subject"),
            hash: "subject",
            value: customer.to_string(),
            sort: "entered_at",
            newest_first: true,
            ..Listing::default()
        };
        self.placed(listing, asked).await
    }

    /// A page of the mails to a customer, newest first.
    ///
    /// # Errors
    /// As [`events_on`](Self::events_on).
    pub async fn mails_on(
        &self,
        customer: &CustomerId,
        asked: &Asked,
    ) -> Result<Page<Placed<ListedMail>>, Error> {
        let listing = Listing {
            table: Some(Table::Emails),
            index: Some("by_customer"),
            hash: "customer",
            value: customer.to_string(),
            sort: "created_at",
            newest_first: true,
            ..Listing::default()
        };
        self.placed(listing, asked).await
    }

    async fn latest<T: serde::de::DeserializeOwned>(
        &self,
        listing: Listing,
        limit: u16,
    ) -> Result<Vec<T>, Error> {
        let asked = Asked {
            limit,
            cursor: None,
        };
        Ok(self.page(listing, &asked).await?.rows)
    }

    /// A page of the events that a person should look at.
    ///
    /// # Errors
    /// `Invalid` where the cursor is none; `Unavailable`; `Internal` where a row cannot be read.
    pub async fn events_given_up(&self, asked: &Asked) -> Result<Page<ListedEvent>, Error> {
        let listing = Listing {
            table: Some(Table::BillingEvents),
            index: Some("given_up"),
            hash: "given_up",
            value: LISTED.to_owned(),
            sort: "received_at",
            newest_first: true,
            ..Listing::default()
        };
        self.page(listing, asked).await
    }

    /// The events that are kept and not applied, those first that are due first: so many of each partition.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn events_pending(&self, limit: u16) -> Result<Vec<ListedEvent>, Error> {
        let queries = due_shards().map(|shard| async move {
            let listing = Listing {
                table: Some(Table::BillingEvents),
                index: Some("pending"),
                hash: "pending_shard",
                value: shard,
                sort: "due_at",
                ..Listing::default()
            };
            self.latest(listing, limit).await
        });
        let events: Vec<Vec<ListedEvent>> = try_join_all(queries).await?;
        Ok(events.into_iter().flatten().collect())
    }

    /// The deliveries of a day, newest first: those before `before`, which is the place of the last one seen. Sixteen calls at
    /// once: a day's deliveries are spread so that a burst of them does not meet in one partition.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn deliveries_of_day(
        &self,
        day: &str,
        before: Option<&str>,
        limit: u16,
    ) -> Result<Page<Delivery>, Error> {
        let before = before.unwrap_or("~");
        let queries = (0..SHARDS).map(|shard| async move {
            let listing = Listing {
                table: Some(Table::WebhookDeliveries),
                hash: "pk",
                value: format!("{day}#{shard:02}"),
                sort: "sk",
                range: Some("sk < :before"),
                values: vec![(":before", text(before))],
                newest_first: true,
                ..Listing::default()
            };
            self.latest::<Delivery>(listing, limit).await
        });
        let found: Vec<Vec<Delivery>> = try_join_all(queries).await?;
        let mut rows: Vec<Delivery> = found.into_iter().flatten().collect();
        rows.sort_by_key(|it| std::cmp::Reverse((it.received_at, it.id.clone())));
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows.last().filter(|_| more).map(Delivery::place);
        Ok(Page { rows, next })
    }

    /// A page of all actions, newest first.
    ///
    /// # Errors
    /// As [`events_given_up`](Self::events_given_up).
    pub async fn actions_listed(&self, asked: &Asked) -> Result<Page<Action>, Error> {
        let listing = Listing {
            table: Some(Table::AdminActions),
            index: Some("by_time"),
            hash: "listed",
            value: ACTIONS.to_owned(),
            sort: "created_at",
            newest_first: true,
            ..Listing::default()
        };
        self.page(listing, asked).await
    }

    /// A page of the actions on a customer, newest first.
    ///
    /// # Errors
    /// As [`events_given_up`](Self::events_given_up).
    pub async fn actions_on(
        &self,
        customer: &CustomerId,
        asked: &Asked,
    ) -> Result<Page<Action>, Error> {
        let listing = Listing {
            table: Some(Table::AdminActions),
            index: Some("by_customer"),
            hash: "customer",
            value: customer.to_string(),
            sort: "created_at",
            newest_first: true,
            ..Listing::default()
        };
        self.page(listing, asked).await
    }

    /// The nightly runs of these days, as far as there were any. One call, for at most a hundred days.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn runs_of(&self, days: &[String]) -> Result<Vec<(String, Run)>, Error> {
        let keys: Vec<Key> = days.iter().map(|day| Key::sync(day, "run")).collect();
        let mut found = self.read(&keys).await?;
        days.iter()
            .zip(&keys)
            .filter_map(|(day, key)| Some((day, found.remove(key)?)))
            .map(|(day, item)| Ok((day.clone(), from_item(item)?)))
            .collect()
    }
}
