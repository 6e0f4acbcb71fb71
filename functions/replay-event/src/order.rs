//! What is to be replayed, checked at the door.

use serde_json::Value;
use shared::error::Error;
use shared::id::{CustomerId, EventId};
use shared::store::events::{EventOutcome, Span};
use shared::time::Timestamp;

use crate::wire::{FilterForm, ReplayForm};

/// Most events that are named one by one.
pub(crate) const NAMED_MAX: usize = 100;

/// Most events that a filter may match. More is no replay any more but a rebuild, and is done day by day.
pub(crate) const MATCHING_MAX: usize = 10_000;

/// The longest stretch of time of a filter, in seconds: 31 days. Deliveries are kept for 90, events at Stripe for 30.
const SPAN_S_MAX: i64 = 31 * 24 * 60 * 60;

/// An order that is in order.
#[derive(Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) choice: Choice,
    /// Whether it is to be done. Else it is only told what would be.
    pub(crate) execute: bool,
}

/// Which events.
#[derive(Debug, PartialEq)]
pub(crate) enum Choice {
    /// These.
    Named(Vec<EventId>),
    /// All that match.
    Matching(Filter),
    /// All that Stripe has and we have not.
    Backfill(Backfill),
}

/// Which of Stripe's events are gone through, newest first.
#[derive(Debug, PartialEq)]
pub(crate) struct Backfill {
    /// Those that Stripe made from this moment on.
    pub(crate) from: Timestamp,
    /// Of one of these types; of any that the endpoint is sent where empty.
    pub(crate) kinds: Vec<String>,
    /// Where an order before this one came to.
    pub(crate) starting_after: Option<EventId>,
}

/// What an event has to be like.
#[derive(Debug, PartialEq)]
pub(crate) struct Filter {
    /// When it came in; of one customer's, when Stripe made it.
    pub(crate) span: Span,
    /// Of one of these types; of any where empty.
    pub(crate) kinds: Vec<String>,
    /// With one of these outcomes.
    pub(crate) outcomes: Vec<EventOutcome>,
    /// Of this customer.
    pub(crate) customer: Option<CustomerId>,
    /// Where an order before this one came to.
    pub(crate) starting_after: Option<EventId>,
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    /// `Invalid`, naming the field and what would be right.
    pub(crate) fn read(body: Value) -> Result<Self, Error> {
        let form: ReplayForm = serde_json::from_value(body)
            .map_err(|error| Error::invalid("invalid_body", format!("{error}.")))?;
        Self::of(form)
    }

    /// The order that a form comes to.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn of(form: ReplayForm) -> Result<Self, Error> {
        let choice = match (form.events.len(), form.matching, form.backfill) {
            (1..=NAMED_MAX, None, None) => Choice::Named(form.events),
            (0, Some(filter), None) => Choice::Matching(filter.checked()?),
            (0, None, Some(backfill)) => Choice::Backfill(Backfill {
                from: time("from", &backfill.from)?,
                kinds: backfill.types,
                starting_after: backfill.starting_after,
            }),
            _ => {
                return Err(Error::invalid(
                    "invalid_choice",
                    format!(
                        "Name 1 to {NAMED_MAX} `events`, or give `matching` or `backfill`; one of the three."
                    ),
                ));
            }
        };
        Ok(Self {
            choice,
            execute: form.execute,
        })
    }
}

impl FilterForm {
    fn checked(self) -> Result<Filter, Error> {
        let span = Span {
            from: time("from", &self.from)?,
            to: time("to", &self.to)?,
        };
        let span_s = span.to.since_s(span.from);
        if !(0..=SPAN_S_MAX).contains(&span_s) {
            return Err(Error::invalid(
                "invalid_span",
                "`from` must be before `to`, and at most 31 days.",
            ));
        }
        // What waits for somebody, unless something else is asked for.
        let outcomes = if self.outcomes.is_empty() {
            vec![EventOutcome::Dead, EventOutcome::Quarantined]
        } else {
            self.outcomes
        };
        Ok(Filter {
            span,
            kinds: self.types,
            outcomes,
            customer: self.customer,
            starting_after: self.starting_after,
        })
    }
}

fn time(field: &str, text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| {
        Error::invalid(
            "invalid_time",
            format!("The field `{field}` must be a time such as 2026-11-22T00:00:00Z."),
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_order_is_dry_unless_it_says_otherwise() {
        let order = Order::read(json!({"events": ["evt_1"]})).unwrap();
        assert!(!order.execute);
        let order = Order::read(json!({"events": ["evt_1"], "execute": true})).unwrap();
        assert!(order.execute);
    }

    #[test]
    fn a_filter_is_for_what_waits_for_somebody_unless_it_says_otherwise() {
        let span = json!({"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"});
        let Choice::Matching(filter) = Order::read(json!({"matching": span})).unwrap().choice
        else {
            panic!("no filter")
        };
        assert_eq!(
            filter.outcomes,
            [EventOutcome::Dead, EventOutcome::Quarantined]
        );
    }

    #[test]
    fn what_is_no_order_is_refused_with_what_would_be_right() {
        let span = |from: &str, to: &str| json!({"matching": {"from": from, "to": to}});
        let many: Vec<String> = (0..=NAMED_MAX)
            .map(|number| format!("evt_{number}"))
            .collect();
        for (body, code, word) in [
            (json!({}), "invalid_choice", "matching"),
            (json!({"events": []}), "invalid_choice", "events"),
            (json!({ "events": many }), "invalid_choice", "100"),
            (json!({"events": ["in_1"]}), "invalid_body", "evt_"),
            (json!({"event": "evt_1"}), "invalid_body", "unknown field"),
            (json!("evt_1"), "invalid_body", "struct"),
            (
                span("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"),
                "invalid_span",
                "before",
            ),
            (
                span("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z"),
                "invalid_span",
                "31 days",
            ),
            (span("yesterday", "today"), "invalid_time", "`from`"),
            (
                json!({"backfill": {"from": "yesterday"}}),
                "invalid_time",
                "`from`",
            ),
            (
                json!({"backfill": {"from": "2026-11-01T00:00:00Z"}, "events": ["evt_1"]}),
                "invalid_choice",
                "three",
            ),
        ] {
            let error = Order::read(body.clone()).unwrap_err();
            assert_eq!(error.code, code, "{body}");
            assert!(error.message.contains(word), "{body}: {}", error.message);
        }
    }
}
