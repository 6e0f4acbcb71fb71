//! The retry worker: a batch is answered record by record, an outage is waited out, a hopeless event is given up.

use local::cloud::{Fault, Matching, Service};
use serde_json::{Value, json};
use shared::event::Event;
use shared::store::deliveries::Delivery;
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::triggers::{failed, sqs_batch};
use tests::{START_S, World};

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
    let matching = Matching::service(Service::Stripe)
        .by("retry-event")
        .within(down);
    let planned = world
        .sandbox
        .cloud()
        .faults()
        .plan(matching, Fault::Status500Before);
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(3600).await;
    let schedules = world
        .sandbox
        .stripe()
        .now()
        .objects("subscription_schedule")
        .count();
    assert_eq!(schedules, 0);
    // About eight attempts in the hour, three calls each.
    assert!(
        (12..=36).contains(&planned.struck()),
        "{} calls",
        planned.struck()
    );
    world.advance_s(2 * 3600).await;
    assert_eq!(
        world
            .sandbox
            .stripe()
            .now()
            .objects("subscription_schedule")
            .count(),
        1
    );
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// The causes of the alerts that an event is dead. The watch raises others beside them, of the queue and of Stripe.
async fn dead_event_alerts(world: &World) -> Vec<String> {
    let rows = world.rows("alerts").await.into_iter();
    let causes = rows.map(|row| row["pk"]["S"].as_str().unwrap().to_owned());
    causes.filter(|it| it.starts_with("dead_event#")).collect()
}

#[tokio::test(start_paused = true)]
async fn at_the_last_receive_an_event_is_dead_with_an_alert_and_lies_in_the_dead_letters() {
    let world = World::new();
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    world.sandbox.cloud().faults().plan(
        Matching::service(Service::Stripe).by("retry-event"),
        Fault::Status500Before,
    );
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(24 * 3600).await;
    let dead: Vec<_> = world
        .rows("billing_events")
        .await
        .into_iter()
        .filter(|row| row["outcome"]["S"] == "dead")
        .collect();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0]["kind"]["S"], "checkout.session.completed");
    assert!(
        dead[0].get("payload").is_some(),
        "what is dead can be looked at and replayed"
    );
    let dead_event = format!("dead_event#{}", dead[0]["pk"]["S"].as_str().unwrap());
    assert_eq!(dead_event_alerts(&world).await, [dead_event]);
    let depths = world.sandbox.cloud().queues().depths();
    let letters: Vec<_> = depths
        .iter()
        .filter(|(_, depth)| depth.visible > 0)
        .collect();
    assert_eq!(letters.len(), 1, "{depths:?}");
    assert_eq!(letters[0].1.visible, 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_whose_object_is_gone_at_stripe_is_quarantined_at_once() {
    let world = World::new();
    let events = world.all_pending().await;
    let checkout = events
        .iter()
        .find(|event| event.kind == "checkout.session.completed")
        .unwrap();
    let stripe = world.sandbox.cloud();
    let handler = world.sandbox.stripe().handler("http://127.0.0.1:4242");
    stripe.set_stripe(std::sync::Arc::new(move |call| {
        let mut answer = handler(call.clone());
        if call.path.starts_with("/v1/subscriptions/") {
            answer.status = 404;
            answer.body =
                json!({ "error": { "type": "invalid_request_error", "code": "resource_missing" } })
                    .to_string();
        }
        answer
    }));
    let answer = world
        .sandbox
        .functions()
        .invoke("retry-event", sqs_batch(&[&checkout.id], 1))
        .await
        .unwrap();
    assert_eq!(failed(&answer), Vec::<&str>::new());
    let rows = world.rows("billing_events").await;
    let row = rows
        .iter()
        .find(|row| row["pk"]["S"] == checkout.id)
        .unwrap();
    assert_eq!(row["outcome"]["S"], "quarantined");
    assert_eq!(world.rows("alerts").await.len(), 1);
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
async fn a_lost_message_is_made_up_for_by_the_sweep() {
    let world = World::new();
    let events = world.all_pending().await;
    assert!(
        world
            .sandbox
            .cloud()
            .queues()
            .depths()
            .values()
            .all(|depth| depth.visible == 0)
    );
    world.advance_s(3 * 60).await;
    let pending = |row: &&Value| row["outcome"]["S"] == "pending";
    assert_eq!(
        world
            .rows("billing_events")
            .await
            .iter()
            .filter(pending)
            .count(),
        events.len()
    );
    world.advance_s(7 * 60).await;
    assert_eq!(
        world
            .rows("billing_events")
            .await
            .iter()
            .filter(pending)
            .count(),
        0
    );
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_dead_event_whose_message_is_redriven_is_tried_anew_and_settled() {
    let world = World::new();
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    let faults = world.sandbox.cloud().faults();
    faults.plan(
        Matching::service(Service::Stripe).by("retry-event"),
        Fault::Status500Before,
    );
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(36 * 3600).await;
    let outcomes = |rows: Vec<Value>| {
        rows.iter()
            .filter(|row| row["outcome"]["S"] == "dead")
            .count()
    };
    assert_eq!(outcomes(world.rows("billing_events").await), 1);
    faults.clear();

    let queues = world.sandbox.cloud().queues();
    let depths = queues.depths();
    let (letters, _) = depths.iter().find(|(_, depth)| depth.visible == 1).unwrap();
    redrive(&world, letters).await;
    world.advance_s(120).await;
    assert_eq!(outcomes(world.rows("billing_events").await), 0);
    assert_eq!(
        world
            .sandbox
            .stripe()
            .now()
            .objects("subscription_schedule")
            .count(),
        1
    );
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// Moves dead letters back to the queue they came from, as an operator does in the console.
async fn redrive(world: &World, letters: &str) {
    let request = http::Request::post("http://sqs.us-east-1.amazonaws.com/")
        .header("x-amz-target", "AmazonSQS.StartMessageMoveTask")
        .header("content-type", "application/x-amz-json-1.0")
        .body(
            json!({ "SourceArn": local::cloud::Sqs::arn(letters) })
                .to_string()
                .into(),
        )
        .unwrap();
    let answer = world.sandbox.cloud().handle(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
}

#[tokio::test(start_paused = true)]
async fn a_record_that_panics_touches_no_other_and_is_dead_with_an_alert_in_the_end() {
    let world = World::new();
    let events = world.all_pending().await;
    let checkout = events
        .iter()
        .find(|event| event.kind == "checkout.session.completed")
        .unwrap();
    let other = events
        .iter()
        .find(|event| event.kind == "invoice.paid")
        .unwrap();
    let handler = world.sandbox.stripe().handler("http://127.0.0.1:4242");
    world
        .sandbox
        .cloud()
        .set_stripe(std::sync::Arc::new(move |call| {
            assert!(!call.path.starts_with("/v1/subscriptions/"), "a defect");
            handler(call)
        }));
    let named = [checkout.id.as_str(), other.id.as_str()];
    let answer = world
        .sandbox
        .functions()
        .invoke("retry-event", sqs_batch(&named, 1))
        .await
        .unwrap();
    assert_eq!(failed(&answer), ["message-0"]);
    world.advance_s(3 * 24 * 3600).await;
    let rows = world.rows("billing_events").await;
    let dead = rows
        .iter()
        .filter(|row| row["outcome"]["S"] == "dead")
        .count();
    assert_eq!(
        (
            dead,
            rows.iter()
                .filter(|row| row["outcome"]["S"] == "pending")
                .count()
        ),
        (1, 0)
    );
    assert_eq!(dead_event_alerts(&world).await.len(), 1);
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

#[tokio::test(start_paused = true)]
async fn a_kept_body_that_no_longer_parses_is_quarantined_with_the_field_and_the_reason() {
    let world = World::new();
    let id = "evt_of_yesterday";
    let body = |object: Value| {
        let data = json!({ "object": object });
        let kind = "customer.subscription.updated";
        json!({ "id": id, "type": kind, "created": START_S, "livemode": false, "data": data })
            .to_string()
    };
    // What was kept by a version that read it is read by one that does not.
    let event = json!({ "id": "cus_1", "object": "customer" });
    let event = body(event).replace("customer.subscription.updated", "customer.updated");
    let event = Event::parse(event.as_bytes()).unwrap();
    let delivery = Delivery {
        id: "delivery".to_owned(),
        event_id: id.to_owned(),
        event_kind: None,
        received_at: world.now(),
        lag_s: None,
        answer: "pending".to_owned(),
    };
    let unreadable = body(json!({ "id": "sub_1", "object": "subscription" }));
    let kept = world
        .store
        .keep_pending(&event, unreadable.as_bytes(), &delivery, world.now());
    kept.await.unwrap();
    let batch = sqs_batch(&[id], 1);
    let answer = world.sandbox.functions().invoke("retry-event", batch).await;
    assert_eq!(failed(&answer.unwrap()), Vec::<&str>::new());
    let [row] = world.rows("billing_events").await.try_into().unwrap();
    assert_eq!(row["outcome"]["S"], "quarantined");
    let reason = row["reason"]["S"].as_str().unwrap();
    assert!(reason.contains("missing field `"), "{reason}");
    assert!(row.get("payload").is_some(), "it can be looked at");
    let [alert] = world.rows("alerts").await.try_into().unwrap();
    assert_eq!(alert["pk"]["S"], format!("quarantined_event#{id}"));
    assert!(alert["message"]["S"].as_str().unwrap().contains(reason));
}

/// The lease of a worker that was killed ends with its time, a minute; the sweep looks every five.
const SWEPT_WITHIN_S: i64 = 60 + 5 * 60 + 10;

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
