//! Test clocks: customers who live on a time of their own, which stands still until it is advanced.
//!
//! What happens to such a customer happens at the clock's time. So while a call or a deed concerns one, the simulator's
//! time and tasks are exchanged for the clock's; deliveries, idempotency keys and rates stay on the account's time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fields::Fields;
use crate::params::Params;
use crate::sim::StripeSim;
use crate::tasks::Tasks;

/// What falls due for the customers of each clock.
pub(crate) type Clocks = BTreeMap<String, Tasks>;

/// The account's own time and tasks, while a clock's stand in their place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Home {
    clock: String,
    now_s: i64,
    tasks: Tasks,
}

/// Steps from an object to the customer it belongs to: a dispute names a charge, which names its customer.
const STEPS_MAX: usize = 3;

impl StripeSim {
    /// The account's own time, whatever clock is being looked at.
    pub(crate) fn home_s(&self) -> i64 {
        self.home.as_ref().map_or(self.now_s, |home| home.now_s)
    }

    /// The clock that new objects live on: the field `test_clock`.
    pub(crate) fn test_clock(&self) -> Option<&str> {
        self.home.as_ref().map(|home| home.clock.as_str())
    }

    /// Does something at the time of whoever these identifiers belong to.
    pub(crate) fn in_time_of<R>(&mut self, ids: &[&str], act: impl FnOnce(&mut Self) -> R) -> R {
        let clock = ids.iter().find_map(|id| self.clock_of(id));
        // What is left of a clock that was deleted lives on the account's time again.
        match clock.filter(|clock| self.clocks.contains_key(clock)) {
            Some(clock) if self.home.is_none() => self.on_clock(&clock, act),
            _ => act(self),
        }
    }

    /// Carries out a call at the time of whoever it names, in its path or its parameters.
    pub(crate) fn in_time_of_call<R>(
        &mut self,
        path: &str,
        params: &Params,
        act: impl FnOnce(&mut Self) -> R,
    ) -> R {
        // The calls on clocks themselves are made from outside of them.
        if self.clocks.is_empty() || path.starts_with("/v1/test_helpers/test_clocks") {
            return act(self);
        }
        let named: Vec<&str> = path.split('/').chain(params.values()).collect();
        self.in_time_of(&named, act)
    }

    /// Does something on a clock, at its time and with its tasks.
    pub(crate) fn on_clock<R>(&mut self, clock: &str, act: impl FnOnce(&mut Self) -> R) -> R {
        let tasks = self.clocks.remove(clock).unwrap_or_default();
        let frozen_s = self
            .store
            .get(clock)
            .map_or(self.now_s, |clock| clock.int("frozen_time"));
        self.home = Some(Home {
            clock: clock.to_owned(),
            now_s: std::mem::replace(&mut self.now_s, frozen_s),
            tasks: std::mem::replace(&mut self.tasks, tasks),
        });
        let result = act(self);
        if let Some(home) = self.home.take() {
            self.now_s = home.now_s;
            let tasks = std::mem::replace(&mut self.tasks, home.tasks);
            self.clocks.insert(home.clock, tasks);
        }
        result
    }

    fn clock_of(&self, id: &str) -> Option<String> {
        if self.clocks.is_empty() {
            return None;
        }
        let mut object = self.store.get(id)?;
        for _ in 0..=STEPS_MAX {
            if object.text("object") == "test_helpers.test_clock" {
                return Some(object.text("id").to_owned());
            }
            if let Some(clock) = object.text_at("test_clock") {
                return Some(clock.to_owned());
            }
            let above = ["customer", "charge", "invoice"]
                .into_iter()
                .find_map(|field| object.text_at(field))?;
            object = self.store.get(above)?;
        }
        None
    }
}

/// Whether an object lives on a clock, which plain lists leave out.
pub(crate) fn is_on_a_clock(object: &Value) -> bool {
    object.at("test_clock").is_string()
}
