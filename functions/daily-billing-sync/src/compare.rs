//! What Stripe lists, compared with the record page by page. What differs is only suspected: an event may be on its way.

use serde_json::value::RawValue;
use shared::error::Error;
use shared::event::Event;
use shared::event::told::{as_told, id_of};
use shared::store::keys::digest;
use shared::store::sync_health::{HeldRun, Suspect};
use shared::stripe::Calls;
use shared::sync_run::Listing;
use shared::time::Timestamp;

use crate::DailyBillingSync;

/// How far back refunds are compared, in seconds: a refund can fail for weeks after it was made.
const REFUNDS_BACK_S: i64 = 45 * 24 * 60 * 60;

/// How far back disputes are compared, in seconds: they last for months.
const DISPUTES_BACK_S: i64 = 180 * 24 * 60 * 60;

impl DailyBillingSync {
    /// Compares a page. An object in agreement costs no write of its own.
    pub(crate) async fn compare(
        &self,
        stripe: &Calls<'_>,
        held: &mut HeldRun,
        listing: Listing,
    ) -> Result<Option<String>, Error> {
        let back_s = match listing {
            Listing::Customers | Listing::Subscriptions | Listing::OpenInvoices => None,
            Listing::Refunds => Some(REFUNDS_BACK_S),
            Listing::Disputes => Some(DISPUTES_BACK_S),
        };
        let since = back_s.map(|seconds| held.run.started_at.plus_s(-seconds));
        let cursor = held.run.progress.cursor.as_deref();
        let answer = stripe.listing(listing, since, cursor).await?;
        let now = self.clock.now();
        let at = answer.at.unwrap_or(now);
        let (objects, has_more) = (answer.value.data, answer.value.has_more);
        let mut events = Vec::with_capacity(objects.len());
        for object in &objects {
            events.push(self.told(listing, object, at, &held.day)?.1);
        }
        let records = self
            .store
            .records_of_each(events.iter().map(|event| &event.subject))
            .await?;
        let mut listed = Vec::with_capacity(events.len());
        let mut suspects = Vec::new();
        for (event, record) in events.iter().zip(&records) {
            let id = event.subject.id().unwrap_or_default();
            listed.push(digest(id));
            if !record.agrees_with(&event.subject, &self.catalogue) {
                suspects.push(Suspect::new(listing, id));
            }
        }
        self.store.note_page(held, &listed, &suspects, now).await?;
        let counts = &mut held.run.progress.counts;
        counts.objects_compared += events.len() as u64;
        counts.suspects += suspects.len() as u64;
        match objects.last() {
            Some(last) if has_more => Ok(Some(id_of(last)?)),
            _ => Ok(None),
        }
    }

    /// What Stripe says of an object, as an event: its body, and the event.
    pub(crate) fn told(
        &self,
        listing: Listing,
        object: &RawValue,
        at: Timestamp,
        day: &str,
    ) -> Result<(Vec<u8>, Event), Error> {
        let body = as_told(listing, object, at, day, self.livemode)?;
        let event = Event::parse(&body)
            .map_err(|error| Error::internal(error).while_doing("read a listed object"))?;
        Ok((body, event))
    }
}
