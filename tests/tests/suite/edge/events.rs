//! Events that are rightly signed and yet not what one hopes for: rows 30 and 31 of the failure modes.

use local::cloud::{Fault, Matching, Service};
use serde_json::{Value, json};
use shared::id::CustomerId;
use shared::plan::Plan;
use tests::World;

use super::{assert_outcome, assert_unchanged, sample};

/// Delivers `event` into a new world, and says what was answered and what has changed.
async fn delivered(event: &Value) -> (World, String, String) {
    let world = World::new();
    let before = world.digest().await;
    let answer = world.deliver(event).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let outcome = answer.body["outcome"].as_str().unwrap().to_owned();
    let changed = world.digest().await.since(&before);
    (world, outcome, changed)
}

async fn alert(world: &World) -> String {
    let digest = world.digest().await;
    let alerts = digest.table("alerts");
    assert_eq!(alerts.len(), 1);
    alerts[0]["pk"]["S"].as_str().unwrap().to_owned()
}

fn customer_of(event: &Value) -> CustomerId {
    let object = &event["data"]["object"];
    let id = object["customer"].as_str().or(object["id"].as_str());
    CustomerId::parse(id.unwrap()).unwrap()
}

#[tokio::test]
async fn edge_a_known_type_that_lacks_a_field_is_quarantined_with_an_alert() {
    for (kind, field) in [
        ("invoice.paid", "amount_due"),
        ("customer.subscription.updated", "items"),
        ("customer.updated", "id"),
        ("charge.dispute.created", "charge"),
        ("refund.created", "amount"),
    ] {
        let mut event = sample(kind);
        event["data"]["object"]
            .as_object_mut()
            .unwrap()
            .remove(field);
        let (world, outcome, changed) = delivered(&event).await;
        assert_eq!(
            (outcome.as_str(), changed.as_str()),
            (
                "quarantined",
                "alerts 1, billing_events 1, webhook_deliveries 1"
            ),
            "{kind} without {field}"
        );
        let id = event["id"].as_str().unwrap();
        assert_eq!(alert(&world).await, format!("quarantined_event#{id}"));
        // It is never tried again.
        world.advance_s(3600).await;
        let made = world.sandbox.cloud().calls().latest();
        assert!(made.iter().all(|call| *call.caller != *"retry-event"));
    }
}

#[tokio::test]
async fn edge_an_unknown_type_is_kept_and_has_no_effect() {
    let mut event = sample("customer.created");
    for kind in [
        "treasury.something.new",
        "invoice.upcoming",
        "",
        "ключ",
        "x\u{0}y",
    ] {
        event["type"] = kind.into();
        let (_, outcome, changed) = delivered(&event).await;
        assert_eq!(
            (outcome.as_str(), changed.as_str()),
            ("ignored", "billing_events 1, webhook_deliveries 1"),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn edge_an_event_for_another_installation_is_kept_refused_and_told() {
    for (field, value, reason) in [
        (
            "livemode",
            json!(true),
            "it is live and this is the test system",
        ),
        (
            "account",
            json!("acct_1Connected"),
            "it belongs to a connected account",
        ),
    ] {
        for kind in [
            "customer.created",
            "customer.subscription.updated",
            "some.other.type",
        ] {
            let mut event = sample("customer.created");
            if kind != "some.other.type" {
                event = sample(kind);
            }
            event["type"] = kind.into();
            event[field] = value.clone();
            let (world, outcome, changed) = delivered(&event).await;
            assert_eq!(
                (outcome.as_str(), changed.as_str()),
                (
                    "refused",
                    "alerts 1, billing_events 1, webhook_deliveries 1"
                ),
                "{kind} with {field}"
            );
            assert_eq!(alert(&world).await, format!("refused_event#{reason}"));
        }
    }
}

#[tokio::test]
async fn edge_a_live_event_that_could_only_be_kept_is_refused_by_the_retry_worker() {
    let world = World::new();
    let mut event = sample("customer.created");
    event["livemode"] = true.into();
    let writes = Matching::operation(Service::DynamoDb, "TransactWriteItems").by("stripe-webhook");
    let with_alert = writes.and(|call| call.text().contains("refused_event"));
    let failing = world
        .sandbox
        .cloud()
        .faults()
        .plan(with_alert, Fault::Status500Before);
    assert_outcome(&world.deliver(&event).await, "pending");
    assert!(failing.struck() > 0);

    world.advance_s(3600).await;
    assert_eq!(
        alert(&world).await,
        "refused_event#it is live and this is the test system"
    );
    let digest = world.digest().await;
    let kept = digest.table("billing_events");
    assert_eq!(
        (kept.len(), &kept[0]["outcome"]["S"]),
        (1, &json!("refused"))
    );
    assert_eq!(
        digest.table("users"),
        Vec::<&Value>::new(),
        "no record was made of the customer"
    );
}

#[tokio::test]
async fn edge_another_api_version_is_read_as_far_as_it_can_be() {
    for version in [json!("2019-01-01"), json!("2030-01-01.future"), Value::Null] {
        let mut event = sample("customer.created");
        event["api_version"] = version;
        event["data"]["object"]["a_field_of_tomorrow"] = json!({"deep": [1, 2, 3]});
        let (world, outcome, _) = delivered(&event).await;
        assert_eq!(outcome, "applied");
        assert!(world.account(&customer_of(&event)).await.customer.is_some());
    }
}

#[tokio::test]
async fn edge_an_unknown_price_is_unmapped_and_told_and_never_a_plan() {
    let mut event = sample("customer.subscription.created");
    let object = &mut event["data"]["object"];
    object["status"] = "active".into();
    let price = &mut object["items"]["data"][0]["price"];
    price["id"] = "price_of_another_product".into();
    price["lookup_key"] = "gold".into();
    let (world, outcome, _) = delivered(&event).await;
    assert_eq!(outcome, "applied");
    assert_eq!(
        alert(&world).await,
        "unmapped_price#price_of_another_product"
    );
    let account = world.account(&customer_of(&event)).await;
    let (_, subscription) = account.subscription().unwrap();
    assert_eq!(subscription.facts.plan, Plan::Unmapped);
    world.advance_s(3600).await;
    assert_eq!(
        world.subjects(),
        Vec::<String>::new(),
        "nobody is welcomed to a plan without a name"
    );
}

#[tokio::test]
async fn edge_late_news_does_not_bring_a_deleted_customer_back() {
    let world = World::new();
    let customer = sample("customer.created");
    let id = customer_of(&customer);
    let of_customer = |kind: &str, event_id: &str, created: i64| {
        let mut event = customer.clone();
        event["type"] = kind.into();
        event["id"] = event_id.into();
        event["created"] = (customer["created"].as_i64().unwrap() + created).into();
        event
    };
    assert_outcome(&world.deliver(&customer).await, "applied");
    let mut deleted = of_customer("customer.deleted", "evt_deleted", 10);
    deleted["data"]["object"] = sample("customer.deleted")["data"]["object"].clone();
    deleted["data"]["object"]["id"] = id.as_ref().into();
    assert_outcome(&world.deliver(&deleted).await, "applied");
    let tombstone = world.account(&id).await.customer;
    // Earlier, in the same second, and later than the end.
    for (number, created) in [(1, 5), (2, 10), (3, 20)] {
        let late = of_customer("customer.updated", &format!("evt_late{number}"), created);
        assert_outcome(&world.deliver(&late).await, "stale");
    }
    assert_eq!(world.account(&id).await.customer, tombstone);
}

#[tokio::test]
async fn edge_an_event_that_names_no_customer_touches_no_account() {
    for kind in [
        "invoice.paid",
        "charge.refunded",
        "payment_method.updated",
        "checkout.session.completed",
    ] {
        let mut event = sample(kind);
        event["data"]["object"]["customer"] = Value::Null;
        event["data"]
            .as_object_mut()
            .unwrap()
            .remove("previous_attributes");
        let (world, outcome, _) = delivered(&event).await;
        world.advance_s(600).await;
        let digest = world.digest().await;
        for item in digest.table("users") {
            let key = item["pk"]["S"].as_str().unwrap();
            assert!(!key.starts_with("customer#"), "{kind} ({outcome}): {key}");
        }
        let kept = digest.table("billing_events");
        assert_eq!(kept.len(), 1, "{kind}");
        let settled = &kept[0]["outcome"]["S"];
        assert!(
            *settled == "applied" || *settled == "ignored",
            "{kind}: {settled} {}",
            kept[0]["reason"]
        );
    }
}

#[tokio::test]
async fn edge_an_event_of_a_customer_nobody_bound_is_kept_under_that_customer() {
    let event = sample("customer.subscription.deleted");
    let (world, outcome, _) = delivered(&event).await;
    assert_eq!(outcome, "applied");
    let account = world.account(&customer_of(&event)).await;
    assert_eq!((account.customer, account.subscriptions.len()), (None, 1));
}

#[tokio::test]
async fn edge_the_same_event_again_is_a_duplicate_and_leaves_a_delivery_only() {
    for kind in ["customer.created", "invoice.paid", "customer.deleted"] {
        let world = World::new();
        let event = sample(kind);
        assert_eq!(world.deliver(&event).await.status, 200);
        let before = world.digest().await;
        assert_outcome(&world.deliver(&event).await, "duplicate");
        assert_eq!(world.digest().await.since(&before), "webhook_deliveries 1");
        // Other words under the same id are the same event: the first ones hold.
        let mut changed = event.clone();
        changed["data"]["object"]["email"] = "eve@example.com".into();
        assert_outcome(&world.deliver(&changed).await, "duplicate");
        assert_eq!(world.digest().await.since(&before), "webhook_deliveries 2");
    }
    let world = World::new();
    let before = world.digest().await;
    assert_unchanged(&world, &before).await;
}
