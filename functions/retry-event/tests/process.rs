//! The built function as a process: with less time than a batch takes, and killed in the middle of one.

use std::time::{Duration, Instant};

use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::Value;
use tests::World;
use tests::history::Held;
use tests::process::{Deployed, Loopback};
use tests::triggers::{failed, sqs_batch};

const PROGRAM: (&str, &str) = ("retry-event", env!("CARGO_BIN_EXE_retry-event"));

/// The time told is this much more than what the function keeps in reserve for one call to Stripe (35 s): enough to begin
/// with the first event on a machine as busy as this suite makes it.
const SLACK: Duration = Duration::from_secs(4);

/// How long each call takes. An event takes three of them at the least, so fifteen events do not fit into the slack,
/// however quick the machine.
const SLOW: Duration = Duration::from_millis(200);

async fn pending(world: &World) -> usize {
    let rows = world.rows("billing_events").await;
    let pending = rows.iter().filter(|row| row["outcome"]["S"] == "pending");
    pending.count()
}

fn batch(events: &[Held]) -> Value {
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    sqs_batch(&ids, 1)
}

#[tokio::test]
async fn what_it_has_no_time_for_is_given_back_before_lambda_ends_it() {
    let world = World::in_real_time();
    let events = world.all_pending().await;
    let faults = world.sandbox.cloud().faults();
    faults.plan(Matching::any().by(""), Fault::Delay(SLOW));
    let cloud = Loopback::serve(world.sandbox.cloud().clone())
        .await
        .unwrap();
    let timeout = Duration::from_secs(35) + SLACK;
    let mut function = Deployed::start(&world, &cloud, PROGRAM, timeout)
        .await
        .unwrap();

    let started = Instant::now();
    let answer = function.handle(&batch(&events)).await.unwrap().body;
    assert!(started.elapsed() < timeout);
    let left = failed(&answer).len();
    assert!(
        (1..events.len()).contains(&left),
        "{left} of {} given back",
        events.len()
    );
    assert_eq!(pending(&world).await, left);

    world.sandbox.cloud().faults().clear();
    let answer = function.handle(&batch(&events)).await.unwrap().body;
    assert_eq!(failed(&answer), Vec::<&str>::new());
    assert_eq!(pending(&world).await, 0);
    drop(cloud);
    world.settle().await;
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[tokio::test]
async fn killed_in_the_middle_of_a_batch_it_leaves_everything_to_the_queue_and_the_sweep() {
    for hold in [Fault::HoldBefore, Fault::HoldAfter] {
        for operation in ["UpdateItem", "TransactWriteItems"] {
            let world = World::in_real_time();
            let events = world.all_pending().await;
            let gate = Gate::closed();
            let third = Matching::operation(Service::DynamoDb, operation)
                .by("")
                .nth(3);
            world
                .sandbox
                .cloud()
                .faults()
                .plan(third, hold(gate.clone()));
            let cloud = Loopback::serve(world.sandbox.cloud().clone())
                .await
                .unwrap();
            let timeout = Duration::from_secs(60);
            let mut doomed = Deployed::start(&world, &cloud, PROGRAM, timeout)
                .await
                .unwrap();
            let batch = batch(&events);
            tokio::select! {
                answer = doomed.handle(&batch) => panic!("not held: {answer:?}"),
                () = gate.arrived(1) => {}
            }
            drop((doomed, cloud));
            gate.open();

            world.advance_s(20 * 60).await;
            let wrongs = world.wrongs().await;
            assert_eq!(
                wrongs,
                Vec::<String>::new(),
                "killed at the third {operation}"
            );
        }
    }
}
