//! Events tried anew: told first, then done, and done twice it is done once.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::{DAY_S, START_S, World};

async fn replay(world: &World, order: Value) -> Value {
    let answer = world
        .sandbox
        .functions()
        .invoke("replay-event", order)
        .await;
    answer.unwrap_or_else(|error| panic!("{error}"))
}

fn outcome_of(rows: &[Value], id: &str) -> String {
    let row = rows.iter().find(|row| row["pk"]["S"] == id);
    let outcome = row.and_then(|row| row["outcome"]["S"].as_str());
    outcome.unwrap_or("not on record").to_owned()
}

/// The id of the one event on record of this type.
async fn event_of_kind(world: &World, kind: &str) -> String {
    let rows = world.rows("billing_events").await;
    let of_kind: Vec<_> = rows.iter().filter(|row| row["kind"]["S"] == kind).collect();
    assert_eq!(of_kind.len(), 1, "{kind}");
    of_kind[0]["pk"]["S"].as_str().unwrap().to_owned()
}

/// All of the last day.
fn of_today(world: &World, more: &Value) -> Value {
    let mut filter = json!({ "from": Timestamp::from_s(tests::START_S), "to": world.now() });
    for (field, value) in more.as_object().unwrap() {
        filter[field] = value.clone();
    }
    filter
}

#[tokio::test(start_paused = true)]
async fn a_dead_event_is_found_by_a_filter_told_and_settled() {
    let world = World::new();
    world.until_dead().await;
    let id = event_of_kind(&world, "checkout.session.completed").await;

    let filter = of_today(&world, &json!({}));
    let told = replay(&world, json!({ "matching": filter })).await;
    let expected = json!({
        "executed": false,
        "events": [{
            "event": id, "type": "checkout.session.completed", "outcome": "dead", "effect": "ensures_schedule",
        }],
        "left": 0,
    });
    assert_eq!(told, expected);
    let rows = world.rows("billing_events").await;
    assert_eq!(outcome_of(&rows, &id), "dead", "telling changes nothing");

    let done = replay(&world, json!({ "matching": filter, "execute": true })).await;
    assert_eq!(done["executed"], true);
    world.settle().await;
    assert_eq!(world.wrongs_but_dead_letters().await, Vec::<String>::new());
    let schedules = world.sandbox.stripe().now();
    assert_eq!(schedules.objects("subscription_schedule").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_took_effect_is_replayed_to_no_effect() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let before = [world.rows("users").await, world.rows("invoices").await];
    let (mails, changes) = (world.subjects(), world.rows("plan_changes").await);
    let everything = of_today(
        &world,
        &json!({ "outcomes": ["applied", "stale", "ignored"] }),
    );
    for _ in 0..2 {
        let order = json!({ "matching": everything, "execute": true });
        let done = replay(&world, order).await;
        let events = done["events"].as_array().unwrap();
        assert!(events.len() >= 8, "{done}");
        assert!(events.iter().all(|it| it["effect"] == "nothing"), "{done}");
        world.settle().await;
        world.advance_s(120).await;
    }
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    assert_eq!(
        before,
        [world.rows("users").await, world.rows("invoices").await]
    );
    assert_eq!(mails, world.subjects());
    assert_eq!(changes, world.rows("plan_changes").await);
}

#[tokio::test(start_paused = true)]
async fn a_lost_record_comes_back_and_each_field_is_told_before() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    let is_subscription = |row: &Value| {
        let sk = row["sk"]["S"].as_str().unwrap_or_default();
        sk.starts_with("subscription#")
    };
    assert_eq!(world.lose_rows("users", is_subscription).await, 1);
    let filter = of_today(
        &world,
        &json!({ "customer": ada.customer, "outcomes": ["applied", "stale"], "types": ["customer.subscription.updated"] }),
    );
    let told = replay(&world, json!({ "matching": filter })).await;
    let events = told["events"].as_array().unwrap();
    assert_eq!(events.len(), 1, "{told}");
    assert_eq!(events[0]["effect"], "changes");
    let fields = events[0]["differences"].as_array().unwrap();
    let plan = fields.iter().find(|it| it["field"] == "plan").unwrap();
    assert_eq!(
        *plan,
        json!({ "field": "plan", "ours": null, "stripes": "prospector" })
    );

    replay(&world, json!({ "matching": filter, "execute": true })).await;
    world.settle().await;
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_event_that_never_came_is_taken_in() {
    let world = World::new();
    let ada = world.open_checkout("ada@example.com", "networker").await;
    world.pay(&ada.session, TestCard::Good);
    let missed = world.hold_webhooks();
    let paid = missed.iter().find(|event| event.kind == "invoice.paid");
    let paid = paid.unwrap().id.as_str();
    let told = replay(&world, json!({ "events": [paid] })).await;
    assert_eq!(told["events"][0]["effect"], "changes");
    assert_eq!(told["events"][0].get("outcome"), None);
    assert_eq!(world.rows("billing_events").await.len(), 0);
    replay(&world, json!({ "events": [paid], "execute": true })).await;
    world.settle().await;
    let rows = world.rows("billing_events").await;
    assert_eq!(outcome_of(&rows, paid), "applied");
    // And it is one event with the delivery that comes after all.
    for event in &missed {
        assert_eq!(world.bring(event).await, 200);
    }
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_is_not_found_and_a_bad_order_says_what_is_wrong() {
    let world = World::new();
    let functions = world.sandbox.functions();
    let after_nobody = of_today(&world, &json!({ "starting_after": "evt_nobody_knows" }));
    for (order, status, word) in [
        (
            json!({ "events": ["evt_nobody_knows"] }),
            404,
            "evt_nobody_knows",
        ),
        (json!({ "events": ["cus_1"] }), 400, "evt_"),
        (json!({}), 400, "matching"),
        (json!({ "matching": after_nobody }), 400, "starting_after"),
    ] {
        let refused = functions.invoke("replay-event", order.clone()).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(word), "{refused}");
        let answer = world.control("POST", "invoke/replay-event", &order).await;
        assert_eq!(
            (answer.status, &answer.body["error"]),
            (status, &json!(refused))
        );
    }
    let nobody = world.control("POST", "invoke/nobody", &json!({})).await;
    assert_eq!(nobody.status, 404);
    assert_eq!(world.rows("billing_events").await.len(), 0);
}

/// Puts so many dead events of one customer on record, and gives their rows.
async fn put_dead_events(world: &World, count: u32) -> Vec<Value> {
    let at = world.now().to_string();
    let row = |number: u32| {
        json!({
            "pk": { "S": format!("evt_{number}") }, "kind": { "S": "invoice.paid" }, "created": { "S": at },
            "customer": { "S": "cus_1" }, "livemode": { "BOOL": false }, "outcome": { "S": "dead" },
            "received_at": { "S": at }, "recorded_by": { "S": "delivery" }, "attempts": { "N": "24" },
        })
    };
    let rows: Vec<Value> = (0..count).map(row).collect();
    world.put_rows("billing_events", &rows).await;
    rows
}

#[tokio::test(start_paused = true)]
async fn what_one_answer_has_no_room_for_is_told_by_the_next_and_nothing_twice() {
    let world = World::new();
    put_dead_events(&world, 1_003).await;
    let mut filter = of_today(&world, &json!({ "customer": "cus_1" }));
    let first = replay(&world, json!({ "matching": filter })).await;
    filter["starting_after"] = first["next"].clone();
    let second = replay(&world, json!({ "matching": filter })).await;
    assert_eq!([&first["left"], &second["left"]], [&json!(3), &json!(0)]);
    assert_eq!(second.get("next"), None);
    let told = [&first, &second].map(|answer| answer["events"].as_array().unwrap());
    assert_eq!(told.map(Vec::len), [1_000, 3]);
    let ids = told
        .into_iter()
        .flatten()
        .map(|event| event["event"].to_string());
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), 1_003);
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_matches_more_than_ten_thousand_says_so_and_asks_to_narrow_it() {
    let world = World::new();
    let rows = put_dead_events(&world, 10_001).await;
    let filter = of_today(&world, &json!({ "customer": "cus_1" }));
    let order = json!({ "matching": filter, "execute": true });
    let refused = world.sandbox.functions().invoke("replay-event", order);
    let refused = refused.await.unwrap_err().to_string();
    assert!(
        refused.contains("More than 10000 events match. Narrow it"),
        "{refused}"
    );
    let left = world.rows("billing_events").await;
    let is_dead = |row: &&Value| row["outcome"]["S"] == "dead";
    assert_eq!(
        left.iter().filter(is_dead).count(),
        rows.len(),
        "none is tried"
    );
}

#[tokio::test(start_paused = true)]
async fn a_backfill_tells_and_then_takes_in_all_that_stripe_has_and_we_have_not() {
    let world = World::new();
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    world.pay(&ada.session, TestCard::Good);
    // Answered 200 and lost, so that Stripe thinks them delivered; then nobody looks for ten days.
    let lost = world.hold_webhooks();
    world.happen(ada.customer.as_ref(), Deed::Wait(10 * DAY_S));
    let order = |execute: bool| {
        let from = Timestamp::from_s(START_S);
        json!({ "backfill": { "from": from }, "execute": execute })
    };
    let told = replay(&world, order(false)).await;
    let events = told["events"].as_array().unwrap();
    assert_eq!(events.len(), lost.len(), "{told}");
    assert!(told["seen"].as_u64().unwrap() >= lost.len() as u64);
    assert_eq!(told.get("next"), None);
    assert!(events.iter().any(|it| it["effect"] == "ensures_schedule"));
    assert_eq!(world.rows("billing_events").await.len(), 0);

    let only =
        json!({ "backfill": { "from": Timestamp::from_s(START_S), "types": ["invoice.paid"] } });
    assert_eq!(
        replay(&world, only).await["events"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    replay(&world, order(true)).await;
    world.settle().await;
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let again = replay(&world, order(true)).await;
    assert_eq!(
        again["events"],
        json!([]),
        "once it is done there is nothing to do"
    );

    let too_far = json!({ "backfill": { "from": Timestamp::from_s(START_S - 40 * DAY_S) } });
    let refused = world.sandbox.functions().invoke("replay-event", too_far);
    assert!(refused.await.unwrap_err().to_string().contains("30 days"));
}
