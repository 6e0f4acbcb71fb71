//! What cannot be applied: quarantined at once, or dead at the last receive, with an alert, and tried anew once it can be.

use serde_json::{Value, json};
use shared::event::Event;
use shared::store::deliveries::Delivery;
use tests::triggers::{failed, sqs_batch};
use tests::{START_S, World};

/// The causes of the alerts that an event is dead. The watch raises others beside them, of the queue and of Stripe.
async fn dead_event_alerts(world: &World) -> Vec<String> {
    let rows = world.rows("alerts").await.into_iter();
    let causes = rows.map(|row| row["pk"]["S"].as_str().unwrap().to_owned());
    causes.filter(|it| it.starts_with("dead_event#")).collect()
}

#[tokio::test(start_paused = true)]
async fn at_the_last_receive_an_event_is_dead_with_an_alert_and_lies_in_the_dead_letters() {
    let world = World::new();
    world.until_dead().await;
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
async fn a_dead_event_whose_message_is_redriven_is_tried_anew_and_settled() {
    let world = World::new();
    world.until_dead().await;
    let outcomes = |rows: Vec<Value>| {
        rows.iter()
            .filter(|row| row["outcome"]["S"] == "dead")
            .count()
    };
    assert_eq!(outcomes(world.rows("billing_events").await), 1);

    let queues = world.sandbox.cloud().queues();
    let depths = queues.depths();
    let (letters, _) = depths.iter().find(|(_, depth)| depth.visible == 1).unwrap();
    redrive(&world, letters).await;
    world.advance_s(120).await;
    assert_eq!(outcomes(world.rows("billing_events").await), 0);
    assert_eq!(world.count_at_stripe("subscription_schedule"), 1);
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
