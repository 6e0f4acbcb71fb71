//! Which schedules are worth running while the clock is being moved: what finds nothing to do would only take time.

use shared::time::Timestamp;

use super::WORK;
use crate::runtime::WATCHES;
use crate::sandbox::Sandbox;
use crate::template::{Rhythm, Schedule};

/// Times at most that a watch runs on one journey: each asks many partitions.
const WATCHES_MAX: i64 = 100;

impl Sandbox {
    /// Whether a schedule that is due is run: on a journey, one that looks for work every few minutes is not where there is
    /// none.
    pub(crate) fn is_worth_running(&self, schedule: &Schedule, now: Timestamp) -> bool {
        if WATCHES.contains(&schedule.function.as_str()) {
            return self.is_worth_watching(&schedule.function, now);
        }
        let is_frequent = matches!(schedule.rhythm, Rhythm::Every(_));
        let work = WORK.iter();
        let mut work = work
            .filter(|(function, ..)| *function == schedule.function)
            .peekable();
        if !is_frequent || work.peek().is_none() || self.travel().journey().is_none() {
            return true;
        }
        work.any(|(_, table, index)| {
            let due = self.earliest_work(table, index);
            due.is_some_and(|due| due <= now)
        })
    }

    /// Whether a watch is run: always where the clock is not being moved and where it arrives, and some times on the way,
    /// however far that is.
    fn is_worth_watching(&self, function: &str, now: Timestamp) -> bool {
        let Some(journey) = self.travel().journey() else {
            return true;
        };
        let latest = self.functions().latest();
        let before = latest.iter().find(|ran| ran.function == function);
        let every_s = journey.to.since_s(journey.from) / WATCHES_MAX;
        now >= journey.to || before.is_none_or(|ran| now.since_s(ran.started_at) >= every_s)
    }
}
