//! The schedules: which function runs when.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use shared::time::Timestamp;

use crate::template::{Rhythm, Schedule};

/// The functions that look at all there is, and have no work of their own by which to tell when they are needed.
pub(crate) const WATCHES: [&str; 2] = ["watch-health", "daily-report"];

/// Every schedule of the deployment with its next run.
#[derive(Debug)]
pub struct Schedules(Mutex<Vec<(Schedule, Timestamp)>>);

impl Schedules {
    /// `schedules`, each first run as its rhythm says after `now`, or when `kept` says, which is [`Self::next_runs`] of an
    /// earlier life.
    pub fn new(
        schedules: Vec<Schedule>,
        now: Timestamp,
        kept: &BTreeMap<String, Timestamp>,
    ) -> Self {
        let with_next = schedules.into_iter().filter_map(|schedule| {
            let kept = kept.get(&schedule.name).copied();
            let next = kept.or_else(|| schedule.rhythm.next_after(now))?;
            Some((schedule, next))
        });
        Self(Mutex::new(with_next.collect()))
    }

    /// When the next one runs of those that run every so often.
    pub fn next_frequent_at(&self) -> Option<Timestamp> {
        self.next_of(|rhythm| matches!(rhythm, Rhythm::Every(_)))
    }

    /// When the next one runs of those that run at set times.
    pub fn next_set_at(&self) -> Option<Timestamp> {
        self.next_of(|rhythm| matches!(rhythm, Rhythm::Cron(_)))
    }

    fn next_of(&self, is_meant: impl Fn(&Rhythm) -> bool) -> Option<Timestamp> {
        let schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let meant = schedules
            .iter()
            .filter(|(schedule, _)| is_meant(&schedule.rhythm));
        meant.map(|(_, next)| *next).min()
    }

    /// When each runs next, by its name.
    pub fn next_runs(&self) -> BTreeMap<String, Timestamp> {
        let schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next_runs = schedules.iter();
        next_runs
            .map(|(schedule, next)| (schedule.name.clone(), *next))
            .collect()
    }

    /// Leaves the runs at set times out that would come by `moment`, and those of the watch, which would tell of it.
    pub fn leave_out_until(&self, moment: Timestamp) {
        let mut schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (schedule, next) in schedules.iter_mut() {
            let is_left_out = matches!(schedule.rhythm, Rhythm::Cron(_))
                || WATCHES.contains(&schedule.function.as_str());
            let after = schedule.rhythm.next_after(moment);
            if let Some(after) = after.filter(|_| is_left_out) {
                *next = after.max(*next);
            }
        }
    }

    /// Runs a function by no schedule any more.
    pub fn remove(&self, function: &str) {
        let mut schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.retain(|(schedule, _)| schedule.function != function);
    }

    /// Those due at `now`, each once however long it is overdue: what a run does is not more for being late.
    pub fn take_due(&self, now: Timestamp) -> Vec<Schedule> {
        let mut schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        schedules.retain_mut(|(schedule, next)| {
            if *next > now {
                return true;
            }
            due.push(schedule.clone());
            let after = match schedule.rhythm {
                // Counted from the run that was due, so that a late one does not shift those that follow.
                Rhythm::Every(seconds) => next.plus_s(now.since_s(*next) / seconds * seconds),
                Rhythm::Cron(_) => now,
            };
            let following = schedule.rhythm.next_after(after);
            following.is_some_and(|following| {
                *next = following;
                true
            })
        });
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overdue_schedule_runs_once_and_keeps_its_rhythm() {
        let minute = Schedule {
            name: "EveryMinute".into(),
            function: "send-mail".into(),
            rhythm: Rhythm::Every(60),
        };
        let at = |seconds| Timestamp::from_s(seconds);
        let schedules = Schedules::new(vec![minute.clone()], at(0), &BTreeMap::new());
        assert_eq!(schedules.take_due(at(59)), []);
        assert_eq!(schedules.take_due(at(60)), std::slice::from_ref(&minute));
        assert_eq!(schedules.take_due(at(60)), []);
        assert_eq!(schedules.take_due(at(1000)), std::slice::from_ref(&minute));
        assert_eq!(schedules.next_frequent_at(), Some(at(1020)));
        let kept = schedules.next_runs();
        let restarted = Schedules::new(vec![minute], at(1001), &kept);
        assert_eq!(restarted.next_frequent_at(), Some(at(1020)));
    }
}
