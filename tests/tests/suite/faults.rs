//! Every call of a flow fails in every way, one at a time: afterwards all is as if nothing had failed.
//!
//! The clock of the runtime is paused, so that the real waits between retries take no time.

use local::cloud::{Fault, Matching};
use serde_json::json;
use stripe_sim::TestCard;
use tests::World;

/// Within this time every single fault is healed, without the daily sync: the sweep looks every five minutes, and what
/// it queues is tried at once.
const HEALED_WITHIN_S: i64 = 12 * 60;

/// Everything that can happen to a call.
pub(crate) fn faults() -> Vec<Fault> {
    vec![
        Fault::RefuseBefore,
        Fault::LoseAnswer,
        Fault::TimeoutAfter,
        Fault::Status500Before,
        Fault::Status500After,
        Fault::Throttle,
        Fault::TransactionConflict(0),
    ]
}

/// Signs a founding member up, as patiently as a person does, and lets everything happen that follows from it.
async fn flow(world: &World) {
    let form =
        json!({ "email": "ada@example.com", "name": "Ada Lovelace", "plan": "founding_member" });
    let mut answer = world.start_checkout(&form).await;
    for _ in 0..2 {
        if answer.status >= 500 {
            answer = world.start_checkout(&form).await;
        }
    }
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let url = answer.body["checkout_url"].as_str().unwrap();
    world.pay(url.rsplit('/').next().unwrap(), TestCard::Good);
    world.advance_s(HEALED_WITHIN_S).await;
}

/// How many calls a function makes in the flow when nothing fails.
async fn calls_of(caller: &str) -> u64 {
    let world = World::new();
    flow(&world).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let made = world.sandbox.cloud().calls().latest();
    made.iter().filter(|made| *made.caller == *caller).count() as u64
}

/// Fails every call of a function in every way, each in a world of its own, and says what was wrong afterwards.
async fn wrongs_after_faults_of(caller: &str) -> (u64, Vec<String>) {
    let mut struck = 0;
    let mut wrongs = Vec::new();
    for number in 1..=calls_of(caller).await {
        for fault in faults() {
            let world = World::new();
            let matching = Matching::any().by(caller).nth(number);
            let planned = world.sandbox.cloud().faults().plan(matching, fault.clone());
            flow(&world).await;
            struck += planned.struck();
            for wrong in world.wrongs().await {
                wrongs.push(format!("{fault:?} at call {number} of {caller}: {wrong}"));
            }
            let customers = world.sandbox.stripe().now().objects("customer").count();
            let schedules = world
                .sandbox
                .stripe()
                .now()
                .objects("subscription_schedule")
                .count();
            if (customers, schedules) != (1, 1) {
                wrongs.push(format!("{fault:?} at call {number} of {caller}: {customers} customers, {schedules} schedules"));
            }
        }
    }
    (struck, wrongs)
}

#[tokio::test(start_paused = true)]
async fn one_failed_call_of_the_webhook_leaves_no_trace() {
    let (struck, wrongs) = wrongs_after_faults_of("stripe-webhook").await;
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(struck > 100, "only {struck} faults struck");
}

#[tokio::test(start_paused = true)]
async fn one_failed_call_of_the_retry_worker_leaves_no_trace() {
    let (struck, wrongs) = wrongs_after_faults_of("retry-event").await;
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(struck > 30, "only {struck} faults struck");
}

#[tokio::test(start_paused = true)]
async fn one_failed_call_at_the_checkout_leaves_one_customer_and_one_page() {
    let (struck, wrongs) = wrongs_after_faults_of("start-checkout").await;
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(struck > 30, "only {struck} faults struck");
}
