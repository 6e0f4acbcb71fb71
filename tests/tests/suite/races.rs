//! Invocations in flight together, in many orders: each event takes effect once.

use std::collections::BTreeMap;

use futures::future::join_all;
use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::{Value, json};
use shared::id::EventId;
use shared::store::events::{Lease, Right, Settlement, Unsettled};
use stripe_sim::TestCard;
use tests::World;
use tests::history::Deed;

/// A world in which a customer has just paid a checkout, with the webhooks held back.
async fn paid() -> (World, Vec<tests::history::Held>) {
    let world = World::new();
    let ada = world.open_checkout("ada@example.com", "prospector").await;
    world.pay(&ada.session, TestCard::Good);
    let events = world.hold_webhooks();
    (world, events)
}

#[tokio::test(start_paused = true)]
async fn ten_deliveries_of_every_event_at_once_take_effect_once() {
    for seed in 0..20 {
        let (world, events) = paid().await;
        let faults = world.sandbox.cloud().faults();
        faults.plan(Matching::service(Service::DynamoDb), Fault::GiveWay(seed));
        let mut deliveries: Vec<_> = events.iter().flat_map(|event| vec![event; 10]).collect();
        fastrand::Rng::with_seed(seed).shuffle(&mut deliveries);
        let answers = join_all(deliveries.iter().map(|event| world.bring(event))).await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        faults.clear();
        world.advance_s(12 * 60).await;
        assert_eq!(world.wrongs().await, Vec::<String>::new(), "seed {seed}");
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        for delivery in world.rows("webhook_deliveries").await {
            let answer = delivery["answer"]["S"].as_str().unwrap().to_owned();
            *outcomes.entry(answer).or_default() += 1;
        }
        let duplicates = outcomes.remove("duplicate").unwrap_or_default();
        assert_eq!(
            outcomes.values().sum::<usize>(),
            events.len(),
            "{outcomes:?}"
        );
        assert_eq!(duplicates, events.len() * 9);
        assert_eq!(world.rows("billing_events").await.len(), events.len());
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_deliveries_of_a_thousand_events_take_effect_a_thousand_times() {
    let world = World::new();
    for number in 0..120 {
        let email = format!("user{number}@example.com");
        let user = world.open_checkout(&email, "networker").await;
        world.pay(&user.session, TestCard::Good);
    }
    let events = world.hold_webhooks();
    assert!(events.len() >= 1_000, "{} events", events.len());
    let mut deliveries: Vec<_> = events.iter().flat_map(|event| vec![event; 10]).collect();
    fastrand::Rng::with_seed(1).shuffle(&mut deliveries);
    let faults = world.sandbox.cloud().faults();
    faults.plan(Matching::service(Service::DynamoDb), Fault::GiveWay(1));
    for at_once in deliveries.chunks(100) {
        let answers = join_all(at_once.iter().map(|event| world.bring(event))).await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    }
    faults.clear();
    // SES takes fourteen mails a second; the others go out later and later.
    world.advance_s(60 * 60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    assert_eq!(world.rows("billing_events").await.len(), events.len());
    assert_eq!(world.rows("emails").await.len(), 120);
    assert_eq!(world.rows("plan_changes").await.len(), 120);
}

#[tokio::test(start_paused = true)]
async fn up_to_five_conflicts_are_waited_out_within_the_call() {
    for conflicts in 1..=5 {
        let (world, events) = paid().await;
        let matching = Matching::operation(Service::DynamoDb, "TransactWriteItems")
            .by("stripe-webhook")
            .first(conflicts);
        let planned = world
            .sandbox
            .cloud()
            .faults()
            .plan(matching, Fault::TransactionConflict(0));
        assert_eq!(world.bring(&events[0]).await, 200);
        assert_eq!(planned.struck(), conflicts);
        let deliveries = world.rows("webhook_deliveries").await;
        assert_eq!(deliveries[0]["answer"]["S"], "applied");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_meets_conflicts_without_end_is_kept_and_healed() {
    let (world, events) = paid().await;
    let matching = Matching::operation(Service::DynamoDb, "TransactWriteItems")
        .by("stripe-webhook")
        .first(6);
    world
        .sandbox
        .cloud()
        .faults()
        .plan(matching, Fault::TransactionConflict(0));
    for event in &events {
        assert_eq!(world.bring(event).await, 200);
    }
    let pending = |row: &Value| row["outcome"]["S"] == "pending";
    assert_eq!(
        world
            .rows("billing_events")
            .await
            .iter()
            .filter(|row| pending(row))
            .count(),
        1
    );
    world.advance_s(12 * 60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

/// Puts an event on record as pending: its webhook fails at every transaction but the one that keeps it.
async fn kept_pending(world: &World, event: &tests::history::Held) -> EventId {
    let matching = Matching::operation(Service::DynamoDb, "BatchGetItem").by("stripe-webhook");
    let faults = world.sandbox.cloud().faults();
    faults.plan(matching, Fault::RefuseBefore);
    assert_eq!(world.bring(event).await, 200);
    faults.clear();
    event.id.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_slept_past_its_lease_writes_nothing_when_it_wakes() {
    let (world, events) = paid().await;
    let event = events
        .iter()
        .find(|event| event.kind == "invoice.paid")
        .unwrap();
    let id = kept_pending(&world, event).await;
    let ours = |lease: Lease| match lease {
        Lease::Ours(leased) => leased,
        other => panic!("not ours: {other:?}"),
    };
    let start = world.now();
    let sleeper = ours(
        world
            .store
            .lease(&id, "sleeper", start, start.plus_s(60))
            .await
            .unwrap(),
    );
    let refused = world
        .store
        .lease(&id, "early", start.plus_s(64), start.plus_s(120))
        .await
        .unwrap();
    assert_eq!(
        refused,
        Lease::Taken,
        "a lease is honoured for the skew of two clocks"
    );
    let successor = ours(
        world
            .store
            .lease(&id, "successor", start.plus_s(66), start.plus_s(120))
            .await
            .unwrap(),
    );
    assert_eq!((sleeper.row.attempts, successor.row.attempts), (1, 2));

    let parsed = shared::event::Event::parse(sleeper.body.as_deref().unwrap()).unwrap();
    let late = world
        .store
        .settle(
            &parsed,
            Settlement::Stale,
            Right::Held(&sleeper),
            start.plus_s(67),
        )
        .await;
    assert!(matches!(late, Err(Unsettled::NotOurs)), "{late:?}");
    world
        .store
        .give_back(&sleeper, "woken", start.plus_s(67), None)
        .await
        .unwrap();
    world
        .store
        .settle(
            &parsed,
            Settlement::Stale,
            Right::Held(&successor),
            start.plus_s(68),
        )
        .await
        .unwrap();
    let settled = world
        .store
        .lease(&id, "later", start.plus_s(200), start.plus_s(260))
        .await
        .unwrap();
    assert!(matches!(settled, Lease::Settled(_)), "{settled:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lease_whose_answer_was_lost_is_known_as_our_own() {
    let (world, events) = paid().await;
    let id = kept_pending(&world, &events[0]).await;
    let matching = Matching::operation(Service::DynamoDb, "UpdateItem").nth(1);
    let planned = world
        .sandbox
        .cloud()
        .faults()
        .plan(matching, Fault::LoseAnswer);
    let now = world.now();
    let lease = world
        .store
        .lease(&id, "me", now, now.plus_s(60))
        .await
        .unwrap();
    assert!(matches!(lease, Lease::Ours(_)), "{lease:?}");
    assert_eq!(planned.struck(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_stripe_is_asked_is_not_overwritten() {
    let (world, events) = paid().await;
    for event in &events {
        assert_eq!(world.bring(event).await, 200);
    }
    let customer = world.rows("invoices").await[0]["customer"]["S"]
        .as_str()
        .unwrap()
        .to_owned();
    // Two changes within one second, told the wrong way round: the second cannot be placed and is asked of Stripe.
    world.happen(&customer, Deed::Wait(3600));
    world.happen(&customer, Deed::EndWithPeriod(true));
    world.happen(&customer, Deed::EndWithPeriod(false));
    world.happen(&customer, Deed::EndWithPeriod(true));
    let mut changes = world.hold_webhooks();
    changes.reverse();
    for change in &changes {
        assert_eq!(world.bring(change).await, 200);
    }
    // While the worker holds Stripe's answer in its hands, the subscription moves on, and that is told and applied.
    let gate = Gate::closed();
    let matching = Matching::service(Service::Stripe).by("retry-event").nth(1);
    world
        .sandbox
        .cloud()
        .faults()
        .plan(matching, Fault::HoldAfter(gate.clone()));
    let meanwhile = async {
        gate.arrived(1).await;
        world.happen(&customer, Deed::Wait(5));
        world.happen(&customer, Deed::Move("rainmaker"));
        for event in world.hold_webhooks() {
            assert_eq!(world.bring(&event).await, 200);
        }
        gate.open();
    };
    let asked = world
        .rows("billing_events")
        .await
        .iter()
        .any(|row| row["outcome"]["S"] == "pending");
    assert!(
        asked,
        "nothing had to be asked of Stripe, so the race was not run"
    );
    futures::join!(world.settle(), meanwhile);
    world.advance_s(12 * 60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn two_checkouts_at_once_make_one_customer_and_one_page() {
    for seed in 0..20 {
        let world = World::new();
        let faults = world.sandbox.cloud().faults();
        faults.plan(Matching::any(), Fault::GiveWay(seed));
        let form = json!({ "email": "ada@example.com", "name": "Ada", "plan": "networker" });
        let (one, two) = futures::join!(world.start_checkout(&form), world.start_checkout(&form));
        assert_eq!((one.status, two.status), (200, 200), "{one:?} {two:?}");
        assert_eq!(one.body["checkout_url"], two.body["checkout_url"]);
        let sim = world.sandbox.stripe().now();
        assert_eq!(sim.objects("customer").count(), 1);
        assert_eq!(sim.objects("checkout.session").count(), 1);
    }
}
