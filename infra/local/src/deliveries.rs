//! Stripe's webhooks, carried through the gateway to whoever answers there, and a log of what was answered. What happens to
//! them on the way is planned ([`WebhookFaults`]).

mod faults;
mod waiting;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use futures::future::join_all;
use http::{Request, Response};
use serde::Serialize;
use shared::time::Timestamp;
use stripe_sim::{Delivery, DeliveryAnswer, signature_header};

pub use faults::{Burst, Meant, OtherSecret, WebhookFault, WebhookFaults};

use crate::cloud::Planned;
use crate::gateway::Gateway;
use crate::stripe::{PREVIOUS_SIGNING_SECRET, Stripe};
use faults::{Lost, Struck};
use waiting::{Laden, Waiting};

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
    /// The status answered; none where no answer came.
    pub status: Option<u16>,
    /// The body answered, its beginning.
    pub answer: String,
    /// How long the answer took, on the machine's clock.
    pub duration_us: u64,
    /// What faults did to it, in words.
    pub faults: Vec<String>,
}

/// What was delivered since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Attempts at delivering an event.
    pub webhooks: u64,
    /// Periods of subscriptions that began.
    pub renewals: u64,
}

/// The latest deliveries, and those on their way.
#[derive(Debug, Default)]
pub struct Deliveries {
    log: Mutex<Log>,
    faults: WebhookFaults,
    waiting: Waiting,
}

#[derive(Debug, Default)]
struct Log {
    latest: VecDeque<Delivered>,
    tally: Tally,
}

/// Deliveries kept to be looked at.
const KEPT_MAX: usize = 500;

/// Bytes of an answer that are kept.
const ANSWER_BYTES_MAX: usize = 2_000;

/// Where Stripe's deliveries come from (an address of its published list).
const SOURCE_IP: &str = "3.18.12.63";

/// A secret that nobody holds.
const WRONG_SECRET: &str = "whsec_nobody_holds_this_one";

impl Deliveries {
    /// The latest, newest first.
    pub fn latest(&self) -> Vec<Delivered> {
        self.log().latest.iter().rev().cloned().collect()
    }

    /// What was delivered since the start.
    pub fn tally(&self) -> Tally {
        self.log().tally
    }

    /// What is planned to happen on the way.
    pub fn faults(&self) -> &WebhookFaults {
        &self.faults
    }

    /// Takes a plan back at `now`. What it holds back goes on its way.
    pub fn take_back(&self, planned: &Planned, now: Timestamp) {
        self.faults.take_back(planned);
        self.waiting.let_go(planned, now);
    }

    /// When the next of those that a fault holds back goes on its way.
    pub fn next_held_at(&self) -> Option<Timestamp> {
        self.waiting.next_at()
    }

    /// Carries every delivery that is due, one after the other and in order, and says how many there were. Disorder is a
    /// fault that one asks for: left to chance, it would only make the page slow to show what was done.
    pub async fn carry_due(&self, stripe: &Stripe, gateway: &Gateway, now: Timestamp) -> usize {
        let due = stripe.now().take_deliveries();
        if !due.is_empty() {
            stripe.keep();
        }
        let mut count = due.len();
        for delivery in due {
            self.count(&delivery);
            let struck = self.faults.strike(&delivery, now);
            match struck.wait.clone() {
                Some(wait) => self.waiting.hold((delivery, struck), &wait, now),
                None => self.carry(stripe, gateway, &(delivery, struck), now).await,
            }
        }
        for together in self.waiting.release(now) {
            count += together.len();
            let carried = together.iter();
            join_all(carried.map(|laden| self.carry(stripe, gateway, laden, now))).await;
        }
        count
    }

    async fn carry(&self, stripe: &Stripe, gateway: &Gateway, laden: &Laden, now: Timestamp) {
        let (delivery, struck) = laden;
        let answer = match struck.lost {
            Some(lost) => self.lose(delivery, struck, lost, now),
            None => {
                let secret = stripe.signing_secret().unwrap_or_default();
                let request = sent(delivery, struck, &secret, now);
                let copies = 1..=struck.copies.max(1);
                let copies = copies.map(|copy| self.post(gateway, laden, &request, copy, now));
                // What the first of them was answered is what Stripe goes by.
                join_all(copies).await.first().copied().flatten()
            }
        };
        let answer = answer.map_or(DeliveryAnswer::NoAnswer, DeliveryAnswer::Status);
        stripe.now().delivered(&delivery.id, answer);
    }

    async fn post(
        &self,
        gateway: &Gateway,
        (delivery, struck): &Laden,
        request: &Sent,
        copy: u32,
        now: Timestamp,
    ) -> Option<u16> {
        let started = Instant::now();
        let response = match request.posted() {
            Ok(request) => gateway.handle(request, SOURCE_IP).await,
            Err(_) => Response::new(Bytes::new()),
        };
        let status = response.status().as_u16();
        let mut faults = struck.notes.clone();
        if struck.copies > 1 {
            faults.push(format!("copy {copy} of {}", struck.copies));
        }
        self.note(Delivered {
            status: Some(status),
            answer: beginning(response.body()),
            duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            faults,
            ..unanswered(delivery, now)
        });
        Some(status)
    }

    /// What Stripe is answered for a delivery that arrives nowhere.
    fn lose(
        &self,
        delivery: &Delivery,
        struck: &Struck,
        lost: Lost,
        now: Timestamp,
    ) -> Option<u16> {
        let status = match lost {
            Lost::Unanswered => None,
            Lost::Answered => Some(200),
        };
        self.note(Delivered {
            status,
            faults: struck.notes.clone(),
            ..unanswered(delivery, now)
        });
        status
    }

    fn count(&self, delivery: &Delivery) {
        const RENEWS: &[u8] = b"\"billing_reason\":\"subscription_cycle\"";
        let is_renewal = delivery.attempt == 1
            && delivery.event_type == "invoice.created"
            && delivery
                .body
                .windows(RENEWS.len())
                .any(|part| part == RENEWS);
        let mut log = self.log();
        log.tally.webhooks += 1;
        log.tally.renewals += u64::from(is_renewal);
    }

    fn note(&self, entry: Delivered) {
        let latest = &mut self.log().latest;
        if latest.len() == KEPT_MAX {
            latest.pop_front();
        }
        latest.push_back(entry);
    }

    fn log(&self) -> std::sync::MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unanswered(delivery: &Delivery, at: Timestamp) -> Delivered {
    Delivered {
        at,
        event_id: delivery.event_id.clone(),
        event_type: delivery.event_type.clone(),
        attempt: delivery.attempt,
        status: None,
        answer: String::new(),
        duration_us: 0,
        faults: Vec::new(),
    }
}

/// What goes over the wire.
struct Sent {
    url: String,
    signature: String,
    body: Bytes,
}

/// The delivery as it goes over the wire: signed when it is sent, with whatever secret, and spoiled after that.
fn sent(delivery: &Delivery, struck: &Struck, secret: &str, now: Timestamp) -> Sent {
    let mut body = struck.body(&delivery.body);
    let signature = if struck.is_altered() {
        let secret = match struck.secret {
            None => secret,
            Some(OtherSecret::Previous) => PREVIOUS_SIGNING_SECRET,
            Some(OtherSecret::Wrong) => WRONG_SECRET,
        };
        signature_header(secret, now.as_s(), &body)
    } else {
        delivery.signature_header.clone()
    };
    if struck.corrupt {
        let middle = body.len() / 2;
        if let Some(byte) = body.get_mut(middle) {
            *byte ^= 1;
        }
    }
    Sent {
        url: delivery.url.clone(),
        signature,
        body: body.into(),
    }
}

impl Sent {
    /// The request as Stripe posts it.
    fn posted(&self) -> http::Result<Request<Bytes>> {
        Request::post(self.url.as_str())
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "user-agent",
                "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            )
            .header("stripe-signature", self.signature.as_str())
            .body(self.body.clone())
    }
}

fn beginning(body: &Bytes) -> String {
    let kept = body.len().min(ANSWER_BYTES_MAX);
    String::from_utf8_lossy(&body[..kept]).into_owned()
}
