//! Events that are kept and not yet applied: what the worker takes for each, and how long ten thousand of them last.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use shared::chance::Chance;
use shared::config::Env;
use shared::event::Event;
use shared::queue::Queue;
use shared::store::Store;
use shared::store::deliveries::Delivery;
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::World;
use tests::process::Loopback;
use tests::triggers::sqs_batch;

use crate::bed::{Bed, stripe};
use crate::events::Customers;
use crate::figures::Figure;
use crate::function::Start;
use crate::in_process::{platform, start};
use crate::process::mix;

/// The worker.
const WORKER: &str = "retry-event";

/// The timeout that its template gives it.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Messages that Lambda hands to the worker at once.
const BATCH: usize = 10;

/// Batches before anything is measured.
const WARM_UP: usize = 10;

/// Events of the backlog, and events of one customer who signs up.
const BACKLOG: usize = 10_000;

/// Events kept at a time while the backlog is made.
const KEPT_AT_ONCE: usize = 100;

/// Longest wait for the backlog to be gone.
const DRAINED_MAX: Duration = Duration::from_secs(1_800);

/// How often it is looked whether it is.
const LOOKED_EVERY: Duration = Duration::from_millis(500);

/// What the release binary of the worker takes for each of `events` events.
pub(crate) async fn worker(
    project: &Path,
    programs: &Path,
    events: usize,
) -> Result<Vec<Figure>, String> {
    let clock = start();
    let (stripe, secret) = stripe(&clock)?;
    let customers = Customers::none(stripe.clone(), clock.clone())?;
    let sent = mix(&customers, WARM_UP * BATCH + events)?;
    let bed = Bed::new(project, clock.clone(), &secret)?;
    bed.cloud.set_stripe(stripe.handler("http://127.0.0.1:1"));
    let store = Store::new(
        &Env::of(bed.environment(WORKER)?),
        &platform(clock, bed.cloud.connector_of("test")),
    );
    let store = store.map_err(|error| error.to_string())?;
    let mut ids = Vec::with_capacity(sent.len());
    for sent in &sent {
        ids.push(keep(&store, sent.body.as_bytes(), bed.clock.now()).await?);
    }
    let batches: Vec<Value> = ids
        .chunks(BATCH)
        .map(|ids| sqs_batch(&ids.iter().map(String::as_str).collect::<Vec<_>>(), 1))
        .collect();
    let server = Loopback::serve(bed.cloud.clone()).await?;
    let worker = Start {
        program: &programs.join(WORKER),
        environment: &bed.environment_at(&server.url(), WORKER)?,
        timeout: TIMEOUT,
    };
    let (warm_up, rest) = batches.split_at(WARM_UP);
    let run = worker.run(warm_up, rest, all_settled).await?;
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let cpu = run.cpu_per_event.map(|batch| {
        let parts = 1_000 * BATCH as u64;
        Figure::mean("retry.cpu_us_per_event", nanos(batch), parts, "us")
    });
    Ok(cpu.into_iter().collect())
}

/// A message that comes back is worked on once more, and would be another measurement.
fn all_settled(answer: &Value) -> Result<(), String> {
    (answer["batchItemFailures"] == json!([]))
        .then_some(())
        .ok_or_else(|| format!("{WORKER} answered {answer}"))
}

/// How long a backlog lasts in a sandbox whose clock is the machine's, with as many calls to Stripe a second as are deployed.
pub(crate) async fn drained() -> Result<Vec<Figure>, String> {
    let world = World::in_real_time();
    let mut held = Vec::with_capacity(BACKLOG);
    while held.len() < BACKLOG {
        let email = format!("ada{}@example.com", held.len());
        let ada = world.open_checkout(&email, "prospector").await;
        world.pay(&ada.session, TestCard::Good);
        held.extend(world.hold_webhooks());
    }
    held.truncate(BACKLOG);
    let env = Env::of(
        world.sandbox.deployment().functions["sweep"]
            .environment
            .clone(),
    );
    let queue = Queue::new(&env, &world.platform(), "RETRY_QUEUE_URL");
    let queue = queue.map_err(|error| error.to_string())?;
    for events in held.chunks(KEPT_AT_ONCE) {
        let now = world.now();
        let kept = events.iter().map(|event| async {
            let id = keep(&world.store, event.text().as_bytes(), now).await?;
            queue.send(&id).await.map_err(|error| error.to_string())
        });
        join_all(kept)
            .await
            .into_iter()
            .collect::<Result<Vec<()>, _>>()?;
    }
    let started = Instant::now();
    loop {
        world.settle().await;
        let pending = world
            .sandbox
            .cloud()
            .items("linky-billing_events", Some("pending"))
            .map_err(|error| error.to_string())?;
        if pending.is_empty() {
            break;
        }
        if started.elapsed() > DRAINED_MAX {
            return Err(format!("{} events are still pending", pending.len()));
        }
        tokio::time::sleep(LOOKED_EVERY).await;
    }
    let elapsed = started.elapsed();
    took_effect(&world)?;
    Ok(vec![Figure::seconds("recovery.backlog_10000_s", elapsed)])
}

/// An event that was given up is gone from the backlog too, and was not worked off.
fn took_effect(world: &World) -> Result<(), String> {
    let events = world.sandbox.cloud().items("linky-billing_events", None);
    let events = events.map_err(|error| error.to_string())?;
    let settled = events.iter().filter(|row| {
        let outcome = row["outcome"]["S"].as_str();
        matches!(outcome, Some("applied" | "stale" | "ignored"))
    });
    let settled = settled.count();
    (settled == events.len() && settled >= BACKLOG)
        .then_some(())
        .ok_or_else(|| format!("{settled} of {} events took effect", events.len()))
}

/// Puts an event on record as pending; the answer is its id.
async fn keep(store: &Store, body: &[u8], now: Timestamp) -> Result<String, String> {
    let event = Event::parse(body).map_err(|error| error.to_string())?;
    let delivery = Delivery {
        id: Chance::system().hex128(),
        event_id: event.id.to_string(),
        event_kind: Some(event.kind.clone()),
        received_at: now,
        lag_s: Some(0),
        answer: "pending".to_owned(),
    };
    let kept = store.keep_pending(&event, body, &delivery, now).await;
    kept.map_err(|unsettled| format!("{unsettled:?}"))?;
    Ok(event.id.to_string())
}
