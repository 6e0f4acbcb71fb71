//! Alerts that others raised, and whether what they told of has ended: the record says so, or Stripe.

use shared::account::Account;
use shared::alert::{Ends, kind, parts_of};
use shared::error::Error;
use shared::health::Measured;
use shared::id::{CustomerId, DisputeId, EventId, SubscriptionId};
use shared::store::alerts::AlertRow;
use shared::store::events::EventOutcome;
use shared::stripe::Calls;
use shared::time::Timestamp;

use crate::WatchHealth;

/// Events of dead and quarantined alerts that are looked at in one watch, as many as one read takes.
const EVENTS_MAX: usize = 100;

/// Other alerts that are looked at in one watch.
const OTHERS_MAX: usize = 50;

/// Seconds without another one after which events are no longer being refused.
const REFUSED_S: i64 = 24 * 60 * 60;

/// Seconds between two watches: by it each looks at others, where there are more than one can look at.
const WATCHED_EVERY_S: i64 = 5 * 60;

impl WatchHealth {
    /// Ends the alerts of events that were applied after all, prices that are in a plan again, disputes that are closed,
    /// differences that are no more.
    ///
    /// # Errors
    /// Where the tables do not answer.
    pub(crate) async fn end_what_has_ended(
        &self,
        stripe: &Calls<'_>,
        measured: &Measured,
        open: &[AlertRow],
    ) -> Result<(), Error> {
        let now = measured.at;
        let of_events = |row: &&AlertRow| event_of(row).is_some();
        let events: Vec<&AlertRow> = open.iter().filter(of_events).collect();
        self.end_events(&in_turn(&events, EVENTS_MAX, now), now)
            .await?;
        let others: Vec<&AlertRow> = open.iter().filter(|row| !of_events(row)).collect();
        for row in in_turn(&others, OTHERS_MAX, now) {
            if row.ends == Ends::ByItself && self.has_ended(stripe, measured, row).await? {
                self.end(row, now).await?;
            }
        }
        Ok(())
    }

    async fn end_events(&self, rows: &[&AlertRow], now: Timestamp) -> Result<(), Error> {
        let ids: Vec<EventId> = rows.iter().filter_map(|row| event_of(row)).collect();
        let on_record = self.store.events_on_record(&ids).await?;
        for row in rows {
            let event = on_record.get(parts_of(&row.cause).1);
            let outcome = event.map(|event| event.outcome);
            if matches!(
                outcome,
                Some(EventOutcome::Applied | EventOutcome::Stale | EventOutcome::Ignored)
            ) {
                self.end(row, now).await?;
            }
        }
        Ok(())
    }

    async fn has_ended(
        &self,
        stripe: &Calls<'_>,
        measured: &Measured,
        row: &AlertRow,
    ) -> Result<bool, Error> {
        let (kind, subject) = parts_of(&row.cause);
        Ok(match kind {
            kind::REFUSED_EVENT => measured.at.since_s(row.last_at) > REFUSED_S,
            kind::SYNC_FOUND => {
                measured.syncs.found == 0 && measured.syncs.finished_at > Some(row.last_at)
            }
            kind::PRICE_MISSING => self.is_sold(stripe, subject).await,
            kind::UNMAPPED_PRICE => self.is_mapped(row).await?,
            kind::DISPUTE => self.is_closed(subject).await?,
            // What is measured was ended by its measure.
            _ => false,
        })
    }

    /// Whether a plan has its price at Stripe; not, where Stripe does not say.
    async fn is_sold(&self, stripe: &Calls<'_>, plan: &str) -> bool {
        match stripe.prices(&[plan]).await {
            Ok(answer) => {
                let mut prices = answer.value.data.iter();
                prices.any(|price| self.catalogue.plan_of(price).key() == plan)
            }
            Err(error) => {
                tracing::warn!(%error, plan, "it is not known whether the plan has a price");
                false
            }
        }
    }

    /// Whether the subscription that was told of has a plan of ours by now, or none at all. Another one with the same price
    /// raises the alert again with its next event.
    async fn is_mapped(&self, row: &AlertRow) -> Result<bool, Error> {
        let about = row.about.as_deref().and_then(|about| about.split_once('/'));
        let Some((customer, subscription)) = about else {
            return Ok(false);
        };
        let (Ok(customer), Ok(subscription)) = (
            customer.parse::<CustomerId>(),
            subscription.parse::<SubscriptionId>(),
        ) else {
            return Ok(false);
        };
        let account: Account = self.store.account(&customer).await?;
        Ok(account.is_mapped(&subscription))
    }

    async fn is_closed(&self, dispute: &str) -> Result<bool, Error> {
        let Ok(dispute) = dispute.parse::<DisputeId>() else {
            return Ok(false);
        };
        self.store.is_dispute_closed(&dispute).await
    }
}

/// The event that an alert is about.
fn event_of(row: &AlertRow) -> Option<EventId> {
    match parts_of(&row.cause) {
        (kind::DEAD_EVENT | kind::QUARANTINED_EVENT, event) => event.parse().ok(),
        _ => None,
    }
}

/// At most `most` of `rows`, other ones with every watch, so that none waits for ever behind those that do not end.
fn in_turn<'a>(rows: &[&'a AlertRow], most: usize, now: Timestamp) -> Vec<&'a AlertRow> {
    let turns = rows.len().div_ceil(most).max(1);
    let turn = now.as_s().div_euclid(WATCHED_EVERY_S).unsigned_abs();
    let turn = usize::try_from(turn).unwrap_or_default() % turns;
    let rows = rows.iter().skip(turn * most).take(most);
    rows.copied().collect()
}
