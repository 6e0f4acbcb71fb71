//! Events: frozen snapshots of what changed, with what it changed from and which call caused it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::calendar::DAY_S;
use crate::diff::previous_attributes;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::sim::StripeSim;

/// Stripe answers `GET /v1/events` for the last 30 days only.
const KEPT_S: i64 = 30 * DAY_S;

/// Deliveries of one event that have not been answered with 2xx.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outstanding {
    /// Still to be delivered, or to be delivered again.
    pub(crate) pending: i64,
    /// Given up after three days.
    pub(crate) failed: i64,
}

/// By event; an event that is not in here was delivered everywhere.
pub(crate) type OutstandingByEvent = BTreeMap<String, Outstanding>;

/// The call that is being answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cause {
    pub(crate) request_id: String,
    pub(crate) idempotency_key: Option<String>,
}

impl StripeSim {
    /// Says that something happened to a stored object.
    pub(crate) fn emit(&mut self, event_type: &str, id: &str) {
        if let Some(object) = self.store.get(id).map(Arc::clone) {
            self.emit_snapshot(event_type, Value::clone(&object), None);
        }
    }

    /// Says that a stored object changed from `before`; silent where it did not.
    pub(crate) fn emit_change(&mut self, event_type: &str, before: &Value, id: &str) {
        let Some(object) = self.store.get(id).map(Arc::clone) else {
            return;
        };
        let previous = previous_attributes(before, &object);
        if !previous.is_empty() {
            self.emit_snapshot(event_type, Value::clone(&object), Some(previous.into()));
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
        object: Value,
        previous: Option<Value>,
    ) {
        let id = self.ids.long("evt");
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data["previous_attributes"] = previous;
        }
        let pending = self.owe_deliveries(&id, event_type);
        self.store.insert(json!({
            "id": id,
            "object": "event",
            "api_version": self.options.api_version,
            "created": self.now_s,
            "data": data,
            "livemode": self.options.livemode,
            "pending_webhooks": pending,
            "request": {
                "id": self.cause.as_ref().map(|cause| &cause.request_id),
                "idempotency_key": self.cause.as_ref().map(|cause| &cause.idempotency_key),
            },
            "type": event_type,
        }));
    }

    /// One event, as it was emitted.
    pub fn event(&self, id: &str) -> Option<&Value> {
        self.store.of_kind("event", id).map(|event| &**event)
    }

    /// Every event, oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.store.all("event", None).map(|event| &**event)
    }

    /// Forgets events that Stripe would no longer list.
    pub(crate) fn forget_old_events(&mut self) {
        let oldest_s = self.now_s - KEPT_S;
        let old: Vec<String> = self
            .events()
            .take_while(|event| event.int("created") < oldest_s)
            .map(|event| event.text("id").to_owned())
            .collect();
        for id in old {
            self.store.remove(&id);
            self.outstanding.remove(&id);
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
    let listing = Listing {
        kind: "event",
        noun: "event",
        url: "/v1/events",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |event| {
        let at = event.int("created");
        let undelivered = sim.outstanding.contains_key(event.text("id"));
        at >= oldest_s
            && created(at)
            && params
                .given("type")
                .is_none_or(|wanted| type_matches(wanted, event.text("type")))
            && (types.is_empty()
                || types
                    .iter()
                    .any(|wanted| type_matches(wanted, event.text("type"))))
            && delivered.is_none_or(|delivered| delivered != undelivered)
    })
}

/// `GET /v1/events/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    sim.event(id)
        .filter(|event| event.int("created") >= sim.now_s - KEPT_S)
        .cloned()
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
