//! The figures of days: each thing that happened is counted once, on the day it was learnt of, and the books go on from day
//! to day.

use local::browser::Page;
use local::cloud::{Fault, Matching};
use serde_json::{Value, json};
use shared::staff::Role;
use stripe_sim::{OpenInvoices, TestCard};
use tests::history::Deed;
use tests::{DAY_S, SignedUp, World};

/// Seconds until today's figures are counted anew.
const HOUR_S: i64 = 3_600;

async fn asked(world: &World, query: &str) -> Page {
    if world.sandbox.staff().is_empty() {
        world.staff().await;
    }
    let viewer = world.signed_in(world.sandbox.staff(), Role::Viewer).await;
    viewer.get(&format!("/api/admin/reports{query}")).await
}

async fn days(world: &World) -> Vec<Value> {
    let page = asked(world, "").await;
    assert_eq!(page.status, 200, "{page:?}");
    page.body["days"].as_array().unwrap().clone()
}

fn sum(day: &Value, of: &str) -> Value {
    let of = format!("/{}", of.replace('.', "/"));
    let sum = day.pointer(&of);
    sum.map_or(Value::Null, |sum| json!([sum["count"], sum["cents"]]))
}

async fn signed_up(world: &World, name: &str, plan: &str) -> SignedUp {
    let signed_up = world.sign_up(&format!("{name}@example.com"), plan).await;
    world.settle().await;
    signed_up
}

fn happen(world: &World, whose: &SignedUp, deed: Deed) {
    world.happen(whose.customer.as_ref(), deed);
}

#[tokio::test]
async fn a_day_counts_who_came_what_changed_and_who_left() {
    let world = World::new();
    let ada = signed_up(&world, "ada", "prospector").await;
    let bob = signed_up(&world, "bob", "networker").await;
    signed_up(&world, "cy", "founding_member").await;
    world.advance_s(DAY_S).await;
    happen(&world, &ada, Deed::Move("rainmaker"));
    happen(&world, &bob, Deed::Cancel);
    world.settle().await;
    world.advance_s(HOUR_S).await;
    let days = days(&world).await;
    let [first, second] = days.as_slice() else {
        panic!("{days:?}");
    };
    assert_eq!(first["closed"], true, "{first}");
    assert_eq!(first["mrr_cents"], 7_500 + 14_500 + 833);
    assert_eq!(sum(first, "movements.new"), json!([3, 22_833]));
    assert_eq!(
        sum(first, "payments.paid"),
        json!([3, 7_500 + 14_500 + 2_500])
    );
    assert_eq!(first["founding"]["begun"], 1);
    assert_eq!(
        first["plans"]["networker"],
        json!({"customers": 1, "mrr_cents": 14_500})
    );
    assert_eq!(second["closed"], false, "{second}");
    assert_eq!(second["mrr_cents"], 19_900 + 833);
    assert_eq!(sum(second, "movements.upgrade"), json!([1, 12_400]));
    assert_eq!(sum(second, "movements.churn"), json!([1, -14_500]));
    assert_eq!(second["plans"].get("networker"), None);
    let webhooks = &first["webhooks"];
    assert!(webhooks["deliveries"].as_u64() > Some(20), "{webhooks}");
    assert!(webhooks["lag_p95_s"].is_i64(), "{webhooks}");
}

#[tokio::test]
async fn a_payment_that_fails_is_counted_once_and_once_more_when_it_is_made_good() {
    let world = World::new();
    let ada = signed_up(&world, "ada", "prospector").await;
    let customer = ada.customer.as_ref();
    world
        .sandbox
        .stripe()
        .now()
        .replace_card(customer, TestCard::DeclinedAfterAttach, OpenInvoices::Leave)
        .unwrap();
    // The renewal fails, and fails again.
    world.advance_s(36 * DAY_S).await;
    let failing = days(&world).await;
    let failed = |days: &[Value]| -> Vec<Value> {
        let failed = days.iter().map(|day| sum(day, "payments.failed"));
        failed.filter(|sum| *sum != json!([0, 0])).collect()
    };
    assert_eq!(failed(&failing), [json!([1, 7_500])]);
    // Late is not lost.
    assert_eq!(failing.last().unwrap()["mrr_cents"], 7_500);
    world
        .sandbox
        .stripe()
        .now()
        .replace_card(customer, TestCard::Good, OpenInvoices::Pay)
        .unwrap();
    world.settle().await;
    world.advance_s(DAY_S).await;
    let mended = days(&world).await;
    assert_eq!(failed(&mended), failed(&failing));
    let recovered = mended.iter().map(|day| sum(day, "payments.recovered"));
    let recovered: Vec<Value> = recovered.filter(|sum| *sum != json!([0, 0])).collect();
    assert_eq!(recovered, [json!([1, 7_500])]);
}

#[tokio::test]
async fn revenue_that_comes_back_is_not_new() {
    let world = World::new();
    let ada = signed_up(&world, "ada", "prospector").await;
    happen(&world, &ada, Deed::Cancel);
    world.settle().await;
    let browser = world.customer("ada@example.com").await;
    world.buy(&browser, "ada@example.com", "networker").await;
    world.advance_s(HOUR_S).await;
    let days = days(&world).await;
    let today = days.last().unwrap();
    assert_eq!(sum(today, "movements.new"), json!([1, 7_500]), "{today}");
    assert_eq!(sum(today, "movements.churn"), json!([1, -7_500]));
    assert_eq!(sum(today, "movements.recovered"), json!([1, 14_500]));
    assert_eq!(today["mrr_cents"], 14_500);
}

#[tokio::test]
async fn a_pause_a_refund_and_a_dispute_are_counted() {
    let world = World::new();
    let ada = signed_up(&world, "ada", "prospector").await;
    let bob = signed_up(&world, "bob", "prospector").await;
    happen(&world, &ada, Deed::Refund);
    happen(&world, &bob, Deed::LoseDispute);
    happen(&world, &ada, Deed::Pause(true));
    world.settle().await;
    world.advance_s(HOUR_S).await;
    let days = days(&world).await;
    let today = days.last().unwrap();
    assert_eq!(sum(today, "refunds"), json!([1, 100]), "{today}");
    assert_eq!(sum(today, "disputes"), json!([1, 7_500]));
    assert_eq!(sum(today, "movements.churn"), json!([1, -7_500]));
    assert_eq!(
        today["plans"]["prospector"],
        json!({"customers": 2, "mrr_cents": 7_500})
    );
}

#[tokio::test]
async fn days_that_were_left_out_are_made_up_for_and_closed_ones_stay() {
    let world = World::new();
    let faults = world.sandbox.cloud().faults();
    let out = faults.plan(Matching::any().by("daily-report"), Fault::RefuseBefore);
    let ada = signed_up(&world, "ada", "prospector").await;
    world.advance_s(3 * DAY_S).await;
    happen(&world, &ada, Deed::Move("networker"));
    world.settle().await;
    world.advance_s(2 * DAY_S).await;
    assert_eq!(days(&world).await, Vec::<Value>::new());
    assert!(out.struck() > 0);
    faults.clear();
    world.advance_s(HOUR_S).await;
    let first = days(&world).await;
    let mrr: Vec<i64> = first
        .iter()
        .map(|day| day["mrr_cents"].as_i64().unwrap())
        .collect();
    assert_eq!(mrr, [7_500, 7_500, 7_500, 14_500, 14_500, 14_500]);
    world.advance_s(HOUR_S).await;
    let second = days(&world).await;
    assert_eq!(first[..5], second[..5]);
    assert!(first[5]["counted_until"].as_str() < second[5]["counted_until"].as_str());
}

#[tokio::test]
async fn a_range_that_is_none_is_refused_in_words() {
    let world = World::new();
    for (query, code) in [
        ("?from=2026-02-30", "invalid_day"),
        ("?from=yesterday", "invalid_day"),
        ("?from=2026-01-02&to=2026-01-01", "invalid_range"),
        ("?from=2024-01-01&to=2026-01-01", "invalid_range"),
        ("?since=2026-01-01", "invalid_query"),
    ] {
        let page = asked(&world, query).await;
        assert_eq!((page.status, page.code()), (400, code), "{query}");
    }
    let page = asked(&world, "?from=2026-01-01&to=2026-01-01").await;
    assert_eq!((page.status, &page.body), (200, &json!({ "days": [] })));
}
