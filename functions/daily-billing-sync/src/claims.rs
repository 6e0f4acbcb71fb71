//! What the record claims and Stripe did not list, and whether every plan can still be sold.

use std::collections::HashSet;

use shared::alert::Alert;
use shared::error::Error;
use shared::store::keys::digest;
use shared::store::sync_health::HeldRun;
use shared::stripe::Calls;
use shared::sync_run::Listing;

use crate::DailyBillingSync;

/// Seconds after which an account has to be confirmed again, by news or by Stripe's listing it: two nights.
const CONFIRMED_S: i64 = 48 * 60 * 60;

impl DailyBillingSync {
    /// Suspects every object of a page of our record that Stripe did not list in this run. `listed` is read once.
    pub(crate) async fn claims(
        &self,
        held: &mut HeldRun,
        listed: &mut Option<HashSet<u64>>,
        listing: Listing,
    ) -> Result<Option<String>, Error> {
        let cursor = held.run.progress.cursor.as_deref();
        let page = match listing {
            // What Stripe listed is confirmed by that, without a write; of the rest, what news came of lately.
            Listing::Customers => {
                let since = held.run.started_at.plus_s(-CONFIRMED_S);
                self.store.quiet_customers(since, cursor).await?
            }
            Listing::Subscriptions => self.store.claimed_subscriptions(cursor).await?,
            Listing::OpenInvoices | Listing::Refunds | Listing::Disputes => {
                self.store.claimed_invoices(cursor).await?
            }
        };
        if !page.objects.is_empty() {
            let listed = match listed {
                Some(listed) => listed,
                None => listed.insert(self.store.listed_in(&held.day).await?),
            };
            let unlisted = page.objects.into_iter();
            let suspects: Vec<_> = unlisted
                .filter(|claim| !listed.contains(&digest(&claim.object)))
                .collect();
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
