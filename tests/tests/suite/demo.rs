//! The demo book holds every state that there is to look at, and is the same every time.

use std::collections::BTreeMap;

use local::demo;
use serde_json::Value;
use shared::time::Timestamp;
use tests::{DAY_S, START_S, World};

/// An afternoon in March, so that the book goes through the ends of long and of short months.
const END_S: i64 = START_S + 84 * DAY_S + 14 * 3_600;

/// Calls to AWS and Stripe that the whole book may take: they are the time for which whoever starts a sandbox waits.
const CALLS_MAX: u64 = 23_400;

async fn with_book(customers: usize) -> World {
    let end = Timestamp::from_s(END_S);
    let world = World::before_the_demo(end);
    let filled = demo::fill(&world.sandbox, end, customers).await;
    filled.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(world.now(), end);
    world
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field]["S"].as_str().unwrap_or_default()
}

/// How often each value of `of` occurs among the rows.
fn counted(rows: &[Value], of: impl Fn(&Value) -> String) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(of(row)).or_default() += 1;
    }
    counts
}

/// The facts of every subscription on record, by its id.
async fn subscriptions(world: &World) -> BTreeMap<String, Value> {
    let rows = world.rows("users").await.into_iter();
    rows.filter_map(|row| {
        let id = text(&row, "sk").strip_prefix("subscription#")?.to_owned();
        Some((id, row["facts"]["M"].clone()))
    })
    .collect()
}

/// Subscriptions of which Stripe tells another plan, end or pause than their record.
async fn drifted(world: &World) -> Vec<String> {
    let on_record = subscriptions(world).await;
    let sim = world.sandbox.stripe().now();
    let agrees = |seen: &Value| {
        let facts = &on_record[seen["id"].as_str().unwrap_or_default()];
        let key = seen["items"]["data"][0]["price"]["lookup_key"].as_str();
        let flag = |name: &str| facts[name]["BOOL"] == true;
        text(facts, "plan") == key.unwrap_or("unmapped")
            && flag("cancel_at_period_end") == (seen["cancel_at_period_end"] == true)
            && flag("collection_paused") != seen["pause_collection"].is_null()
    };
    let drifted = sim.objects("subscription").filter(|seen| !agrees(seen));
    drifted.map(|seen| seen["id"].to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_book_holds_every_state_and_what_drifted_is_found_by_the_night() {
    let world = with_book(demo::CUSTOMERS).await;
    let calls: u64 = world.sandbox.cloud().calls().counts().values().sum();

    assert_eq!(world.count_at_stripe("customer"), 300);
    let subscriptions: Vec<Value> = subscriptions(&world).await.into_values().collect();
    let status = counted(&subscriptions, |facts| text(facts, "status").to_owned());
    assert_eq!(status["past_due"], 9);
    assert!(status["canceled"] >= 11 + 9 + 5, "{status:?}");
    assert!(status["active"] > 200, "{status:?}");
    // Five people have left the page, so they have none.
    assert_eq!(subscriptions.len(), 295);
    let plan = counted(&subscriptions, |facts| text(facts, "plan").to_owned());
    assert!(plan["founding_member"] >= 70, "{plan:?}");
    for (key, least) in [("prospector", 80), ("networker", 30), ("rainmaker", 20)] {
        assert!(plan[key] >= least, "{plan:?}");
    }
    assert_eq!(plan["unmapped"], 2);
    let flagged = |name: &'static str| {
        let of = subscriptions.iter();
        of.filter(move |facts| facts[name]["BOOL"] == true && text(facts, "status") == "active")
            .count()
    };
    assert_eq!(flagged("cancel_at_period_end"), 7);
    assert_eq!(flagged("collection_paused"), 4);

    let changes = world.rows("plan_changes").await;
    let changes = counted(&changes, |row| {
        format!("{} to {}", text(row, "from"), text(row, "to"))
    });
    assert!(
        changes["founding_member to prospector"] >= 50,
        "{changes:?}"
    );
    assert!(
        changes
            .keys()
            .any(|it| it == "rainmaker to networker" || it == "networker to prospector")
    );
    assert!(
        changes
            .keys()
            .any(|it| it == "prospector to networker" || it == "networker to rainmaker")
    );

    let refunds = world.rows("refunds").await;
    let refunds = counted(&refunds, |row| {
        text(&row["facts"]["M"], "status").to_owned()
    });
    assert_eq!(
        refunds,
        [
            ("failed".into(), 2),
            ("pending".into(), 2),
            ("succeeded".into(), 11)
        ]
        .into()
    );
    let disputes = world.rows("disputes").await;
    let disputes = counted(&disputes, |row| {
        text(&row["facts"]["M"], "status").to_owned()
    });
    assert_eq!(
        disputes,
        [
            ("lost".into(), 2),
            ("needs_response".into(), 3),
            ("warning_needs_response".into(), 1),
            ("won".into(), 2)
        ]
        .into()
    );

    let events = counted(&world.rows("billing_events").await, |row| {
        text(row, "outcome").to_owned()
    });
    assert_eq!(events["dead"], 1, "{events:?}");
    assert_eq!(events["pending"], 1, "{events:?}");
    let alerts = counted(&world.rows("alerts").await, |row| {
        let cause = text(row, "pk");
        cause.split('#').next().unwrap_or_default().to_owned()
    });
    assert_eq!(alerts["unmapped_price"], 2, "{alerts:?}");
    assert_eq!(alerts["dead_event"], 1, "{alerts:?}");
    assert!(alerts["dispute"] >= 3, "{alerts:?}");
    let subjects = world.subjects();
    let recovered = subjects
        .iter()
        .filter(|subject| *subject == "Your Linky payment went through");
    assert_eq!(recovered.count(), 12);

    assert_eq!(drifted(&world).await.len(), 3);
    world.advance_s(DAY_S).await;
    let day = world.now().day();
    let run = world
        .store
        .run_of(&day)
        .await
        .unwrap()
        .expect("it runs every night");
    assert!(run.progress.counts.events_taken_in >= 3, "{run:?}");
    assert_eq!(drifted(&world).await, Vec::<String>::new());
    assert!(calls < CALLS_MAX, "{calls}");
}

#[tokio::test(start_paused = true)]
async fn one_seed_gives_the_same_customers_states_and_amounts() {
    let (one, other) = (with_book(40).await, with_book(40).await);
    let at_stripe = |world: &World| {
        let sim = world.sandbox.stripe().now();
        ["customer", "subscription", "invoice", "refund", "dispute"]
            .map(|kind| sim.objects(kind).cloned().collect::<Vec<_>>())
    };
    assert!(at_stripe(&one)[2].len() > 40);
    assert_eq!(at_stripe(&one), at_stripe(&other));
    let (one, other) = (subscriptions(&one).await, subscriptions(&other).await);
    assert_eq!(one, other);
}
