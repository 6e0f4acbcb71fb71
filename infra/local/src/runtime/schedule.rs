//! The schedules: which function runs when.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use shared::time::Timestamp;

use crate::template::Schedule;

/// Every schedule of the deployment with its next run.
#[derive(Debug)]
pub struct Schedules(Mutex<Vec<(Schedule, Timestamp)>>);

impl Schedules {
    /// `schedules`, each first run one interval after `now`, or when `kept` says, which is [`Self::next_runs`] of an
    /// earlier life.
    pub fn new(
        schedules: Vec<Schedule>,
        now: Timestamp,
        kept: &BTreeMap<String, Timestamp>,
    ) -> Self {
        let with_next = schedules.into_iter().map(|schedule| {
            let next = kept.get(&schedule.name).copied();
            let next = next.unwrap_or_else(|| now.plus_s(schedule.every_s));
            (schedule, next)
        });
        Self(Mutex::new(with_next.collect()))
    }

    /// When the next one runs.
    pub fn next_at(&self) -> Option<Timestamp> {
        let schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.iter().map(|(_, next)| *next).min()
    }

    /// When each runs next, by its name.
    pub fn next_runs(&self) -> BTreeMap<String, Timestamp> {
        let schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next_runs = schedules.iter();
        next_runs
            .map(|(schedule, next)| (schedule.name.clone(), *next))
            .collect()
    }

    /// Those due at `now`, each once however long it is overdue: what a run does is not more for being late.
    pub fn take_due(&self, now: Timestamp) -> Vec<Schedule> {
        let mut schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for (schedule, next) in schedules.iter_mut().filter(|(_, next)| *next <= now) {
            let missed = now.since_s(*next) / schedule.every_s;
            *next = next.plus_s((missed + 1) * schedule.every_s);
            due.push(schedule.clone());
        }
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
            every_s: 60,
        };
        let at = |seconds| Timestamp::from_s(seconds);
        let schedules = Schedules::new(vec![minute.clone()], at(0), &BTreeMap::new());
        assert_eq!(schedules.take_due(at(59)), []);
        assert_eq!(schedules.take_due(at(60)), std::slice::from_ref(&minute));
        assert_eq!(schedules.take_due(at(60)), []);
        assert_eq!(schedules.take_due(at(1000)), std::slice::from_ref(&minute));
        assert_eq!(schedules.next_at(), Some(at(1020)));
        let kept = schedules.next_runs();
        let restarted = Schedules::new(vec![minute], at(1001), &kept);
        assert_eq!(restarted.next_at(), Some(at(1020)));
    }
}
