//! Events: what Stripe says has happened.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::read;
use crate::id::EventId;
use crate::time::Timestamp;

/// An event as it is delivered and as it is listed: what happened, and the object as it was just after.
#[derive(Debug, Clone, Deserialize)]
pub struct EventEnvelope {
    /// Stripe's identifier, the same in every delivery.
    pub id: EventId,
    /// What happened, such as `invoice.paid`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, in whole seconds. Several events of one object often share one.
    #[serde(deserialize_with = "read::time")]
    pub created: Timestamp,
    /// Whether real money is meant.
    pub livemode: bool,
    /// The connected account it belongs to. `None` for our own.
    #[serde(default)]
    pub account: Option<String>,
    /// The version of the API that the object is written in.
    #[serde(default)]
    pub api_version: Option<String>,
    /// The call that caused it: its text, because what it says never decides what becomes of the event.
    #[serde(default)]
    pub request: Option<Box<RawValue>>,
    /// The object, and what it was before.
    pub data: EventData,
}

/// The call that caused an event, as far as it is read.
#[derive(Deserialize)]
struct Request {
    id: Option<String>,
    idempotency_key: Option<String>,
}

/// What an event is about.
#[derive(Debug, Clone, Deserialize)]
pub struct EventData {
    /// The object as it was just after the event: its text, because what is read of it is a small part.
    pub object: Box<RawValue>,
    /// The fields that the event changed, as they were before. Only `.updated` events have them.
    #[serde(default)]
    pub previous_attributes: Option<Value>,
}

impl EventEnvelope {
    /// Whether somebody else caused it: a call that is none of ours. Stripe names the call, and none where it acted by
    /// itself (<https://docs.stripe.com/api/events/object>, read November 2026). Each of our calls that change anything has
    /// a key made of words and ids with colons between them; Stripe's own pages and libraries make theirs at random.
    pub fn is_by_somebody_else(&self) -> bool {
        let request = self.request.as_deref().map(RawValue::get);
        let request: Option<Request> = request.and_then(|text| serde_json::from_str(text).ok());
        request.is_some_and(|request| {
            let key = request.idempotency_key;
            request.id.is_some() && !key.is_some_and(|key| key.contains(':'))
        })
    }

    /// The id of the object, where it has one.
    pub fn object_id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            id: Option<String>,
        }
        self.object::<Named>().ok()?.id
    }

    /// The object, read as what the event's kind says it is.
    pub fn object<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.data.object.get())
    }
}
