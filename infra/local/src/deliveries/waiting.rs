//! Deliveries that a fault holds back, alone or until others have come.

use std::sync::{Mutex, PoisonError};

use shared::time::Timestamp;
use stripe_sim::Delivery;

use super::faults::{End, Struck, Wait};
use crate::cloud::Planned;

/// A delivery with what happens to it.
pub(super) type Laden = (Delivery, Struck);

/// Everything held back.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<Vec<Group>>);

/// Deliveries that wait together.
#[derive(Debug)]
struct Group {
    by: Planned,
    until: Timestamp,
    end: End,
    members: Vec<Laden>,
}

/// What is to be carried, in order: each item at once, the items one after the other.
pub(super) type Released = Vec<Vec<Laden>>;

impl Waiting {
    /// Holds `laden` back as `wait` says.
    pub(super) fn hold(&self, laden: Laden, wait: &Wait, now: Timestamp) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let joined = groups
            .iter_mut()
            .find(|group| wait.end != End::Alone && group.takes(wait, now));
        match joined {
            Some(group) => group.members.push(laden),
            None => groups.push(Group {
                by: wait.by.clone(),
                until: now.plus_s(wait.seconds),
                end: wait.end,
                members: vec![laden],
            }),
        }
    }

    /// Takes what need not wait any longer.
    pub(super) fn release(&self, now: Timestamp) -> Released {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = groups.extract_if(.., |group| group.until <= now || group.is_full());
        ended.flat_map(Group::released).collect()
    }

    /// When the next one need not wait any longer.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        let groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.iter().map(|group| group.until).min()
    }

    /// Lets those go that wait by a plan that was taken back.
    pub(super) fn let_go(&self, planned: &Planned, now: Timestamp) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for group in groups.iter_mut() {
            if group.by.is_same_as(planned) {
                group.until = now;
            }
        }
    }
}

impl Group {
    fn takes(&self, wait: &Wait, now: Timestamp) -> bool {
        self.by.is_same_as(&wait.by) && self.until > now && !self.is_full()
    }

    fn is_full(&self) -> bool {
        matches!(self.end, End::AtOnce(count) if self.members.len() >= count)
    }

    fn released(self) -> Released {
        let count = self.members.len();
        let noted = |at: usize, (delivery, mut struck): Laden| {
            match self.end {
                End::Alone => {}
                End::Reversed => struck
                    .notes
                    .push(format!("reordered: sent as {} of {count}", count - at)),
                End::AtOnce(_) => struck.notes.push(format!("one of {count} at once")),
            }
            (delivery, struck)
        };
        let members = self.members.into_iter();
        match self.end {
            End::AtOnce(_) => {
                let all = members.map(|member| noted(0, member));
                vec![all.collect()]
            }
            End::Alone => members.map(|member| vec![member]).collect(),
            End::Reversed => {
                let reversed = members.rev().enumerate();
                reversed
                    .map(|(at, member)| vec![noted(at, member)])
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laden(id: &str) -> Laden {
        let delivery = Delivery {
            id: id.into(),
            url: String::new(),
            event_id: id.into(),
            event_type: "a.b".into(),
            attempt: 1,
            body: Vec::new(),
            signature_header: String::new(),
        };
        (delivery, Struck::default())
    }

    fn ids(released: Released) -> Vec<Vec<String>> {
        let ids = |group: Vec<Laden>| group.into_iter().map(|(delivery, _)| delivery.id).collect();
        released.into_iter().map(ids).collect()
    }

    #[test]
    fn those_of_one_plan_wait_together_and_come_the_last_first() {
        let (waiting, at) = (Waiting::default(), Timestamp::from_s);
        let wait = Wait {
            by: Planned::default(),
            seconds: 10,
            end: End::Reversed,
        };
        waiting.hold(laden("one"), &wait, at(100));
        waiting.hold(laden("two"), &wait, at(105));
        assert_eq!(waiting.next_at(), Some(at(110)));
        assert_eq!(waiting.release(at(109)).len(), 0);
        assert_eq!(ids(waiting.release(at(110))), [["two"], ["one"]]);
        assert_eq!(waiting.next_at(), None);
    }

    #[test]
    fn a_burst_goes_once_it_is_full_or_its_time_is_over() {
        let (waiting, at) = (Waiting::default(), Timestamp::from_s);
        let wait = Wait {
            by: Planned::default(),
            seconds: 60,
            end: End::AtOnce(2),
        };
        for id in ["one", "two", "three"] {
            waiting.hold(laden(id), &wait, at(0));
        }
        assert_eq!(ids(waiting.release(at(0))), [["one", "two"]]);
        assert_eq!(ids(waiting.release(at(60))), [["three"]]);
    }

    #[test]
    fn what_waits_by_a_plan_taken_back_goes_at_once() {
        let (waiting, at) = (Waiting::default(), Timestamp::from_s);
        let wait = Wait {
            by: Planned::default(),
            seconds: 3600,
            end: End::Alone,
        };
        waiting.hold(laden("one"), &wait, at(0));
        waiting.hold(laden("two"), &wait, at(0));
        waiting.let_go(&wait.by, at(5));
        assert_eq!(ids(waiting.release(at(5))), [["one"], ["two"]]);
    }
}
