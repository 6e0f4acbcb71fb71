//! How everything does, measured: each part shows its trouble, and the public answer says only whether.

use local::cloud::{Fault, Matching, Service};
use serde_json::json;
use tests::{START_S, World};

use shared::time::Timestamp;

async fn asked(world: &World) -> (u16, serde_json::Value) {
    let answer = world.request("GET", "/health", &[], "").await;
    (answer.status, answer.body)
}

#[tokio::test(start_paused = true)]
async fn anybody_learns_only_whether_all_is_well() {
    let world = World::new();
    let failing = (503, json!({ "status": "failing" }));
    assert_eq!(asked(&world).await, failing, "nothing was measured yet");
    world.sign_up("ada@example.com", "founding_member").await;
    world.watch().await;
    assert_eq!(asked(&world).await, (200, json!({ "status": "ok" })));
    let health = world.health().await;
    assert_eq!(health["report"]["state"], "ok", "{health}");
    assert_eq!(health["is_fresh"], true);
    assert_eq!(world.open_causes().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_does_not_run_is_failing_after_a_quarter_of_an_hour() {
    let world = World::new();
    world.watch().await;
    assert_eq!(asked(&world).await.0, 200);
    let planned = world
        .sandbox
        .cloud()
        .faults()
        .plan(Matching::any().by("watch-health"), Fault::RefuseBefore);
    world.watch_for_s(15 * 60).await;
    assert_eq!(asked(&world).await.0, 200, "the last report is just fresh");
    world.watch().await;
    assert_eq!(asked(&world).await.0, 503);
    assert_eq!(world.health().await["is_fresh"], false);
    assert!(planned.struck() > 0);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_does_not_answer_is_failing() {
    let world = World::new();
    world.watch().await;
    world.sandbox.cloud().faults().plan(
        Matching::service(Service::DynamoDb).by("health"),
        Fault::RefuseBefore,
    );
    assert_eq!(asked(&world).await, (503, json!({ "status": "failing" })));
}

#[tokio::test(start_paused = true)]
async fn a_stripe_that_does_not_answer_is_degraded_and_its_events_wait() {
    let world = World::new();
    world.watch().await;
    let now = world.now();
    let down = now..now.plus_s(2 * 3600);
    world.sandbox.cloud().faults().plan(
        Matching::service(Service::Stripe)
            .within(down)
            .and(|call| matches!(&*call.caller, "retry-event" | "watch-health")),
        Fault::RefuseBefore,
    );
    world.sign_up("ada@example.com", "founding_member").await;
    world.watch().await;
    assert_eq!(world.state_of("stripe").await, "degraded");
    assert_eq!(world.state_of("events").await, "ok");
    assert_eq!(asked(&world).await.0, 200);
    world.watch_for_s(30 * 60).await;
    assert_eq!(world.state_of("events").await, "degraded");
    assert_eq!(world.open_causes().await, ["queue_age#events"]);
    world.watch_for_s(45 * 60).await;
    assert_eq!(world.state_of("events").await, "failing");
    assert_eq!(asked(&world).await.0, 503);
    world.watch_for_s(3 * 3600).await;
    assert_eq!(world.state_of("stripe").await, "ok");
    assert_eq!(world.state_of("events").await, "ok");
    assert_eq!(world.open_causes().await, Vec::<String>::new());
    assert_eq!(world.told_of("queue_age#events"), (1, 1));
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// Capacity units that a watch may take where nothing is wrong: one every five minutes is less than a quarter of a unit a
/// second.
const UNITS_MAX: u64 = 40;

#[tokio::test(start_paused = true)]
async fn a_watch_takes_little_of_the_tables() {
    let world = World::new();
    for person in ["ada", "bob", "eve"] {
        world
            .sign_up(&format!("{person}@example.com"), "prospector")
            .await;
    }
    world.watch_for_s(3600).await;
    let calls = world.sandbox.cloud().calls();
    calls.meter();
    calls.clear();
    let event = json!({});
    let functions = world.sandbox.functions();
    functions.invoke("watch-health", event).await.unwrap();
    let consumed = calls.consumed();
    let units = (consumed.read_milliunits + consumed.write_milliunits).div_ceil(1000);
    assert!(units > 0 && units <= UNITS_MAX, "{consumed:?}");
    assert_eq!(calls.count(Service::Stripe), 2);
    let counts = calls.counts();
    assert!(
        counts.keys().all(|(_, operation)| operation != "Scan"),
        "{counts:?}"
    );
    println!("a watch: {consumed:?}, {counts:?}");
}

#[tokio::test(start_paused = true)]
async fn time_without_a_watch_is_counted_by_the_next() {
    let world = World::new();
    world.watch().await;
    world.sign_up("ada@example.com", "prospector").await;
    world.watch_for_s(600).await;
    let tally = world.store.tally().await.unwrap().unwrap();
    let day = Timestamp::from_s(START_S).day();
    let delivered = world.rows("webhook_deliveries").await.len() as u64;
    assert!(delivered > 5);
    assert_eq!(tally.days[&day].webhooks, delivered);
}
