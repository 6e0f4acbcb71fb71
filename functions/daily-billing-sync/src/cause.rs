//! Why a record differs, as far as it can be told: by what Stripe's events and our own rows say of the object.

use shared::account::Account;
use shared::drift::{Cause, FieldDifference};
use shared::error::Error;
use shared::event::Subject;
use shared::id::EventId;
use shared::store::events::{EventOutcome, EventRow};
use shared::stripe::{Calls, EventQuery};
use shared::stripe_objects::EventEnvelope;
use shared::sync_run::Listing;
use shared::time::Timestamp;

use crate::DailyBillingSync;

/// Pages of Stripe's events that are looked through for one object, newest first. Who has more news than that of a kind
/// of object is told less surely why one of them differs, and not slower.
const PAGES_MAX: u32 = 3;

/// Stripe's events by the object they carry.
const fn group(listing: Listing) -> &'static str {
    match listing {
        Listing::Customers => "customer.updated",
        Listing::Subscriptions => "customer.subscription.*",
        Listing::OpenInvoices => "invoice.*",
        Listing::Refunds => "refund.*",
        Listing::Disputes => "charge.dispute.*",
    }
}

impl DailyBillingSync {
    /// Why a record differs; none where an event that may mend it is about to be applied.
    pub(crate) async fn cause(
        &self,
        stripe: &Calls<'_>,
        listing: Listing,
        record: &Account,
        subject: &Subject,
        fields: &[FieldDifference],
    ) -> Result<Option<Cause>, Error> {
        let written_at = record.version_of(subject).map(|version| version.at);
        let mut is_told = false;
        for row in self.rows_about(subject).await? {
            if row.outcome == EventOutcome::Pending {
                return Ok(None);
            }
            is_told |= has_told(&row) && Some(row.created) > written_at;
        }
        if fields
            .iter()
            .any(FieldDifference::is_about_an_unmapped_price)
        {
            return Ok(Some(Cause::UnmappedPrice));
        }
        if is_told {
            return Ok(Some(Cause::OurDefect));
        }
        let Some(latest) = self.latest(stripe, listing, subject, written_at).await? else {
            return Ok(Some(Cause::MissedEvent));
        };
        let rows = self.store.events_on_record([&latest.id]).await?;
        Ok(match rows.into_values().next() {
            Some(row) if row.outcome == EventOutcome::Pending => None,
            Some(row) if has_told(&row) => Some(Cause::OurDefect),
            None if latest.is_by_somebody_else() => Some(Cause::ChangedInDashboard),
            Some(_) | None => Some(Cause::MissedEvent),
        })
    }

    /// What is on record of the latest events of an object.
    async fn rows_about(&self, subject: &Subject) -> Result<Vec<EventRow>, Error> {
        let Some(customer) = subject.customer() else {
            return Ok(Vec::new());
        };
        let mut rows = self.store.latest_events_of(customer).await?;
        rows.retain(|row| row.object_id.as_deref() == subject.id());
        Ok(rows)
    }

    /// The latest event at Stripe of an object since `since`, if it is among the latest of its kind.
    async fn latest(
        &self,
        stripe: &Calls<'_>,
        listing: Listing,
        subject: &Subject,
        since: Option<Timestamp>,
    ) -> Result<Option<EventEnvelope>, Error> {
        let mut cursor: Option<EventId> = None;
        for _ in 0..PAGES_MAX {
            let query = EventQuery {
                group: Some(group(listing)),
                since,
                starting_after: cursor.as_ref(),
                ..EventQuery::default()
            };
            let page = stripe.events(query).await?.value;
            cursor = page
                .data
                .last()
                .filter(|_| page.has_more)
                .map(|event| event.id.clone());
            let mut events = page.data.into_iter();
            let found = events.find(|event| event.object_id().as_deref() == subject.id());
            if found.is_some() || cursor.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// Whether an event was settled as if nothing were left to do.
const fn has_told(row: &EventRow) -> bool {
    matches!(
        row.outcome,
        EventOutcome::Applied | EventOutcome::Stale | EventOutcome::Ignored
    )
}
