//! The sweep: every five minutes it queues again the pending events that nobody holds, because a message was lost or a
//! queue did not answer. What it finds is a candidate; the worker's lease decides.

use serde_json::{Value, json};
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};
use shared::queue::Queue;
use shared::store::Store;

/// Seconds before Lambda ends the function at which it stops by itself. What is left is there for the next sweep.
const RESERVE_S: i64 = 5;

/// The function with its doors.
#[derive(Debug)]
pub struct Sweep {
    store: Store,
    queue: Queue,
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
            clock: platform.clock.clone(),
        })
    }
}

impl Function for Sweep {
    /// The schedule says nothing that is needed.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, _: Value, invocation: Invocation) -> Result<Value, Error> {
        let started_at = self.clock.now();
        let mut queued = 0;
        for event in self.store.unheld_events(started_at).await? {
            if self.clock.now().plus_s(RESERVE_S) >= invocation.deadline {
                break;
            }
            // Sent first, noted after: a crash between the two sends it twice, which does no harm.
            self.queue.send(&event).await?;
            self.store.requeued(&event, started_at).await?;
            tracing::warn!(event.id = %event, "nobody held this pending event; queued again");
            queued += 1;
        }
        Ok(json!({ "queued": queued }))
    }
}
