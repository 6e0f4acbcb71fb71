//! How many schedules of faults are run in a second, on every core.

use std::time::Instant;

use tests::simulate::{Campaign, Progress};

use crate::figures::Figure;

/// Schedules run: all that strike one call, and some of the others.
const SCHEDULES: u64 = 4_000;

/// Runs them, on threads that belong to no runtime yet: each schedule has its own.
pub(crate) fn measure() -> Result<Vec<Figure>, String> {
    std::thread::spawn(run)
        .join()
        .map_err(|_| "the harness has panicked".to_owned())?
}

fn run() -> Result<Vec<Figure>, String> {
    let campaign = Campaign::new()?;
    let plan = campaign.plan(1);
    let progress = Progress::default();
    let started = Instant::now();
    campaign.run(&plan, SCHEDULES, None, &progress);
    let elapsed = started.elapsed();
    match progress.violations().first() {
        None => Ok(vec![Figure::per_second(
            "simulate.schedules_per_s",
            progress.done(),
            elapsed,
        )]),
        Some(violation) => Err(format!("{} is violated", violation.schedule)),
    }
}
