//! A run is held by one worker at a time, and goes on wherever it was ended.

use local::cloud::{Fault, Matching};
use serde_json::json;
use tests::World;
use tests::triggers::{failed, sqs_batch};

use super::{a_night, eve, last_run};

#[tokio::test(start_paused = true)]
async fn killed_at_any_call_a_run_goes_on_and_ends_as_if_nothing_had_been() {
    let caller = || Matching::any().by("daily-billing-sync");
    let mut wrongs = Vec::new();
    // The first call queues the run. Where the function dies in that, Lambda invokes it again, which the sandbox does not.
    let mut number = 2;
    loop {
        let world = eve().await;
        let faults = world.sandbox.cloud().faults();
        let planned = faults.plan(caller().nth(number), Fault::Die);
        a_night(&world).await;
        world.advance_s(4 * 3_600).await;
        if planned.struck() == 0 {
            break;
        }
        let run = last_run(&world).await;
        if run.finished_at.is_none() {
            wrongs.push(format!("killed at call {number}: it does not end: {run:?}"));
        }
        let counts = run.progress.counts;
        if counts.events_taken_in != 1 {
            wrongs.push(format!("killed at call {number}: it found {counts:?}"));
        }
        for wrong in world.wrongs().await {
            wrongs.push(format!("killed at call {number}: {wrong}"));
        }
        number += 1;
        assert!(number < 200, "a run of so few objects makes fewer calls");
    }
    assert_eq!(wrongs, Vec::<String>::new());
    assert!(number > 20, "only {number} calls");
}

#[tokio::test(start_paused = true)]
async fn the_second_of_two_is_told_who_holds_the_run_and_does_nothing() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    let (day, until) = (world.now().day(), world.now().plus_s(600));
    let lease = world
        .store
        .take_up_run(&day, "somebody", world.now(), until);
    lease.await.unwrap();
    let before = world.rows("sync_health").await;
    let functions = world.sandbox.functions();
    let invoke = |event| functions.invoke("daily-billing-sync", event);
    let answer = invoke(json!({ "source": "aws.scheduler" })).await.unwrap();
    let told = json!({ "queued": day, "held_by": "somebody", "held_until": until });
    assert_eq!(answer, told);
    let answer = invoke(sqs_batch(&[&day], 1)).await.unwrap();
    assert_eq!(failed(&answer), ["message-0"], "it waits in the queue");
    assert_eq!(world.rows("sync_health").await, before);
}
