//! The sweep: every five minutes it queues again the pending events that nobody holds, because a message was lost or a
//! queue did not answer, goes on with the actions of administrators that a crash or a lost answer left open, and brings
//! forward what an outage of Stripe has put off for long. What it finds is a candidate; the worker's lease, or the action's
//! version, decides.

use std::collections::HashSet;

use serde_json::{Value, json};
use shared::actions::Actions;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};
use shared::queue::Queue;
use shared::store::Store;
use shared::stripe::Stripe;

/// Seconds before Lambda ends the function at which it stops by itself. What is left is there for the next sweep.
const RESERVE_S: i64 = 5;

/// Seconds before that end at which no further action is begun: as long as one call to Stripe lasts with all its attempts.
const ACTION_RESERVE_S: i64 = 35;

/// Seconds for which events are queued again, so that money that is under way has its time.
const QUEUE_S: i64 = 15;

/// The function with its doors.
#[derive(Debug)]
pub struct Sweep {
    store: Store,
    queue: Queue,
    stripe: Stripe,
    clock: Clock,
}

impl Sweep {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            stripe: Stripe::of(env, platform)?,
            clock: platform.clock.clone(),
        })
    }
}

impl Function for Sweep {
    /// The schedule says nothing that is needed.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, _: Value, invocation: Invocation) -> Result<Value, Error> {
        // One of the three that fails does not hold up the others.
        let queued = self.queue_again(&invocation).await;
        let ended = self.go_on(&invocation).await;
        let woken = self.bring_forward(&invocation).await;
        Ok(json!({ "queued": queued?, "ended": ended?, "woken": woken? }))
    }
}

impl Sweep {
    /// Queues again the events that nobody holds, page by page.
    async fn queue_again(&self, invocation: &Invocation) -> Result<usize, Error> {
        let started_at = self.clock.now();
        let until = started_at.plus_s(QUEUE_S);
        let until = until.min(invocation.deadline.plus_s(-RESERVE_S));
        let mut queued = HashSet::new();
        loop {
            let before = queued.len();
            for event in self.store.unheld_events(started_at).await? {
                if self.clock.now() >= until {
                    return Ok(queued.len());
                }
                // The index lags behind, and may still hold what the page before did.
                if queued.contains(&event) {
                    continue;
                }
                // Sent first, noted after: a crash between the two sends it twice, which does no harm.
                self.queue.send(&event).await?;
                self.store.requeued(&event, started_at).await?;
                tracing::warn!(event.id = %event, "nobody held this pending event; queued again");
                queued.insert(event);
            }
            if queued.len() == before {
                return Ok(before);
            }
        }
    }

    /// Brings forward the attempts that an outage of Stripe has put off, once it is over. Their waits have grown with it, to
    /// an hour.
    async fn bring_forward(&self, invocation: &Invocation) -> Result<u32, Error> {
        let mut woken = 0;
        loop {
            let ahead = self.store.events_put_off(self.clock.now()).await?;
            let until = invocation.deadline.plus_s(-RESERVE_S);
            if ahead.is_empty() {
                return Ok(woken);
            }
            if woken == 0
                && let Err(error) = self.stripe.by(until).answers().await
            {
                tracing::info!(%error, "Stripe does not answer yet; what waits for it waits on");
                return Ok(woken);
            }
            let before = woken;
            for event in ahead {
                if self.clock.now() >= until {
                    return Ok(woken);
                }
                // Noted first, shown after: a crash between the two leaves it to the next sweep, as any that nobody holds.
                let Some(message) = self.store.wake(&event, self.clock.now()).await? else {
                    continue;
                };
                woken += 1;
                if let Err(error) = self.queue.hide(&message, 0).await {
                    tracing::warn!(event.id = %event, %error, "not shown again; the next sweep queues it anew");
                }
            }
            if woken == before {
                return Ok(woken);
            }
            tracing::info!(
                events = woken - before,
                "Stripe answers again; tried at once"
            );
        }
    }

    /// Goes on with actions that were left open.
    async fn go_on(&self, invocation: &Invocation) -> Result<u32, Error> {
        let actions = Actions {
            store: &self.store,
            stripe: self.stripe.by(invocation.patience()),
            clock: &self.clock,
        };
        let mut ended = 0;
        for id in self.store.actions_due(self.clock.now()).await? {
            if self.clock.now().plus_s(ACTION_RESERVE_S) >= invocation.deadline {
                break;
            }
            match actions.go_on(&id, &invocation.request_id).await {
                Ok(true) => ended += 1,
                Ok(false) => {}
                // One that cannot be ended does not hold up the others.
                Err(error) => {
                    tracing::warn!(action.id = %id, %error, "left open; the next sweep goes on with it");
                }
            }
        }
        Ok(ended)
    }
}
