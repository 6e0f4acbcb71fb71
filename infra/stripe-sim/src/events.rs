//! Events: frozen snapshots of what changed, with what it changed from and which call caused it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::calendar::DAY_S;
use crate::diff::previous_attributes;
use crate::error::StripeError;
use crate::lists::{self, Cursors};
use crate::params::Params;
use crate::sim::StripeSim;

/// Stripe answers `GET /v1/events` for the last 30 days only.
const KEPT_S: i64 = 30 * DAY_S;

/// An event. Its object is frozen as text, which takes a fifth of the memory of the object and is what is delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) event_type: String,
    pub(crate) created_s: i64,
    /// The account's time when it happened, where the event has the time of a test clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home_s: Option<i64>,
    /// `data`, as JSON.
    data: String,
    cause: Option<Cause>,
    /// Deliveries that are still to be made, or to be made again.
    pub(crate) pending: i64,
    /// Deliveries that were given up after three days.
    pub(crate) failed: i64,
}

impl Event {
    /// Whether every delivery was answered with 2xx.
    fn was_delivered(&self) -> bool {
        self.pending == 0 && self.failed == 0
    }

    /// When it happened, by the account's time.
    fn happened_s(&self) -> i64 {
        self.home_s.unwrap_or(self.created_s)
    }
}

/// The events of the last 30 days, in the order they happened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Events {
    made: u64,
    by_number: BTreeMap<u64, Event>,
    numbers: BTreeMap<String, u64>,
}

impl Events {
    pub(crate) fn get(&self, id: &str) -> Option<&Event> {
        self.by_number.get(self.numbers.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Event> {
        self.by_number.get_mut(self.numbers.get(id)?)
    }

    fn push(&mut self, event: Event) {
        self.numbers.insert(event.id.clone(), self.made);
        self.by_number.insert(self.made, event);
        self.made += 1;
    }
}

/// The call that is being answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cause {
    pub(crate) request_id: String,
    pub(crate) idempotency_key: Option<String>,
}

impl StripeSim {
    /// Says that something happened to a stored object.
    pub(crate) fn emit(&mut self, event_type: &str, id: &str) {
        if self.silent {
            return;
        }
        if let Some(object) = self.store.get(id).map(Arc::clone) {
            self.emit_snapshot(event_type, &object, None);
        }
    }

    /// Says that a stored object changed from `before`; silent where it did not.
    pub(crate) fn emit_change(&mut self, event_type: &str, before: &Value, id: &str) {
        let object = self.store.get(id).filter(|_| !self.silent);
        let Some(object) = object.map(Arc::clone) else {
            return;
        };
        let previous = previous_attributes(before, &object);
        if !previous.is_empty() {
            self.emit_snapshot(event_type, &object, Some(previous.into()));
        }
    }

    /// Changes a stored object and says so.
    pub(crate) fn update(
        &mut self,
        event_type: &str,
        id: &str,
        change: impl FnOnce(&mut Value),
    ) -> Arc<Value> {
        let before = self.store.change(id, change);
        self.emit_change(event_type, &before, id);
        before
    }

    /// Keeps an event and owes it to every endpoint that wants it.
    pub(crate) fn emit_snapshot(
        &mut self,
        event_type: &str,
        object: &Value,
        previous_attributes: Option<Value>,
    ) {
        let mut data = format!("{{\"object\":{object}");
        if let Some(previous) = previous_attributes {
            data.push_str(&format!(",\"previous_attributes\":{previous}"));
        }
        data.push('}');
        let id = self.ids.long("evt");
        let pending = self.owe_deliveries(&id, event_type);
        self.events.push(Event {
            id,
            event_type: event_type.to_owned(),
            created_s: self.now_s,
            home_s: self.home.is_some().then(|| self.home_s()),
            data,
            cause: self.cause.clone(),
            pending,
            failed: 0,
        });
    }

    /// An event as it is on the wire, in some version of the API. The versions do not differ here but in their name.
    pub(crate) fn event_text(&self, event: &Event, api_version: &str) -> String {
        let around = json!({
            "id": event.id,
            "object": "event",
            "api_version": api_version,
            "created": event.created_s,
            "livemode": self.options.livemode,
            "pending_webhooks": event.pending,
            "request": {
                "id": event.cause.as_ref().map(|cause| &cause.request_id),
                "idempotency_key": event.cause.as_ref().map(|cause| &cause.idempotency_key),
            },
            "type": event.event_type,
        });
        let around = around.to_string();
        format!(
            "{},\"data\":{}}}",
            around.strip_suffix('}').unwrap_or(&around),
            event.data
        )
    }

    /// An event as JSON.
    fn render(&self, event: &Event) -> Value {
        // The text was made of JSON, so it is read back.
        serde_json::from_str(&self.event_text(event, &self.options.api_version)).unwrap_or_default()
    }

    /// One event, with its object as it was when the event happened.
    pub fn event(&self, id: &str) -> Option<Value> {
        self.events.get(id).map(|event| self.render(event))
    }

    /// The events of the last 30 days, oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = Value> {
        self.events
            .by_number
            .values()
            .map(|event| self.render(event))
    }

    /// How many events there are.
    pub fn events_count(&self) -> usize {
        self.events.by_number.len()
    }

    /// Forgets events that Stripe would no longer list. Those still to be delivered stay: the clock may have been moved
    /// by months in one step.
    pub(crate) fn forget_old_events(&mut self) {
        let oldest_s = self.now_s - KEPT_S;
        while let Some(first) = self.events.by_number.first_entry() {
            if first.get().happened_s() >= oldest_s || first.get().pending > 0 {
                break;
            }
            let event = first.remove();
            self.events.numbers.remove(&event.id);
        }
    }
}

/// `GET /v1/events`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let known: Vec<&str> = lists::PAGING_BY_TIME
        .into_iter()
        .chain(["type", "types[]", "delivery_success"])
        .collect();
    params.only(&known)?;
    let created = lists::in_range(params, "created")?;
    let delivered = params.flag("delivery_success")?;
    let types = params.texts("types");
    if types.len() > TYPES_MAX {
        return Err(
            StripeError::invalid(format!("You may pass up to {TYPES_MAX} event types."))
                .param("types"),
        );
    }
    let oldest_s = sim.now_s - KEPT_S;
    let wanted_type = params.given("type");
    let wanted = |event: &&Event| {
        event.happened_s() >= oldest_s
            && created(event.created_s)
            && wanted_type.is_none_or(|wanted| type_matches(wanted, &event.event_type))
            && (types.is_empty()
                || types
                    .iter()
                    .any(|wanted| type_matches(wanted, &event.event_type)))
            && delivered.is_none_or(|delivered| delivered == event.was_delivered())
    };
    let cursors = Cursors::read(params, "event", |id| sim.events.numbers.get(id).copied())?;
    let first = cursors.newer_than.map_or(0, |number| number + 1);
    let end = cursors.older_than.unwrap_or(u64::MAX).max(first);
    let between = sim.events.by_number.range(first..end);
    let (found, has_more) = cursors.take(between.map(|(_, event)| event).filter(wanted));
    let data = found.into_iter().map(|event| sim.render(event)).collect();
    Ok(lists::list(data, has_more, "/v1/events"))
}

/// `GET /v1/events/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.events
        .get(id)
        .filter(|event| event.happened_s() >= sim.now_s - KEPT_S)
        .map(|event| sim.render(event))
        .ok_or_else(|| StripeError::missing("event", id))
}

/// Most values of `types` in one call.
const TYPES_MAX: usize = 20;

/// `*`, `charge.*` or one type in full.
pub(crate) fn type_matches(pattern: &str, event_type: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => event_type.starts_with(start),
        None => pattern == event_type,
    }
}
