//! The release binary of the webhook on a Lambda of ours, and beside it the floor: what a function that does nothing, and
//! one that makes the same two calls with the bare SDK, take on the same machine in the same run.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use shared::clock::Clock;

use crate::bed::{Bed, FUNCTION, stripe};
use crate::events::{Customers, Sent};
use crate::figures::{Figure, percentile};
use crate::function::{Run, Start};
use crate::in_process::{outcome, start};
use crate::tables::Tables;

/// The timeout that its template gives the webhook.
const TIMEOUT: Duration = Duration::from_secs(25);

/// Fresh processes, of whose start-up times the median is taken. Odd, so that it is one that was measured.
const STARTS: usize = 15;

/// Events before anything is measured.
const WARM_UP: usize = 200;

/// The functions that are the floor, with the first word of their figures.
const FLOORS: [(&str, &str); 2] = [
    ("floor-empty", "floor.empty"),
    ("floor-two-calls", "floor.two_calls"),
];

/// Measures the binaries in `programs`, each on `events` events of its own.
pub(crate) async fn measure(
    project: &Path,
    programs: &Path,
    events: usize,
) -> Result<Vec<Figure>, String> {
    let clock = start();
    let (stripe, secret) = stripe(&clock)?;
    let customers = Customers::none(stripe, clock.clone())?;
    let environment = Bed::new(project, clock, &secret)?.environment(FUNCTION)?;
    let sent = mix(&customers, STARTS + WARM_UP + events)?;
    let mut figures = Vec::new();
    for (program, name) in std::iter::once((FUNCTION, "webhook")).chain(FLOORS) {
        eprintln!("  {program}");
        let tables = Tables::start(project, &secret)?;
        let mut environment = environment.clone();
        environment.insert("AWS_ENDPOINT_URL".to_owned(), tables.url.clone());
        let program = programs.join(program);
        let measured = Measured {
            name,
            program: &program,
            environment,
            settles: name == "webhook",
        };
        // Signed now: a signature is good for five minutes.
        let now = Clock::System.now();
        let requests = sent.iter().map(|sent| sent.through_gateway(&secret, now));
        figures.extend(measured.figures(&requests.collect::<Vec<_>>()).await?);
    }
    Ok(figures)
}

/// New subscriptions and their renewals, as many of each, in the order in which they happen.
pub(crate) fn mix(customers: &Customers, count: usize) -> Result<Vec<Sent>, String> {
    let mut sent = Vec::with_capacity(count);
    while sent.len() < count / 2 {
        sent.extend(customers.subscribe()?);
    }
    // Every period has at least one event in it for everyone, so this ends.
    while sent.len() < count {
        sent.extend(customers.renew());
    }
    sent.truncate(count);
    Ok(sent)
}

struct Measured<'a> {
    name: &'a str,
    program: &'a Path,
    environment: BTreeMap<String, String>,
    /// Whether each answer says what became of the event.
    settles: bool,
}

impl Measured<'_> {
    async fn figures(&self, requests: &[Value]) -> Result<Vec<Figure>, String> {
        let function = Start {
            program: self.program,
            environment: &self.environment,
            timeout: TIMEOUT,
        };
        let (first, rest) = requests.split_at(STARTS);
        let mut cold = Vec::with_capacity(STARTS);
        for request in first {
            let (took, answer) = function.cold(request).await?;
            self.check(&answer)?;
            cold.push(took);
        }
        cold.sort();
        let (warm_up, rest) = rest.split_at(WARM_UP);
        let run = function
            .run(warm_up, rest, |answer| self.check(answer))
            .await?;
        let binary = std::fs::metadata(self.program).map_err(|error| error.to_string())?;
        Ok(self.list(rest.len(), &run, percentile(&cold, 50), binary.len()))
    }

    /// An event that is not settled has cost something else than what is measured.
    fn check(&self, answer: &Value) -> Result<(), String> {
        let settled = !self.settles || outcome(answer).is_some_and(|word| word != "duplicate");
        settled
            .then_some(())
            .ok_or_else(|| format!("{}: answered {answer}", self.program.display()))
    }

    fn list(&self, events: usize, run: &Run, cold: Duration, binary_bytes: u64) -> Vec<Figure> {
        let name = |figure: &str| format!("{}.{figure}", self.name);
        let events = u64::try_from(events).unwrap_or(u64::MAX);
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let cpu = run
            .cpu_per_event
            .map(|time| Figure::mean(name("cpu_us_per_event"), nanos(time), 1000, "us"));
        let memory = run
            .memory_bytes
            .map(|bytes| Figure::megabytes(name("rss_mb"), bytes));
        if cpu.is_none() {
            eprintln!(
                "    CPU time and memory are left out: this system has no /proc to read them from"
            );
        }
        let others = [
            Figure::milliseconds(name("p50_ms"), run.p50),
            Figure::milliseconds(name("p99_ms"), run.p99),
            Figure::per_second(name("events_per_s"), events, run.elapsed),
            Figure::milliseconds(name("cold_start_ms"), cold),
            Figure::megabytes(name("binary_mb"), binary_bytes),
        ];
        cpu.into_iter().chain(others).chain(memory).collect()
    }
}
