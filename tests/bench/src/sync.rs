//! The nightly sync of a large account in agreement: what it asks Stripe, how many accounts it compares in a second, and
//! how much memory it takes for that.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use local::cloud::Service;
use serde_json::Value;
use shared::clock::Clock;
use tests::process::{Loopback, Process, RuntimeApi};
use tests::triggers::sqs_batch;

use crate::bed::{Bed, stripe};
use crate::events::{Customers, Sent};
use crate::figures::Figure;
use crate::function::usage;
use crate::in_process::InProcess;

/// The function.
const SYNC: &str = "daily-billing-sync";

/// The timeout that its template gives it.
const TIMEOUT: Duration = Duration::from_secs(720);

/// How long ago the customers came, in seconds: longer than the sync looks back for events that never came.
const CAME_S: i64 = 10 * 24 * 60 * 60;

/// Times at most that the sync goes on with its message.
const RECEIVES_MAX: u32 = 50;

/// Between two lines that say how far it has come.
const TOLD_EVERY: u32 = 10_000;

/// Has `accounts` customers subscribe, tells the record of each, and runs the sync.
pub(crate) async fn measure(
    project: &Path,
    programs: &Path,
    accounts: u32,
) -> Result<Vec<Figure>, String> {
    let now = Clock::System.now();
    let clock = Clock::manual(now.plus_s(-CAME_S));
    let (stripe, secret) = stripe(&clock)?;
    let customers = Customers::none(stripe.clone(), clock.clone())?;
    let bed = Bed::new(project, clock.clone(), &secret)?;
    bed.cloud.set_stripe(stripe.handler("http://127.0.0.1:1"));
    let webhook = InProcess::start(&bed, &secret).await?;
    for number in 1..=accounts {
        for sent in latest_of_each(customers.subscribe()?)? {
            webhook.deliver(&sent).await?;
        }
        if number % TOLD_EVERY == 0 {
            eprintln!("  {number} accounts");
        }
    }
    clock.advance_to(now);
    bed.cloud.calls().clear();
    let server = Loopback::serve(bed.cloud.clone()).await?;
    let mut api = RuntimeApi::serve(TIMEOUT).await?;
    let environment = bed.environment_at(&server.url(), SYNC)?;
    let process = Process::start(&programs.join(SYNC), &environment, &api)?;
    let started = Instant::now();
    let mut receives = 1;
    loop {
        api.hand_over(&sqs_batch(&[&now.day()], receives))?;
        let answer = api.answer(TIMEOUT).await?.body;
        if answer["batchItemFailures"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            break;
        }
        receives += 1;
        if receives > RECEIVES_MAX {
            return Err(format!(
                "the sync is not through after {RECEIVES_MAX} receives"
            ));
        }
    }
    let elapsed = started.elapsed();
    let memory = usage::memory_bytes(process.id());
    agreed(&bed, accounts)?;
    let calls = bed.cloud.calls().count(Service::Stripe);
    let memory = memory.map(|bytes| Figure::megabytes("sync.rss_mb", bytes));
    let figures = [
        Figure::per_second("sync.accounts_per_s", u64::from(accounts), elapsed),
        Figure::mean(
            "sync.stripe_calls_per_1000",
            calls * 1_000,
            u64::from(accounts),
            "calls",
        ),
    ];
    Ok(figures.into_iter().chain(memory).collect())
}

/// The last of the events about each object: what is on record afterwards is the same.
fn latest_of_each(sent: Vec<Sent>) -> Result<Vec<Sent>, String> {
    let mut latest = BTreeMap::new();
    for (number, sent) in sent.into_iter().enumerate() {
        let event: Value = serde_json::from_str(&sent.body).map_err(|error| error.to_string())?;
        latest.insert(event["data"]["object"]["id"].to_string(), (number, sent));
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_by_key(|(number, _)| *number);
    Ok(latest.into_iter().map(|(_, sent)| sent).collect())
}

/// What was measured is an account in agreement, gone through to its end.
fn agreed(bed: &Bed, accounts: u32) -> Result<(), String> {
    let runs = bed.cloud.items("linky-sync_health", None);
    let runs = runs.map_err(|error| error.to_string())?;
    let run = runs.iter().find(|row| row["sk"]["S"] == "run");
    let run = run.ok_or("the sync has kept no run")?;
    let count = |name: &str| {
        let count = run["progress"]["M"]["counts"]["M"][name]["N"].as_str();
        count.and_then(|text| text.parse::<u32>().ok())
    };
    let is_through = run.get("finished_at").is_some();
    let compared = count("objects_compared").unwrap_or_default();
    if is_through && compared >= 2 * accounts && count("suspects") == Some(0) {
        return Ok(());
    }
    Err(format!("the sync did not find all in agreement: {run}"))
}
