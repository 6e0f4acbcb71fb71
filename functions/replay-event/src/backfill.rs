//! The backfill: whatever Stripe has told in the last weeks and is not on record, delivered or not, is taken in.

use shared::error::Error;
use shared::event::subscribed_kinds;
use shared::store::events::{EventOutcome, KeptEvent};
use shared::stripe::{Calls, EventQuery};

use crate::order::Backfill;
use crate::replay::Found;
use crate::wire::ReplayReport;
use crate::{ReplayEvent, TOLD_MAX, Time};

/// Seconds for which Stripe keeps an event: 30 days.
const KEPT_AT_STRIPE_S: i64 = 30 * 24 * 60 * 60;

impl ReplayEvent {
    /// Goes through Stripe's events, newest first, until it is through, the time is up, or enough are found.
    ///
    /// # Errors
    /// `Invalid` where it begins before Stripe's memory does; `Unavailable`.
    pub(crate) async fn backfill(
        &self,
        stripe: &Calls<'_>,
        backfill: &Backfill,
        execute: bool,
        time: Time,
    ) -> Result<ReplayReport, Error> {
        if self.front.clock.now().since_s(backfill.from) > KEPT_AT_STRIPE_S {
            return Err(Error::invalid(
                "invalid_span",
                "`from` must be at most 30 days ago: Stripe keeps events no longer.",
            ));
        }
        let mut report = ReplayReport {
            executed: execute,
            events: Vec::new(),
            left: 0,
            seen: Some(0),
            next: None,
        };
        let mut cursor = backfill.starting_after.clone();
        'pages: loop {
            let query = EventQuery {
                since: Some(backfill.from),
                starting_after: cursor.as_ref(),
                ..EventQuery::default()
            };
            let page = stripe.events(query).await?.value;
            let ids = page.data.iter().map(|event| &event.id);
            let mut rows = self.front.store.events_on_record(ids).await?;
            for envelope in page.data {
                if self.is_up(time) || report.events.len() >= TOLD_MAX {
                    report.next = cursor;
                    break 'pages;
                }
                let id = envelope.id.clone();
                let row = rows.remove(id.as_str());
                // What was given up is tried anew; what was settled or waits is on record already.
                let is_settled = row
                    .as_ref()
                    .is_some_and(|row| row.outcome != EventOutcome::Dead);
                if !is_settled && backfill.wants(&envelope.kind) {
                    let kept = row.map(|row| KeptEvent { row, body: None });
                    let found = Found::at_stripe(kept, envelope);
                    let replay = self.replay_found(stripe, &id, &found, execute);
                    report.events.push(replay.await?);
                }
                report.seen = report.seen.map(|seen| seen + 1);
                cursor = Some(id);
            }
            if !page.has_more {
                break;
            }
        }
        tracing::info!(
            executed = execute,
            events = report.events.len(),
            seen = report.seen,
            "events backfilled"
        );
        Ok(report)
    }
}

impl Backfill {
    fn wants(&self, kind: &str) -> bool {
        if self.kinds.is_empty() {
            subscribed_kinds().any(|wanted| wanted == kind)
        } else {
            self.kinds.iter().any(|wanted| wanted == kind)
        }
    }
}
