//! The nightly sync finds what was missed, whatever was.

mod causes;
mod restarts;

use local::cloud::{Fault, Matching, Service};
use serde_json::{Value, json};
use shared::drift::{Cause, Policy};
use shared::event::subscribed_kinds;
use shared::sync_run::Run;
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::{DAY_S, World};

/// From the moment of an event until the night's run is over and what it took in is applied.
const FOUND_WITHIN_S: i64 = 26 * 3_600;

/// The run that began last.
async fn last_run(world: &World) -> Run {
    let day = world.now().day();
    let run = world.store.run_of(&day).await.unwrap();
    run.expect("the sync runs every night")
}

fn kind_of(row: &Value) -> &str {
    let sk = row["sk"]["S"].as_str().unwrap_or_default();
    sk.split('#').next().unwrap_or_default()
}

/// Runs on to the hour after the next nightly run.
async fn a_night(world: &World) {
    let three: Timestamp = format!("{}T03:00:00Z", world.now().day()).parse().unwrap();
    let three = if three > world.now() {
        three
    } else {
        three.plus_s(DAY_S)
    };
    world.sandbox.travel_to(three).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn while_every_delivery_fails_for_days_the_record_is_right_within_a_day() {
    let world = World::new();
    let webhook = Matching::service(Service::DynamoDb).by("stripe-webhook");
    let planned = world
        .sandbox
        .cloud()
        .faults()
        .plan(webhook, Fault::RefuseBefore);
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(FOUND_WITHIN_S).await;
    assert!(
        planned.struck() > 8,
        "only {} calls failed",
        planned.struck()
    );
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    assert_eq!(world.subjects(), ["Welcome to Linky"]);
    let schedules = world.count_at_stripe("subscription_schedule");
    assert_eq!(schedules, 1, "the founding price ends by itself");

    // And on through a declined renewal and its recovery, with no webhook in all that time.
    world.happen(
        ada.customer.as_ref(),
        Deed::Card(TestCard::DeclinedAfterAttach),
    );
    world.advance_s(93 * DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Card(TestCard::Good));
    world.advance_s(FOUND_WITHIN_S).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let subjects = world.subjects();
    assert!(
        subjects.contains(&"Your Linky payment did not go through".to_owned()),
        "{subjects:?}"
    );
    assert!(
        subjects.contains(&"Your Linky payment went through".to_owned()),
        "{subjects:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_answered_200_and_then_lost_is_taken_in_again() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let is_asked_for = |row: &Value| subscribed_kinds().any(|kind| row["kind"]["S"] == kind);
    let lost = world.lose_rows("billing_events", is_asked_for).await;
    assert!(lost > 5);
    let of_subscription = |row: &Value| matches!(kind_of(row), "subscription" | "summary");
    world.lose_rows("users", of_subscription).await;
    a_night(&world).await;
    let counts = last_run(&world).await.progress.counts;
    assert_eq!(counts.events_taken_in, lost as u64);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    assert_eq!(
        world.subjects(),
        ["Welcome to Linky"],
        "nobody is welcomed twice"
    );
}

#[tokio::test(start_paused = true)]
async fn a_record_that_differs_is_found_told_and_repaired() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(10 * DAY_S).await;
    assert_eq!(
        world
            .lose_rows("users", |row| kind_of(row) == "subscription")
            .await,
        1
    );
    assert_eq!(world.disagreements().await.len(), 1);
    a_night(&world).await;
    let run = last_run(&world).await;
    assert!(run.finished_at.is_some());
    assert_eq!(
        run.progress.counts.differences,
        [(Cause::OurDefect, 1)].into()
    );
    assert_eq!(run.progress.counts.repairs, 1);
    assert_eq!(world.wrongs().await, Vec::<String>::new());

    let account = world.account(&ada.customer).await;
    let (subscription, _) = account.subscription().unwrap();
    let [difference] = world
        .store
        .differences_of(&world.now().day())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(difference.object, subscription.as_str());
    assert_eq!(difference.policy, Policy::Repair);
    let plan = difference
        .fields
        .iter()
        .find(|it| it.field == "plan")
        .unwrap();
    assert_eq!(
        (&plan.ours, &plan.stripes),
        (&Value::Null, &json!("prospector"))
    );
    let alerts = world.rows("alerts").await;
    assert!(
        alerts
            .iter()
            .any(|row| row["pk"]["S"] == "sync_found#differences"),
        "{alerts:?}"
    );
    assert_eq!(world.subjects(), ["Welcome to Linky"]);

    // The night after there is nothing to find.
    a_night(&world).await;
    let counts = last_run(&world).await.progress.counts;
    assert_eq!((counts.suspects, counts.differing()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_which_no_event_is_left_is_a_missed_one() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(40 * DAY_S).await;
    world
        .lose_rows("users", |row| kind_of(row) == "subscription")
        .await;
    world.lose_rows("billing_events", |_| true).await;
    world.lose_rows("invoices", |_| true).await;
    a_night(&world).await;
    let counts = last_run(&world).await.progress.counts;
    assert_eq!(counts.differences, [(Cause::MissedEvent, 1)].into());
    assert!(
        !world
            .disagreements()
            .await
            .iter()
            .any(|it| it.starts_with("sub_"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_stripe_does_not_have_is_reported_and_left_alone() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let elsewhere = World::new();
    elsewhere.copy_rows_from(&world, "users").await;
    a_night(&elsewhere).await;
    let counts = last_run(&elsewhere).await.progress.counts;
    assert_eq!(counts.differences, [(Cause::NotAtStripe, 1)].into());
    assert_eq!(counts.repairs, 0);
    assert_eq!(
        elsewhere.account(&ada.customer).await.subscriptions,
        world.account(&ada.customer).await.subscriptions
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_run_of_a_day_waits_and_does_nothing_over_again() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    a_night(&world).await;
    let run = last_run(&world).await;
    let event = json!({ "source": "aws.scheduler" });
    for _ in 0..2 {
        let answer = world
            .sandbox
            .functions()
            .invoke("daily-billing-sync", event.clone())
            .await;
        assert_eq!(answer.unwrap(), json!({ "queued": world.now().day() }));
    }
    world.advance_s(3_600).await;
    assert_eq!(last_run(&world).await, run);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// A customer whose subscription is lost, and an event that was never delivered, on the eve of a run.
async fn eve() -> World {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(2 * DAY_S).await;
    world
        .lose_rows("users", |row| kind_of(row) == "subscription")
        .await;
    world.happen(ada.customer.as_ref(), Deed::EndWithPeriod(true));
    world.hold_webhooks();
    world
}

#[tokio::test]
async fn all_that_a_night_found_is_told_also_where_it_is_more_than_a_megabyte() {
    let world = World::new();
    let day = world.now().day();
    let words = "x".repeat(4_000);
    let row = |number: u32| {
        json!({
            "pk": { "S": format!("run#{day}") }, "sk": { "S": format!("difference#sub_{number}") },
            "object": { "S": format!("sub_{number}") }, "cause": { "S": "our_defect" }, "policy": { "S": "repair" },
            "fields": { "L": [{ "M": {
                "field": { "S": "plan" }, "ours": { "S": words }, "stripes": { "NULL": true },
            } }] },
        })
    };
    let rows: Vec<Value> = (0..400).map(row).collect();
    world.put_rows("sync_health", &rows).await;
    let told = world.store.differences_of(&day).await.unwrap();
    assert_eq!(told.len(), rows.len());
}
