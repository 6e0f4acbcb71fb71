//! The retry worker: a batch is answered record by record, an outage is waited out, a hopeless event is given up.

mod dead;

use local::cloud::{Fault, Made, Matching, Planned, Service};
use serde_json::Value;
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::triggers::{failed, sqs_batch};
use tests::{START_S, World};

/// The sweep runs every five minutes; then the worker takes up what it shows.
const SWEEP_S: i64 = 5 * 60 + 10;

#[tokio::test(start_paused = true)]
async fn one_bad_record_among_ten_does_not_hold_up_the_others() {
    let world = World::new();
    let events = world.all_pending().await;
    let bad = "evt_that_is_not_on_record";
    let fails = events[3].id.clone();
    world.sandbox.cloud().faults().plan(
        Matching::operation(Service::DynamoDb, "UpdateItem")
            .by("retry-event")
            .and(move |call| call.text().contains(&fails)),
        Fault::Status500Before,
    );
    let mut named: Vec<&str> = events
        .iter()
        .take(8)
        .map(|event| event.id.as_str())
        .collect();
    named.extend([bad, "no id at all"]);
    let answer = world
        .sandbox
        .functions()
        .invoke("retry-event", sqs_batch(&named, 1))
        .await
        .unwrap();
    assert_eq!(failed(&answer), ["message-3"]);
    let settled = |row: &&Value| row["outcome"]["S"] != "pending";
    assert_eq!(
        world
            .rows("billing_events")
            .await
            .iter()
            .filter(settled)
            .count(),
        7
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_stripe_is_waited_out_and_an_event_is_tried_less_and_less_often() {
    let world = World::new();
    let down = Timestamp::from_s(START_S)..Timestamp::from_s(START_S + 3600);
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    let away = |whom: &str| {
        let matching = Matching::service(Service::Stripe).by(whom);
        let faults = world.sandbox.cloud().faults();
        faults.plan(matching.within(down.clone()), Fault::Status500Before)
    };
    away("sweep");
    let planned = away("retry-event");
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(3599).await;
    let schedules = world.count_at_stripe("subscription_schedule");
    assert_eq!(schedules, 0);
    // About eight attempts in the hour, three calls each.
    assert!(
        (12..=36).contains(&planned.struck()),
        "{} calls",
        planned.struck()
    );
    world.advance_s(SWEEP_S).await;
    assert_eq!(world.count_at_stripe("subscription_schedule"), 1);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// A founding member pays while Stripe refuses the worker what `refused` says, for some hours.
async fn held_up(world: &World, refused: Matching, hours: i64) -> Planned {
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    let until = Timestamp::from_s(START_S + hours * 3600);
    let matching = refused.within(Timestamp::from_s(START_S)..until);
    let faults = world.sandbox.cloud().faults();
    let planned = faults.plan(matching, Fault::Status500Before);
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(hours * 3600 - 1).await;
    planned
}

#[tokio::test(start_paused = true)]
async fn what_an_outage_of_hours_put_off_is_done_by_the_first_sweep_after_it() {
    for hours in [1, 3, 5] {
        let world = World::new();
        held_up(&world, Matching::service(Service::Stripe), hours).await;
        assert_eq!(world.count_at_stripe("subscription_schedule"), 0);
        world.advance_s(SWEEP_S).await;
        assert_eq!(
            world.count_at_stripe("subscription_schedule"),
            1,
            "{hours} h"
        );
        let sent = world.sandbox.cloud().calls().latest();
        let by_sweep = |made: &&Made| *made.caller == *"sweep" && made.operation == "SendMessage";
        assert_eq!(sent.iter().filter(by_sweep).count(), 0, "its own message");
        assert_eq!(world.wrongs().await, Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_queue_does_not_bring_forward_is_queued_anew_by_the_next_sweep() {
    let world = World::new();
    let shows = Matching::operation(Service::Sqs, "ChangeMessageVisibility").by("sweep");
    let faults = world.sandbox.cloud().faults();
    let lost = faults.plan(shows, Fault::Status500Before);
    held_up(&world, Matching::service(Service::Stripe), 3).await;
    world.advance_s(2 * SWEEP_S).await;
    assert!(lost.struck() > 0);
    assert_eq!(world.count_at_stripe("subscription_schedule"), 1);
    // Its own message comes back when its time has come, and finds it done.
    world.advance_s(3600).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_only_one_call_holds_up_is_not_tried_to_death_while_stripe_does_the_others() {
    let world = World::new();
    let creates = Matching::service(Service::Stripe)
        .by("retry-event")
        .and(|call| call.operation == "POST /v1/subscription_schedules");
    held_up(&world, creates, 6).await;
    let rows = world.rows("billing_events").await;
    let pending = rows.iter().find(|row| row["outcome"]["S"] == "pending");
    let attempts = pending.and_then(|row| row["attempts"]["N"].as_str());
    let attempts: u32 = attempts.unwrap().parse().unwrap();
    // About 13 with its own waits, and one brought forward for each long one.
    assert!((14..24).contains(&attempts), "{attempts}");
    world.advance_s(3600).await;
    assert_eq!(world.count_at_stripe("subscription_schedule"), 1);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_no_longer_fits_into_the_time_is_left_for_another_invocation() {
    let world = World::new();
    let events = world.all_pending().await;
    let named: Vec<&str> = events
        .iter()
        .take(3)
        .map(|event| event.id.as_str())
        .collect();
    // The first record takes until shortly before the end: every call of it waits.
    let clock = world.sandbox.time().clock().clone();
    world.sandbox.cloud().faults().plan(
        Matching::operation(Service::DynamoDb, "TransactWriteItems")
            .by("retry-event")
            .nth(1)
            .and(move |_| {
                clock.advance_to(clock.now().plus_s(3600));
                true
            }),
        Fault::Delay(std::time::Duration::from_millis(1)),
    );
    let answer = world
        .sandbox
        .functions()
        .invoke("retry-event", sqs_batch(&named, 1))
        .await
        .unwrap();
    assert_eq!(failed(&answer), ["message-1", "message-2"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_queue_did_not_take_is_queued_by_the_next_sweep() {
    let world = World::new();
    // Less than a minute before a sweep, so that it would not find them by their age.
    world.advance_s(250).await;
    let events = world.all_pending().await;
    let depths = world.sandbox.cloud().queues().depths();
    assert!(depths.values().all(|depth| depth.visible == 0));
    let pending = async || {
        let rows = world.rows("billing_events").await;
        let pending = rows.iter().filter(|row| row["outcome"]["S"] == "pending");
        pending.count()
    };
    world.advance_s(45).await;
    assert_eq!(pending().await, events.len());
    world.advance_s(10).await;
    assert_eq!(pending().await, 0);
    // The welcome is sent a minute later.
    world.advance_s(60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn one_sweep_queues_more_than_one_page_of_its_index_holds() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    for number in 0..400 {
        world.happen(ada.customer.as_ref(), Deed::Pause(number % 2 == 0));
    }
    let events = world.hold_webhooks();
    assert!(events.len() >= 400, "{}", events.len());
    world.bring_pending(&events).await;
    world.advance_s(SWEEP_S).await;
    let rows = world.rows("billing_events").await;
    let pending = rows.iter().filter(|row| row["outcome"]["S"] == "pending");
    assert_eq!(pending.count(), 0);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn eight_pending_events_of_one_customer_cost_one_question_for_each_object() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(3_600).await;
    for number in 0..4 {
        world.happen(ada.customer.as_ref(), Deed::EndWithPeriod(number % 2 == 0));
        world.happen(ada.customer.as_ref(), Deed::Pause(number % 2 == 0));
    }
    let events = world.hold_webhooks();
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["customer.subscription.updated"; 8]);
    world.bring_pending(&events).await;
    let calls = world.sandbox.cloud().calls();
    let before = calls.count(Service::Stripe);
    // The newest first: the worst order, in which nothing is settled without a question.
    let named: Vec<&str> = events.iter().rev().map(|event| event.id.as_str()).collect();
    let batch = sqs_batch(&named, 1);
    let answer = world.sandbox.functions().invoke("retry-event", batch).await;
    assert_eq!(failed(&answer.unwrap()), Vec::<&str>::new());
    assert_eq!(calls.count(Service::Stripe) - before, 1);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// The lease of a worker that was killed ends with its time, a minute; the sweep looks every five.
const SWEPT_WITHIN_S: i64 = 60 + SWEEP_S;

#[tokio::test(start_paused = true)]
async fn a_founding_schedule_half_set_up_when_its_worker_was_killed_is_finished_by_the_sweep() {
    let mut half = 0;
    let mut call = 1;
    loop {
        let world = World::new();
        let faults = world.sandbox.cloud().faults();
        let planned = faults.plan(Matching::any().by("retry-event").nth(call), Fault::Die);
        let ada = world
            .open_checkout("ada@example.com", "founding_member")
            .await;
        world.pay(&ada.session, TestCard::Good);
        world.settle().await;
        let phases = || {
            let sim = world.sandbox.stripe().now();
            let mut schedules = sim.objects("subscription_schedule");
            let phases = schedules
                .next()
                .and_then(|it| it["phases"].as_array().cloned());
            phases.map_or(0, |phases| phases.len())
        };
        half += u32::from(phases() == 1);
        world.advance_s(SWEPT_WITHIN_S).await;
        if planned.struck() == 0 {
            break;
        }
        assert_eq!(phases(), 2, "killed at call {call}");
        call += 1;
        assert!(call < 100);
    }
    assert!(half > 0, "it was never killed between the two calls");
}
