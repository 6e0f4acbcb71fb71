//! Time travel: the clock leaps from one due moment to the next, and everything due at each of them runs.

#[cfg(test)]
mod tests;
mod worth;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use shared::time::Timestamp;

use crate::sandbox::Sandbox;

/// How far a journey has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Journey {
    /// Where it started.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// Where it is.
    pub at: Timestamp,
    /// Moments at which something ran.
    pub stops: u64,
    /// Attempts at delivering an event.
    pub webhooks: u64,
    /// Periods of subscriptions that began.
    pub renewals: u64,
    /// Whether it was ended on the way.
    pub cancelled: bool,
}

/// Something that happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What it is, in words.
    pub what: &'static str,
}

/// The journey under way, if there is one, and what the last one came to.
#[derive(Debug, Default)]
pub struct Travel {
    journey: Mutex<Option<Journey>>,
    cancelled: AtomicBool,
}

/// Where the functions of frequent schedules find their work: the table, and its index that holds what is still to be done,
/// by when it is due. While nothing is, the clock leaps over their runs, which would find nothing.
const WORK: [(&str, &str, &str); 3] = [
    ("send-mail", "emails", "owed"),
    ("sweep", "billing_events", "pending"),
    ("sweep", "admin_actions", "open"),
];

/// Sandbox time after the last thing that happened for which the schedules run at each of their times if there is work.
/// Work that is still there after it is stuck, and would hold up the journey for nothing.
const SCHEDULES_AFTER_ACTIVITY_S: i64 = 3600;

/// Moments at most in one journey: a year with something due every second minute.
const STOPS_MAX: u64 = 300_000;

impl Travel {
    /// The journey under way.
    pub fn journey(&self) -> Option<Journey> {
        *self.lock()
    }

    /// Ends the journey under way at its next moment, and says where it was; none where there is no journey.
    pub fn cancel(&self) -> Option<Journey> {
        let journey = self.journey()?;
        self.cancelled.store(true, Ordering::SeqCst);
        Some(journey)
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Begins a journey, and says whether no other is under way.
    fn begin(&self, journey: Journey) -> bool {
        let mut under_way = self.lock();
        if under_way.is_some() {
            return false;
        }
        self.cancelled.store(false, Ordering::SeqCst);
        *under_way = Some(journey);
        true
    }

    fn set(&self, journey: Option<Journey>) {
        *self.lock() = journey;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Journey>> {
        self.journey.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A journey, for as long as it lives.
struct UnderWay<'a>(&'a Travel);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// Why a journey did not take place, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TravelError {
    /// One at a time.
    #[error("the clock is already being moved; wait until it has arrived")]
    UnderWay,
    /// The bound of a journey.
    #[error("stopped after {STOPS_MAX} moments; move the clock on from here")]
    TooManyStops,
}

/// What somebody does on a journey: each thing at its time, once everything due before it has run.
pub trait Errands {
    /// Why one was not done, or the journey not made.
    type Error: From<TravelError>;

    /// When the next one is.
    fn next_at(&self) -> Option<Timestamp>;

    /// Does those that are due.
    fn run(&mut self, now: Timestamp) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A journey on which nobody does anything.
struct NoErrands;

impl Errands for NoErrands {
    type Error = TravelError;

    fn next_at(&self) -> Option<Timestamp> {
        None
    }

    async fn run(&mut self, _now: Timestamp) -> Result<(), TravelError> {
        Ok(())
    }
}

impl Sandbox {
    /// Moves the clock to `to` and runs everything due on the way, each thing at its own time and once.
    ///
    /// # Errors
    /// Where another journey is under way, or this one has more stops than any should.
    pub async fn travel_to(&self, to: Timestamp) -> Result<Journey, TravelError> {
        self.travel_through(to, &mut NoErrands).await
    }

    /// [`Self::travel_to`], with errands on the way.
    ///
    /// # Errors
    /// As there, or where an errand fails.
    pub async fn travel_through<E: Errands>(
        &self,
        to: Timestamp,
        errands: &mut E,
    ) -> Result<Journey, E::Error> {
        let from = self.time().tick();
        let mut journey = Journey {
            from,
            to,
            at: from,
            stops: 0,
            webhooks: 0,
            renewals: 0,
            cancelled: false,
        };
        if !self.travel().begin(journey) {
            return Err(TravelError::UnderWay.into());
        }
        // Over however it ends: whoever asked for it may have gone, and the journey with them.
        let _under_way = UnderWay(self.travel());
        // Until it has arrived, nobody else runs what is due: not even the time that passes by itself.
        let _driving = self.driving().await;
        self.leap_along(&mut journey, errands).await?;
        Ok(journey)
    }

    async fn leap_along<E: Errands>(
        &self,
        journey: &mut Journey,
        errands: &mut E,
    ) -> Result<(), E::Error> {
        let before = self.deliveries().tally();
        self.run_due().await;
        let mut active_at = journey.from;
        loop {
            let now = self.time().tick();
            let tally = self.deliveries().tally();
            journey.at = now;
            journey.webhooks = tally.webhooks - before.webhooks;
            journey.renewals = tally.renewals - before.renewals;
            journey.cancelled = now < journey.to && self.travel().is_cancelled();
            self.travel().set(Some(*journey));
            if now >= journey.to || journey.cancelled {
                return Ok(());
            }
            if journey.stops == STOPS_MAX {
                return Err(TravelError::TooManyStops.into());
            }
            journey.stops += 1;
            let scheduled = self.next_scheduled_work_since(active_at, now);
            let due = self.next_due().into_iter().chain(scheduled);
            let due = due.chain(self.schedules().next_set_at());
            let due = due.chain(errands.next_at()).min();
            // Something overdue that running does not settle must not hold the clock.
            let next = due.unwrap_or(journey.to).max(now.plus_s(1)).min(journey.to);
            self.time().leap_to(next).await;
            errands.run(next).await?;
            if self.run_due().await > 0 {
                active_at = self.time().clock().now();
            }
            tokio::task::yield_now().await;
        }
    }

    /// What happens next by itself: at Stripe, on its way here, in a queue, or where a schedule finds work; where nothing does,
    /// a schedule with set times.
    pub fn next_happening(&self) -> Option<Happening> {
        let stripe = self.stripe().now().next_due_s().map(Timestamp::from_s);
        let held = self.deliveries().next_held_at();
        let queues = self.cloud().queues().next_visible_at();
        let due = [
            (
                stripe,
                "Stripe: a renewal, a payment, an expiry or a webhook",
            ),
            (held, "A webhook that a fault holds back"),
            (queues, "A message in a queue"),
            (
                self.retries().next_at(),
                "A function that failed and is tried again",
            ),
            (
                self.next_scheduled_work(),
                "A scheduled function with work to do",
            ),
        ];
        let happening =
            |(at, what): (Option<Timestamp>, &'static str)| Some(Happening { at: at?, what });
        let next = due.into_iter().filter_map(happening);
        next.min_by_key(|next| next.at)
            .or_else(|| happening((self.schedules().next_set_at(), "The nightly schedule")))
    }

    /// When a frequent schedule next finds something to do.
    fn next_scheduled_work(&self) -> Option<Timestamp> {
        self.next_run_for(self.works().min()?)
    }

    /// The same, without what has been there since the last thing that happened, for so long that it is stuck.
    fn next_scheduled_work_since(&self, active_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let is_over = now.since_s(active_at) >= SCHEDULES_AFTER_ACTIVITY_S;
        let works = self.works().filter(|due| !is_over || *due > now);
        self.next_run_for(works.min()?)
    }

    /// When the earliest work of each kind is due.
    fn works(&self) -> impl Iterator<Item = Timestamp> {
        let work = WORK.iter();
        work.filter_map(|(_, table, index)| self.earliest_work(table, index))
    }

    fn next_run_for(&self, work: Timestamp) -> Option<Timestamp> {
        let next = self.schedules().next_frequent_at();
        next.map(|next| next.max(work))
    }

    /// When the earliest of what an index holds is due.
    fn earliest_work(&self, table: &str, index: &str) -> Option<Timestamp> {
        let table = format!("{}{table}", self.table_prefix());
        let items = self.cloud().items(&table, Some(index)).ok()?;
        let now = self.time().clock().now();
        // What waits for Stripe may be brought forward at any time: the sweep asks whether it answers.
        let due_at = |item: &Value| match item.get("hidden_message") {
            Some(_) => Some(now),
            None => item["due_at"]["S"].as_str()?.parse().ok(),
        };
        items.iter().filter_map(due_at).min()
    }
}
