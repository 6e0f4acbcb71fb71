//! Which events an order means.

use std::collections::HashSet;

use shared::error::Error;
use shared::id::EventId;
use shared::store::events::Span;
use shared::time::{DAY_S, Timestamp};

use crate::ReplayEvent;
use crate::order::{Filter, MATCHING_MAX};

/// Rows read in one call: DynamoDB's own limit.
const ROWS_MAX: usize = 100;

impl ReplayEvent {
    /// The events that match, each once, after the one where an order before this one came to.
    ///
    /// # Errors
    /// `Invalid` where more match than are replayed in one go, or it is to start after an event that is none of them.
    pub(crate) async fn matching(&self, filter: &Filter) -> Result<Vec<EventId>, Error> {
        let candidates = match &filter.customer {
            Some(customer) => {
                let found =
                    self.front
                        .store
                        .events_of_customer(customer, filter.span, MATCHING_MAX);
                found.await?
            }
            None => self.delivered(filter.span).await?,
        };
        let mut seen = HashSet::new();
        let mut once: Vec<EventId> = candidates
            .into_iter()
            .filter(|id| seen.insert(id.to_string()))
            .collect();
        if let Some(last) = &filter.starting_after {
            // By the candidates and not by what matches of them: what was replayed has another outcome by now.
            let at = once.iter().position(|id| id == last).ok_or_else(|| {
                Error::invalid(
                    "unknown_start",
                    format!("`starting_after` is {last}, which is none of the events that the filter goes through."),
                )
            })?;
            once.drain(..=at);
        }
        let mut matching = Vec::new();
        for ids in once.chunks(ROWS_MAX) {
            let rows = self.front.store.events_on_record(ids).await?;
            let of_filter = ids.iter().filter(|id| {
                rows.get(id.as_str()).is_some_and(|row| {
                    filter.outcomes.contains(&row.outcome)
                        && (filter.kinds.is_empty() || filter.kinds.contains(&row.kind))
                })
            });
            matching.extend(of_filter.cloned());
            if matching.len() > MATCHING_MAX {
                return Err(Error::invalid(
                    "too_many_events",
                    format!(
                        "More than {MATCHING_MAX} events match. Narrow it: a shorter time, a type, an outcome or a customer."
                    ),
                ));
            }
        }
        Ok(matching)
    }

    /// The events delivered in a stretch of time, day by day: that is how deliveries are kept.
    async fn delivered(&self, span: Span) -> Result<Vec<EventId>, Error> {
        let mut ids = Vec::new();
        let mut from = span.from;
        while from <= span.to {
            let next_day = Timestamp::from_s((from.as_s().div_euclid(DAY_S) + 1) * DAY_S);
            let of_day = Span {
                from,
                to: span.to.min(Timestamp::from_ms(next_day.as_ms() - 1)),
            };
            let day = from.day();
            let delivered = self
                .front
                .store
                .events_delivered(&day, of_day, MATCHING_MAX);
            ids.extend(delivered.await?);
            from = next_day;
        }
        Ok(ids)
    }
}
