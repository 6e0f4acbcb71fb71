//! Every call of a flow fails in every way, one at a time: afterwards all is as if nothing had failed.
//!
//! The clock of the runtime is paused, so that the real waits between retries take no time.

use std::ops::Range;

use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::json;
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::World;

/// Within this time every single fault is healed, without the daily sync: the sweep looks every five minutes, and what
/// it queues is tried at once.
const HEALED_WITHIN_S: i64 = 12 * 60;

/// Where a run of the sweep fails as well, the next one makes up for it.
const SWEPT_TWICE_S: i64 = HEALED_WITHIN_S + 5 * 60;

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

/// A fresh world. Where the sweep is looked at, all messages of the webhook are lost, so that it has work.
fn world_for(caller: &str) -> World {
    let world = World::new();
    if caller == "sweep" {
        let messages = Matching::service(Service::Sqs).by("stripe-webhook");
        world
            .sandbox
            .cloud()
            .faults()
            .plan(messages, Fault::RefuseBefore);
    }
    world
}

/// Signs a founding member up, as patiently as a person does.
async fn sign_up(world: &World) {
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
}

/// Signs a founding member up, and lets everything happen that follows from it within the time that healing may take.
async fn flow(world: &World) {
    sign_up(world).await;
    world.advance_s(SWEPT_TWICE_S).await;
}

/// What is wrong at the end of a flow: on record, and at Stripe where things were to be made once.
async fn wrongs_of(world: &World) -> Vec<String> {
    let mut wrongs = world.wrongs().await;
    for kind in ["customer", "subscription", "subscription_schedule"] {
        let made = world.sandbox.stripe().now().objects(kind).count();
        if made != 1 {
            wrongs.push(format!("{made} of {kind}"));
        }
    }
    wrongs
}

/// How many calls a function makes in the flow when nothing else fails.
async fn calls_of(caller: &str) -> u64 {
    let world = world_for(caller);
    flow(&world).await;
    assert_eq!(wrongs_of(&world).await, Vec::<String>::new());
    let made = world.sandbox.cloud().calls().latest();
    made.iter().filter(|made| *made.caller == *caller).count() as u64
}

/// Fails every call of a function in every way, each in a world of its own, and says what was wrong afterwards.
async fn wrongs_after_faults_of(caller: &str) -> (u64, Vec<String>) {
    let mut struck = 0;
    let mut wrongs = Vec::new();
    for number in 1..=calls_of(caller).await {
        for fault in faults() {
            let world = world_for(caller);
            let matching = Matching::any().by(caller).nth(number);
            let planned = world.sandbox.cloud().faults().plan(matching, fault.clone());
            flow(&world).await;
            struck += planned.struck();
            for wrong in wrongs_of(&world).await {
                wrongs.push(format!("{fault:?} at call {number} of {caller}: {wrong}"));
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

#[tokio::test(start_paused = true)]
async fn one_failed_call_of_the_sweep_leaves_no_trace() {
    let (struck, wrongs) = wrongs_after_faults_of("sweep").await;
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(struck > 30, "only {struck} faults struck");
}

/// Two calls of the webhook and the worker fail, in two different ways: every pair of the first calls, the ways taken in
/// turn.
#[tokio::test(start_paused = true)]
async fn two_failed_calls_leave_no_trace() {
    let ours =
        |call: &local::cloud::Call| matches!(&*call.caller, "stripe-webhook" | "retry-event");
    let faults = faults();
    let (mut turn, mut struck) = (0, 0);
    let mut wrongs = Vec::new();
    for first in 1..=18 {
        for second in first + 1..=18 {
            let world = World::new();
            let mut named = Vec::new();
            for (number, way) in [(first, turn), (second, turn / faults.len())] {
                let fault = faults[way % faults.len()].clone();
                let matching = Matching::any().and(ours).nth(number);
                let planned = world.sandbox.cloud().faults().plan(matching, fault.clone());
                named.push((format!("{fault:?} at call {number}"), planned));
            }
            turn += 1;
            flow(&world).await;
            struck += named
                .iter()
                .map(|(_, planned)| planned.struck())
                .sum::<u64>();
            for wrong in wrongs_of(&world).await {
                wrongs.push(format!("{}, {}: {wrong}", named[0].0, named[1].0));
            }
        }
    }
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(struck > 250, "only {struck} faults struck");
}

/// The seconds after the payment in which a service is away: from the first moment, from the middle of what follows, and
/// long enough for Stripe to send again into it.
const OUTAGES_S: [Range<i64>; 4] = [0..300, 0..3_600, 1..1_800, 0..9 * 3_600];

/// What an outage leaves behind is healed this long after its end: the retry queue waits an hour at most, and Stripe
/// sends again within hours what was refused.
const HEALED_AFTER_OUTAGE_S: i64 = 26 * 3_600;

#[tokio::test(start_paused = true)]
async fn an_outage_of_any_service_leaves_no_trace() {
    let mut wrongs = Vec::new();
    for service in [
        Service::DynamoDb,
        Service::Sqs,
        Service::Stripe,
        Service::Ses,
    ] {
        for fault in [Fault::RefuseBefore, Fault::LoseAnswer, Fault::Throttle] {
            // A mail whose answer is lost is sent again: SES has no key that would tell it that it is the same.
            if service == Service::Ses && matches!(fault, Fault::LoseAnswer) {
                continue;
            }
            for outage_s in OUTAGES_S {
                let world = World::new();
                sign_up(&world).await;
                let paid_at = world.now();
                let at = |delta_s: &i64| paid_at.plus_s(*delta_s);
                let window: Range<Timestamp> = at(&outage_s.start)..at(&outage_s.end);
                let matching = Matching::service(service).within(window);
                let planned = world.sandbox.cloud().faults().plan(matching, fault.clone());
                world.advance_s(outage_s.end + HEALED_AFTER_OUTAGE_S).await;
                if planned.struck() == 0 && outage_s.start == 0 {
                    wrongs.push(format!(
                        "{fault:?} of {service:?} {outage_s:?} struck nothing"
                    ));
                }
                for wrong in wrongs_of(&world).await {
                    wrongs.push(format!("{fault:?} of {service:?} {outage_s:?}: {wrong}"));
                }
            }
        }
    }
    assert_eq!(wrongs, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_is_ended_while_a_secret_is_fetched_does_not_hold_up_the_next() {
    let world = World::new();
    let gate = Gate::closed();
    let fetches = Matching::service(Service::Ssm).by("replay-event");
    world
        .sandbox
        .cloud()
        .faults()
        .plan(fetches, Fault::HoldBefore(gate.clone()));
    let functions = world.sandbox.functions();
    let order = json!({ "events": ["evt_nobody"] });
    tokio::select! {
        ended = functions.invoke("replay-event", order.clone()) => panic!("{ended:?}"),
        () = gate.arrived(1) => {}
    }
    gate.open();
    let answer = functions.invoke("replay-event", order).await.unwrap_err();
    assert!(answer.to_string().contains("no_such_event"), "{answer}");
}
