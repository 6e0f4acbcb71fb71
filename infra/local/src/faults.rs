//! The faults somebody asked for: planned where they strike ([`Cloud::faults`](crate::cloud::Cloud::faults) for calls,
//! [`Deliveries::faults`](crate::deliveries::Deliveries::faults) for webhooks), listed with how often they did, and taken back.

mod ask;
mod fit;
mod kinds;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use shared::time::Timestamp;

pub use ask::Ask;
pub use kinds::{KINDS, Kind, Setting};

use crate::cloud::{Fault, Matching, Planned};
use crate::deliveries::{Meant, WebhookFault};
use crate::sandbox::Sandbox;

/// A fault that was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct AskedFor {
    /// What to take it back by.
    pub id: u64,
    /// What was asked.
    pub ask: Ask,
    /// What it does, in words.
    pub words: String,
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself, if time ends it.
    pub until: Option<Timestamp>,
    /// How many calls or deliveries it is still going to look at, if a number of them ends it.
    pub left: Option<u64>,
    /// How many it struck.
    pub struck: u64,
    /// Whether it goes on.
    pub active: bool,
}

/// Every fault asked for and not taken back.
#[derive(Debug, Default)]
pub struct AskedFaults(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    numbered: u64,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    id: u64,
    ask: Ask,
    words: String,
    since: Timestamp,
    until: Option<Timestamp>,
    planned: Planned,
}

/// Faults at once: more are refused, so that a script that goes on and on is told.
const FAULTS_MAX: usize = 100;

/// Those that have ended by themselves and are still listed, so that one sees how often they struck.
const ENDED_MAX: usize = 20;

/// What an [`Ask`] comes to.
enum Plan {
    Call(Matching, Fault),
    Webhook(Meant, WebhookFault),
}

impl Sandbox {
    /// Plans what is asked for, from now on.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub fn plan_fault(&self, ask: Ask) -> Result<AskedFor, String> {
        let now = self.time().tick();
        let functions: Vec<&str> = self
            .deployment()
            .functions
            .keys()
            .map(String::as_str)
            .collect();
        let (plan, words) = ask.plan(now, &functions)?;
        let mut list = self.asked_faults().lock();
        list.forget_ended(now);
        if list.entries.len() >= FAULTS_MAX {
            return Err(format!(
                "{FAULTS_MAX} faults are planned already; take some back with DELETE /control/faults/ID, or all with \
                 DELETE /control/faults"
            ));
        }
        let planned = match plan {
            Plan::Call(matching, fault) => self.cloud().faults().plan(matching, fault),
            Plan::Webhook(meant, fault) => self.deliveries().faults().plan(meant, fault),
        };
        list.numbered += 1;
        let entry = Entry {
            id: list.numbered,
            until: ask.until(now),
            ask,
            words,
            since: now,
            planned,
        };
        let shown = entry.shown(now);
        list.entries.push(entry);
        Ok(shown)
    }

    /// Takes one back, and says what it was; none where there is no such fault.
    pub fn take_fault_back(&self, id: u64) -> Option<AskedFor> {
        let mut list = self.asked_faults().lock();
        let at = list.entries.iter().position(|entry| entry.id == id)?;
        let entry = list.entries.remove(at);
        drop(list);
        Some(self.ended(&entry))
    }

    /// Takes every one back.
    pub fn take_faults_back(&self) -> Vec<AskedFor> {
        let entries = std::mem::take(&mut self.asked_faults().lock().entries);
        entries.iter().map(|entry| self.ended(entry)).collect()
    }

    fn ended(&self, entry: &Entry) -> AskedFor {
        let now = self.time().tick();
        let shown = entry.shown(now);
        self.cloud().faults().take_back(&entry.planned);
        self.deliveries().take_back(&entry.planned, now);
        AskedFor {
            active: false,
            ..shown
        }
    }

    /// Those asked for, the newest first.
    pub fn faults_asked_for(&self) -> Vec<AskedFor> {
        let now = self.time().tick();
        let list = self.asked_faults().lock();
        list.entries
            .iter()
            .rev()
            .map(|entry| entry.shown(now))
            .collect()
    }
}

impl AskedFaults {
    fn lock(&self) -> std::sync::MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn forget_ended(&mut self, now: Timestamp) {
        let mut ended = self
            .entries
            .iter()
            .filter(|entry| !entry.shown(now).active)
            .count();
        self.entries.retain(|entry| {
            let goes = ended > ENDED_MAX && !entry.shown(now).active;
            ended -= usize::from(goes);
            !goes
        });
    }
}

impl Entry {
    fn shown(&self, now: Timestamp) -> AskedFor {
        let left = self
            .ask
            .numbers_max()
            .map(|most| most.saturating_sub(self.planned.seen()));
        AskedFor {
            id: self.id,
            ask: self.ask.clone(),
            words: self.words.clone(),
            since: self.since,
            until: self.until,
            left,
            struck: self.planned.struck(),
            active: left != Some(0) && self.until.is_none_or(|until| now < until),
        }
    }
}
