//! What administrators do: what a refund costs, and how long a page of the customers takes where there are very many.

use std::time::{Duration, Instant};

use local::browser::Browser;
use local::cloud::Service;
use serde_json::json;
use shared::staff::Role;
use tests::World;
use tests::api::{probes, routes};

use crate::figures::{Figure, percentile};

/// Pages of each kind that are read.
const PAGES: usize = 100;

/// Refunds once, and reads pages of the list of `customers`.
pub(crate) async fn measure(customers: u32) -> Result<Vec<Figure>, String> {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "rainmaker").await;
    world.advance_s(120).await;
    let support = world.signed_in(&cards, Role::Support).await;
    let mut figures = refund(&world, &support, ada.customer.as_ref()).await?;
    world.crowd(customers).await;
    figures.extend(pages(&world, &support, customers).await?);
    let count = |name, count: usize, unit| Figure::mean(name, count as u64, 1, unit);
    figures.push(count("api.routes", routes().len(), "routes"));
    figures.push(count("probes.count", probes::count(), "probes"));
    Ok(figures)
}

async fn refund(
    world: &World,
    support: &Browser<'_>,
    customer: &str,
) -> Result<Vec<Figure>, String> {
    let path = format!("/api/admin/users/{customer}/charges");
    let charges = support.get(&path).await.body;
    let form = json!({
        "charge": charges["charges"][0]["id"], "amount_cents": 100, "currency": "usd", "why": "goodwill", "reason": "A benchmark",
    });
    let path = format!("/api/admin/users/{customer}/refunds");
    let calls = world.sandbox.cloud().calls();
    calls.clear();
    let key = format!("act_{:032x}", 1);
    let page = support
        .send("POST", &path, Some(&form), &[("idempotency-key", &key)])
        .await;
    if page.body["state"] != "succeeded" {
        return Err(format!("the refund was not made: {page:?}"));
    }
    let count = |service| calls.count(service);
    Ok(vec![
        Figure::mean(
            "refund.dynamodb_calls",
            count(Service::DynamoDb),
            1,
            "calls",
        ),
        Figure::mean("refund.stripe_calls", count(Service::Stripe), 1, "calls"),
    ])
}

async fn pages(
    world: &World,
    support: &Browser<'_>,
    customers: u32,
) -> Result<Vec<Figure>, String> {
    let mut times = Vec::new();
    let mut calls_max = 0;
    for number in 0..PAGES {
        let one = u32::try_from(number).unwrap_or_default() * 37 % customers.max(1);
        for query in [
            "limit=50".to_owned(),
            "sort=name".to_owned(),
            "status=active&plan=rainmaker".to_owned(),
            format!("search={one:08}"),
        ] {
            let calls = world.sandbox.cloud().calls();
            calls.clear();
            let began = Instant::now();
            let page = support.get(&format!("/api/admin/users?{query}")).await;
            times.push(began.elapsed());
            calls_max = calls_max.max(calls.count(Service::DynamoDb));
            let found = page.body["users"].as_array().map_or(0, Vec::len);
            if page.status != 200 || found == 0 {
                return Err(format!("{query}: {page:?}"));
            }
        }
    }
    times.sort_unstable();
    let of = |percent| -> Duration { percentile(&times, percent) };
    Ok(vec![
        Figure::mean("admin_read.users_page_calls", calls_max, 1, "calls"),
        Figure::milliseconds("admin_read.p50_ms", of(50)),
        Figure::milliseconds("admin_read.p99_ms", of(99)),
    ])
}
