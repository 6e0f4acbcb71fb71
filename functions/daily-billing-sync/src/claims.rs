//! What the record claims and Stripe did not list, and whether every plan can still be sold.

use std::collections::HashSet;

use shared::alert::Alert;
use shared::error::Error;
use shared::store::keys::digest;
use shared::store::sync_health::{HeldRun, Suspect};
use shared::stripe::Calls;
use shared::sync_run::Listing;

use crate::DailyBillingSync;

impl DailyBillingSync {
    /// Suspects every object of a page of our record that Stripe did not list in this run. `listed` is read once.
    pub(crate) async fn claims(
        &self,
        held: &mut HeldRun,
        listed: &mut Option<HashSet<u64>>,
        listing: Listing,
    ) -> Result<Option<String>, Error> {
        let cursor = held.run.progress.cursor.as_deref();
        let page = if listing == Listing::Subscriptions {
            self.store.claimed_subscriptions(cursor).await?
        } else {
            self.store.claimed_invoices(cursor).await?
        };
        if !page.objects.is_empty() {
            let listed = match listed {
                Some(listed) => listed,
                None => listed.insert(self.store.listed_in(&held.day).await?),
            };
            let unlisted = page.objects.into_iter();
            let unlisted = unlisted.filter(|object| !listed.contains(&digest(object)));
            let suspects: Vec<_> = unlisted.map(|object| Suspect { listing, object }).collect();
            self.store
                .note_page(held, &[], &suspects, self.clock.now())
                .await?;
            held.run.progress.counts.suspects += suspects.len() as u64;
        }
        Ok(page.cursor)
    }

    /// Tells of every plan that has no price at Stripe: nobody could buy it.
    pub(crate) async fn prices(&self, stripe: &Calls<'_>) -> Result<Option<String>, Error> {
        let offers = self.catalogue.offers();
        let keys: Vec<&str> = offers.iter().map(|offer| offer.plan.key()).collect();
        let prices = stripe.prices(&keys).await?.value.data;
        for offer in offers {
            let is_sold = prices
                .iter()
                .any(|price| self.catalogue.plan_of(price) == offer.plan);
            if !is_sold {
                let alert = Alert::price_missing(offer.plan);
                self.store.raise(&alert, self.clock.now()).await?;
            }
        }
        Ok(None)
    }
}
