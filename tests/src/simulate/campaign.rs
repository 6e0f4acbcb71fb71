//! Many schedules, on every core.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use local::stage::Stage;

use super::{Bug, Flow, Plan, Played, Prepared, Schedule, play};
use crate::World;

/// Flows that are ready, and what is wrong with the functions while they run.
pub struct Campaign {
    prepared: BTreeMap<Flow, Prepared>,
}

/// A schedule after which something was not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The schedule.
    pub schedule: Schedule,
    /// What was wrong.
    pub wrongs: Vec<String>,
}

/// How far a campaign has come.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    struck: AtomicU64,
    stopped: AtomicBool,
    violations: Mutex<Vec<Violation>>,
}

impl Progress {
    /// Schedules run.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Calls that went wrong in them.
    pub fn struck(&self) -> u64 {
        self.struck.load(Ordering::Relaxed)
    }

    /// What was found so far.
    pub fn violations(&self) -> Vec<Violation> {
        let violations = self.violations.lock();
        violations.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins no further schedule.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn note(&self, schedule: Schedule, played: Played) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.struck.fetch_add(played.struck, Ordering::Relaxed);
        if !played.violations.is_empty() {
            let violations = self.violations.lock();
            violations
                .unwrap_or_else(PoisonError::into_inner)
                .push(Violation {
                    schedule,
                    wrongs: played.violations,
                });
        }
    }
}

impl Campaign {
    /// Brings every flow to where it begins.
    ///
    /// # Errors
    /// Where one goes wrong by itself.
    pub fn new() -> Result<Self, String> {
        Self::of(Flow::ALL)
    }

    /// [`Self::new`] for these flows only.
    ///
    /// # Errors
    /// As there.
    pub fn of(flows: &[Flow]) -> Result<Self, String> {
        in_context(|| {
            let base = Stage::of(&World::new().sandbox)?;
            let prepared = flows
                .iter()
                .map(|flow| Ok((*flow, Prepared::new(*flow, &base)?)));
            Ok(Self {
                prepared: prepared.collect::<Result<_, String>>()?,
            })
        })?
    }

    /// What can be run.
    pub fn plan(&self, seed: u64) -> Plan {
        Plan::new(self.prepared.values(), seed)
    }

    /// Runs one schedule.
    ///
    /// # Errors
    /// Where its flow is none of this campaign's.
    pub fn play(&self, schedule: &Schedule, bug: Option<Bug>) -> Result<Played, String> {
        let prepared = self.prepared.get(&schedule.flow);
        let prepared = prepared.ok_or("its flow was not prepared")?;
        in_context(|| play(prepared, schedule, bug))
    }

    fn played(&self, schedule: &Schedule, bug: Option<Bug>) -> Played {
        self.play(schedule, bug).unwrap_or_else(Played::failed)
    }

    /// Runs `count` schedules of `plan` on every core, or until somebody stops it.
    pub fn run(&self, plan: &Plan, count: u64, bug: Option<Bug>, progress: &Progress) {
        self.run_in(|number| plan.get(number), count, bug, progress);
    }

    /// What is wrong after `schedule` with `bug`, and is not without it; none where that is nothing.
    ///
    /// # Errors
    /// As [`Self::play`].
    pub fn kills(&self, schedule: &Schedule, bug: Bug) -> Result<Option<Violation>, String> {
        let with = self.play(schedule, Some(bug))?;
        let without = self.play(schedule, None)?;
        let is_killed = !with.violations.is_empty() && without.violations.is_empty();
        Ok(is_killed.then(|| Violation {
            schedule: schedule.clone(),
            wrongs: with.violations,
        }))
    }

    /// Looks for a schedule in which `bug` is seen: first at the one that is known, then through what is listed, in an order in which neighbours are far apart, so
    /// that each kind comes up early.
    pub fn hunt(&self, plan: &Plan, bug: Bug) -> Option<(u64, Violation)> {
        let known = bug.killer().parse().ok();
        let known = known.and_then(|schedule| self.kills(&schedule, bug).ok()?);
        if let Some(violation) = known {
            return Some((1, violation));
        }
        let progress = Progress::default();
        let mut numbers: Vec<u64> = (0..plan.listed()).collect();
        fastrand::Rng::with_seed(1).shuffle(&mut numbers);
        let schedule = |number: u64| {
            if !progress.violations().is_empty() {
                progress.stop();
                return None;
            }
            plan.get(*numbers.get(usize::try_from(number).ok()?)?)
        };
        self.run_in(schedule, plan.listed(), Some(bug), &progress);
        let first = progress.violations().into_iter().next();
        first.map(|violation| (progress.done(), violation))
    }

    fn run_in(
        &self,
        schedule: impl Fn(u64) -> Option<Schedule> + Sync,
        count: u64,
        bug: Option<Bug>,
        progress: &Progress,
    ) {
        let next = AtomicU64::new(0);
        let work = || {
            while !progress.is_stopped() {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                let Some(schedule) = schedule(number) else {
                    return;
                };
                let mut played = self.played(&schedule, bug);
                // What goes wrong without the bug as well does not show it.
                let is_suspect = bug.is_some() && !played.violations.is_empty();
                if is_suspect && !self.played(&schedule, None).violations.is_empty() {
                    played.violations.clear();
                }
                progress.note(schedule, played);
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(work);
            }
        });
    }
}

/// Within the context of a runtime, whose timers nobody waits for: those that a sandbox makes must belong to one.
fn in_context<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())?;
    let _context = runtime.enter();
    Ok(run())
}
