//! What Stripe has of one customer, against what is on record.

use std::collections::BTreeSet;

use shared::drift::FieldDifference;
use shared::error::{Error, ErrorKind};
use shared::event::Event;
use shared::event::told::as_told;
use shared::id::CustomerId;
use shared::store::deliveries::Delivery;
use shared::store::events::Unsettled;
use shared::store::sync_health::Suspect;
use shared::stripe::{Calls, StripeErrorKind};
use shared::sync_run::Listing;

use crate::ResyncCustomer;

/// Invoices, refunds and disputes that are compared of each.
const LATEST: u16 = 10;

/// An object that was compared.
pub(crate) struct Found {
    /// Stripe's id of it.
    pub(crate) object: String,
    /// The fields that differ.
    pub(crate) fields: Vec<FieldDifference>,
    /// What Stripe says of it, as an event; none where Stripe has no such object.
    pub(crate) told: Option<(Event, Vec<u8>)>,
}

impl ResyncCustomer {
    /// Compares everything of a customer that can differ: the customer, all subscriptions, the latest of the rest.
    ///
    /// # Errors
    /// `NotFound` where neither we nor Stripe know the customer; `Unavailable`.
    pub(crate) async fn compare(
        &self,
        stripe: Calls<'_>,
        customer: &CustomerId,
        order: &str,
    ) -> Result<Vec<Found>, Error> {
        let store = &self.acting.front.store;
        let account = store.account(customer).await?;
        let money = store.money_of(customer, LATEST).await?;
        let mut objects = BTreeSet::from([(Listing::Customers, customer.to_string())]);
        for (id, kept) in &account.subscriptions {
            objects.insert((Listing::Subscriptions, id.to_string()));
            let latest = kept.facts.latest_invoice.as_ref();
            objects.extend(latest.map(|id| (Listing::OpenInvoices, id.to_string())));
        }
        let at_stripe = stripe.subscriptions(customer, None).await;
        match at_stripe {
            Ok(answer) => objects.extend(
                answer
                    .value
                    .data
                    .into_iter()
                    .map(|it| (Listing::Subscriptions, it.id.to_string())),
            ),
            Err(error) if error.kind == StripeErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let (invoices, refunds, disputes) = (money.invoices, money.refunds, money.disputes);
        objects.extend(
            invoices
                .rows
                .into_iter()
                .map(|it| (Listing::OpenInvoices, it.id.to_string())),
        );
        objects.extend(
            refunds
                .rows
                .into_iter()
                .map(|it| (Listing::Refunds, it.id.to_string())),
        );
        objects.extend(
            disputes
                .rows
                .into_iter()
                .map(|it| (Listing::Disputes, it.id.to_string())),
        );
        let mut found = Vec::with_capacity(objects.len());
        for (listing, object) in objects {
            found.push(self.look(&stripe, listing, object, order).await?);
        }
        let is_known = account.customer.is_some() || found.iter().any(|it| it.told.is_some());
        if is_known {
            Ok(found)
        } else {
            Err(Error::new(
                ErrorKind::NotFound,
                "no_such_user",
                "There is no such customer, neither on record nor at Stripe.",
            ))
        }
    }

    async fn look(
        &self,
        stripe: &Calls<'_>,
        listing: Listing,
        object: String,
        order: &str,
    ) -> Result<Found, Error> {
        let store = &self.acting.front.store;
        let answer = match stripe.listed(listing, &object).await {
            Ok(answer) => answer,
            Err(error) if error.kind == StripeErrorKind::NotFound => {
                let suspect = Suspect::new(listing, object.clone());
                return Ok(Found {
                    fields: store.record_of(&suspect).await?.claims(),
                    object,
                    told: None,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let at = answer.at.unwrap_or(self.acting.front.clock.now());
        let body = as_told(listing, &answer.value, at, order, self.livemode)?;
        let event = Event::parse(&body)
            .map_err(|error| Error::internal(error).while_doing("read an object of Stripe's"))?;
        let record = store.records_about([&event.subject]).await?;
        Ok(Found {
            fields: record.differences(&event.subject, &self.catalogue),
            object,
            told: Some((event, body)),
        })
    }

    /// Has what Stripe says of an object applied. What Stripe does not have is left alone.
    pub(crate) async fn apply(&self, found: &Found) -> Result<(), Error> {
        let Some((event, body)) = &found.told else {
            return Ok(());
        };
        let front = &self.acting.front;
        let now = front.clock.now();
        let delivery = Delivery {
            id: self.chance.hex128(),
            event_id: event.id.to_string(),
            event_kind: Some(event.kind.clone()),
            received_at: now,
            lag_s: Some(now.since_s(event.created)),
            answer: "found_by_sync".to_owned(),
        };
        match front.store.keep_pending(event, body, &delivery, now).await {
            Ok(()) => {}
            Err(Unsettled::NotOurs | Unsettled::Overtaken) => return Ok(()),
            Err(Unsettled::Failed(error)) => return Err(error),
        }
        front.store.queue_kept(&self.queue, &event.id, now).await;
        Ok(())
    }
}
