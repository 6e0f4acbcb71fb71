//! Stripe's webhooks, carried through the gateway to whoever answers there, and a log of what was answered.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use http::{Request, Response};
use serde::Serialize;
use shared::time::Timestamp;
use stripe_sim::{Delivery, DeliveryAnswer};

use crate::gateway::Gateway;
use crate::stripe::Stripe;

/// One attempt at delivering an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// When, on the sandbox's clock.
    pub at: Timestamp,
    /// The event.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The status answered.
    pub status: u16,
    /// The body answered, its beginning.
    pub answer: String,
    /// How long the answer took, on the machine's clock.
    pub duration_us: u64,
}

/// The latest deliveries.
#[derive(Debug, Default)]
pub struct Deliveries(Mutex<VecDeque<Delivered>>);

/// Deliveries kept to be looked at.
const KEPT_MAX: usize = 500;

/// Bytes of an answer that are kept.
const ANSWER_BYTES_MAX: usize = 2_000;

/// Where Stripe's deliveries come from (an address of its published list).
const SOURCE_IP: &str = "3.18.12.63";

impl Deliveries {
    /// The latest, newest first.
    pub fn latest(&self) -> Vec<Delivered> {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().rev().cloned().collect()
    }

    /// Carries every delivery that is due, one after the other and in order, and says how many there were. Disorder is a
    /// fault that one asks for: left to chance, it would only make the page slow to show what was done.
    pub async fn carry_due(&self, stripe: &Stripe, gateway: &Gateway, now: Timestamp) -> usize {
        let due = stripe.now().take_deliveries();
        if !due.is_empty() {
            stripe.keep();
        }
        for delivery in &due {
            let started = Instant::now();
            let response = match request(delivery) {
                Ok(request) => gateway.handle(request, SOURCE_IP).await,
                Err(_) => Response::new(Bytes::new()),
            };
            let status = response.status().as_u16();
            self.note(Delivered {
                at: now,
                event_id: delivery.event_id.clone(),
                event_type: delivery.event_type.clone(),
                attempt: delivery.attempt,
                status,
                answer: beginning(response.body()),
                duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            });
            let answer = DeliveryAnswer::Status(status);
            stripe.now().delivered(&delivery.id, answer);
        }
        due.len()
    }

    fn note(&self, entry: Delivered) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == KEPT_MAX {
            log.pop_front();
        }
        log.push_back(entry);
    }
}

/// The request as Stripe posts it.
fn request(delivery: &Delivery) -> http::Result<Request<Bytes>> {
    Request::post(delivery.url.as_str())
        .header("content-type", "application/json; charset=utf-8")
        .header(
            "user-agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        )
        .header("stripe-signature", delivery.signature_header.as_str())
        .body(Bytes::copy_from_slice(&delivery.body))
}

fn beginning(body: &Bytes) -> String {
    let kept = body.len().min(ANSWER_BYTES_MAX);
    String::from_utf8_lossy(&body[..kept]).into_owned()
}
