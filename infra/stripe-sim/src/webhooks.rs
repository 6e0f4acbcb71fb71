//! Signed delivery of events to webhook endpoints, and redelivery with growing gaps until one is answered with 2xx.

use std::collections::{BTreeMap, BTreeSet};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use crate::calendar::{DAY_S, HOUR_S};
use crate::events::type_matches;
use crate::fields::Fields;
use crate::sim::StripeSim;

/// An event on its way to one endpoint, ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Names this event for this endpoint, over all its attempts.
    pub id: String,
    /// The endpoint's address.
    pub url: String,
    /// The event's identifier.
    pub event_id: String,
    /// The event's type.
    pub event_type: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The body to post, as it was signed.
    pub body: Vec<u8>,
    /// The value of the header `Stripe-Signature`.
    pub signature_header: String,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryAnswer {
    /// The endpoint answered with this status; any 2xx ends the delivery.
    Status(u16),
    /// Nothing came back.
    NoAnswer,
}

/// A delivery that has not been answered with 2xx yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owed {
    number: u64,
    event_id: String,
    endpoint_id: String,
    first_s: i64,
    /// Attempts that were taken.
    attempts: u32,
}

/// Every delivery that is owed, by its identifier, and when each is due; one that is in flight is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deliveries {
    made: u64,
    owed: BTreeMap<String, Owed>,
    due: BTreeSet<(i64, u64, String)>,
}

/// The secrets of an endpoint: while one is being rolled, the one before it signs too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) current: String,
    /// The secret before, and until when it signs.
    pub(crate) previous: Option<(String, i64)>,
}

impl Secrets {
    pub(crate) fn new(current: String) -> Self {
        Self {
            current,
            previous: None,
        }
    }

    /// The signature header of a body, with a `v1` for each secret that holds.
    fn header(&self, now_s: i64, body: &[u8]) -> String {
        let mut header = signature_header(&self.current, now_s, body);
        if let Some((secret, until_s)) = &self.previous
            && now_s < *until_s
        {
            header.push_str(",v1=");
            header.push_str(&signature(secret, now_s, body));
        }
        header
    }
}

/// Gaps between the first attempts; every later one is the last of them. Stripe promises only that they grow.
const GAPS_S: [i64; 6] = [300, 1_800, 2 * HOUR_S, 5 * HOUR_S, 10 * HOUR_S, 12 * HOUR_S];

/// How long Stripe goes on trying.
const TRIED_S: i64 = 3 * DAY_S;

impl StripeSim {
    /// Owes an event to each endpoint that wants it, and says to how many.
    pub(crate) fn owe_deliveries(&mut self, event_id: &str, event_type: &str) -> i64 {
        let endpoints: Vec<String> = self
            .store
            .all("webhook_endpoint", None)
            .filter(|endpoint| {
                endpoint.text("status") == "enabled"
                    && endpoint
                        .list("enabled_events")
                        .iter()
                        .filter_map(Value::as_str)
                        .any(|pattern| type_matches(pattern, event_type))
            })
            .map(|endpoint| endpoint.text("id").to_owned())
            .collect();
        for endpoint_id in &endpoints {
            let id = format!("{event_id}:{endpoint_id}");
            let number = self.deliveries.made;
            self.deliveries.made += 1;
            let owed = Owed {
                number,
                event_id: event_id.to_owned(),
                endpoint_id: endpoint_id.clone(),
                first_s: self.home_s(),
                attempts: 0,
            };
            let due = (self.home_s(), number, id.clone());
            self.deliveries.due.insert(due);
            self.deliveries.owed.insert(id, owed);
        }
        i64::try_from(endpoints.len()).unwrap_or(i64::MAX)
    }

    /// The deliveries that are due now, in the order they fell due. Each is in flight until [`Self::delivered`] says
    /// what became of it.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        let mut taken = Vec::new();
        while let Some((due_s, _, _)) = self.deliveries.due.first() {
            if *due_s > self.now_s {
                break;
            }
            if let Some((_, _, id)) = self.deliveries.due.pop_first() {
                taken.extend(self.prepare(&id));
            }
        }
        taken
    }

    fn prepare(&mut self, delivery_id: &str) -> Option<Delivery> {
        let owed = self.deliveries.owed.get(delivery_id)?.clone();
        let endpoint = self.store.get(&owed.endpoint_id);
        let event = self.events.get(&owed.event_id);
        let secrets = self.endpoint_secrets.get(&owed.endpoint_id);
        let (Some(endpoint), Some(event), Some(secrets)) = (endpoint, event, secrets) else {
            // The endpoint was deleted meanwhile: nobody is left to tell.
            self.settle(delivery_id, Settled::Failed);
            return None;
        };
        let api_version = endpoint
            .text_at("api_version")
            .unwrap_or(&self.options.api_version);
        let body = self.event_text(event, api_version).into_bytes();
        let delivery = Delivery {
            id: delivery_id.to_owned(),
            url: endpoint.text("url").to_owned(),
            event_id: owed.event_id.clone(),
            event_type: event.event_type.clone(),
            attempt: owed.attempts + 1,
            signature_header: secrets.header(self.now_s, &body),
            body,
        };
        if let Some(owed) = self.deliveries.owed.get_mut(delivery_id) {
            owed.attempts += 1;
        }
        Some(delivery)
    }

    /// Says what became of an attempt. Without a 2xx it is due again later, for three days.
    pub fn delivered(&mut self, delivery_id: &str, answer: DeliveryAnswer) {
        let now_s = self.now_s;
        let Some(owed) = self.deliveries.owed.get(delivery_id) else {
            return;
        };
        if matches!(answer, DeliveryAnswer::Status(200..=299)) {
            self.settle(delivery_id, Settled::Delivered);
            return;
        }
        let tried = usize::try_from(owed.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let gap_s = GAPS_S[tried.min(GAPS_S.len() - 1)];
        if now_s + gap_s > owed.first_s + TRIED_S {
            self.settle(delivery_id, Settled::Failed);
        } else {
            let due = (now_s + gap_s, owed.number, delivery_id.to_owned());
            self.deliveries.due.insert(due);
        }
    }

    /// Counts every delivery in flight as unanswered: what a sandbox does that was stopped between taking one and
    /// saying what became of it.
    pub fn give_up_in_flight(&mut self) {
        let waiting: BTreeSet<&str> = self
            .deliveries
            .due
            .iter()
            .map(|(_, _, id)| id.as_str())
            .collect();
        let in_flight: Vec<String> = self
            .deliveries
            .owed
            .keys()
            .filter(|id| !waiting.contains(id.as_str()))
            .cloned()
            .collect();
        for id in in_flight {
            self.delivered(&id, DeliveryAnswer::NoAnswer);
        }
    }

    fn settle(&mut self, delivery_id: &str, settled: Settled) {
        let Some(owed) = self.deliveries.owed.remove(delivery_id) else {
            return;
        };
        if let Some(event) = self.events.get_mut(&owed.event_id) {
            event.pending -= 1;
            if matches!(settled, Settled::Failed) {
                event.failed += 1;
            }
        }
    }

    /// When the next delivery falls due, of those not in flight.
    pub(crate) fn next_delivery_s(&self) -> Option<i64> {
        self.deliveries.due.first().map(|(due_s, _, _)| *due_s)
    }
}

enum Settled {
    Delivered,
    Failed,
}

/// `t=…,v1=…` for a body, as the header `Stripe-Signature` carries it.
pub fn signature_header(secret: &str, at_s: i64, body: &[u8]) -> String {
    format!("t={at_s},v1={}", signature(secret, at_s, body))
}

/// HMAC-SHA256 in lower-case hexadecimal over `{at_s}.{body}`.
pub fn signature(secret: &str, at_s: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(at_s.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_another_implementation_computes() {
        // printf '1492774577.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_secret
        assert_eq!(
            signature_header("whsec_test_secret", 1_492_774_577, br#"{"id":"evt_1"}"#),
            "t=1492774577,v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f"
        );
    }
}
