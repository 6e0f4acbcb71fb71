//! The replay: events are tried anew, named one by one or by a filter, after it was told what that would change.
//!
//! A replayed event goes the way of any other: it is pending, its id is in the retry queue, and the worker decides by
//! what is on record by then. So a replay is idempotent: what took effect already is found to be the same or older.

mod backfill;
mod choose;
mod order;
mod replay;

use serde::Serialize;
use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::id::EventId;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::queue::Queue;
use shared::store::Store;
use shared::stripe::Stripe;

use crate::order::{Choice, Order};
use crate::replay::Replay;

/// Seconds before Lambda ends the function at which no further event is begun: as long as one call to Stripe lasts with
/// all its attempts.
const RESERVE_S: i64 = 35;

/// Events told in one answer. Each may have a dozen fields, and Lambda's answers end at six million bytes.
const TOLD_MAX: usize = 1_000;

/// The function with its doors.
#[derive(Debug)]
pub struct ReplayEvent {
    store: Store,
    queue: Queue,
    stripe: Stripe,
    livemode: bool,
    catalogue: Catalogue,
    clock: Clock,
    chance: Chance,
}

/// What became of an order.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether it was done, or only told.
    executed: bool,
    /// What it means for each event.
    events: Vec<Replay>,
    /// Events that one answer did not have the time or the room for.
    left: usize,
    /// In a backfill, how many of Stripe's events were gone through.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<usize>,
    /// Where a filter or a backfill is not through, what to give as `starting_after` in the next order.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<EventId>,
}

impl ReplayEvent {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            stripe: Stripe::of(env, platform)?,
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            catalogue: Catalogue::linky(),
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
        })
    }
}

impl ReplayEvent {
    fn is_time_up(&self, invocation: &Invocation) -> bool {
        self.clock.now().plus_s(RESERVE_S) >= invocation.deadline
    }
}

impl Function for ReplayEvent {
    /// An order; see `order.rs`.
    type Event = Value;
    type Answer = Report;

    async fn handle(&self, order: Value, invocation: Invocation) -> Result<Report, Error> {
        let order = Order::read(order)?;
        let stripe = self.stripe.by(invocation.patience());
        let ids = match &order.choice {
            Choice::Named(ids) => ids.clone(),
            Choice::Matching(filter) => self.matching(filter).await?,
            Choice::Backfill(backfill) => {
                let done = self.backfill(&stripe, backfill, order.execute, &invocation);
                return done.await;
            }
        };
        let mut events = Vec::with_capacity(ids.len());
        for id in &ids {
            if self.is_time_up(&invocation) || events.len() >= TOLD_MAX {
                break;
            }
            events.push(self.replay(&stripe, id, order.execute).await?);
        }
        let left = ids.len() - events.len();
        let next = match &order.choice {
            Choice::Matching(filter) if left > 0 => match events.len().checked_sub(1) {
                Some(last) => ids.get(last).cloned(),
                None => filter.starting_after.clone(),
            },
            _ => None,
        };
        tracing::info!(
            executed = order.execute,
            events = events.len(),
            left,
            "events replayed"
        );
        Ok(Report {
            executed: order.execute,
            events,
            left,
            seen: None,
            next,
        })
    }
}
