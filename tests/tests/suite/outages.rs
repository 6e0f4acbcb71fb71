//! Faults as the control API plans them, as pages and scripts do: what the system comes to with each of them, and what it is
//! once they are over. The clock of the runtime is paused, so that the real waits between retries take no time.

mod api;
mod services;
mod webhooks;

use serde_json::Value;
use tests::World;

/// Within this time the sweep, the retry queue and Stripe's own repetitions have settled what an hour left behind.
const HEALED_WITHIN_S: i64 = 6 * 3600;

/// What faults did to the deliveries so far, in words.
fn noted(world: &World) -> Vec<String> {
    let delivered = world.sandbox.deliveries().latest();
    delivered.into_iter().flat_map(|it| it.faults).collect()
}

/// How many of the latest deliveries were answered with `status`.
fn answered(world: &World, status: u16) -> usize {
    let delivered = world.sandbox.deliveries().latest();
    delivered
        .iter()
        .filter(|it| it.status == Some(status))
        .count()
}

async fn assert_converged(world: &World, with: &Value) {
    assert_eq!(world.wrongs().await, Vec::<String>::new(), "{with}");
}
