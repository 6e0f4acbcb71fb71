//! Time travel: the clock leaps from one due moment to the next, and everything due at each of them runs.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
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
}

/// The journey under way, if there is one, and what the last one came to.
#[derive(Debug, Default)]
pub struct Travel(Mutex<Option<Journey>>);

/// Sandbox time after the last thing that happened for which the schedules still run at each of their times. Later they
/// would find nothing: what they look after is done within minutes. Each still runs once wherever the clock stops.
const SCHEDULES_AFTER_ACTIVITY_S: i64 = 15 * 60;

/// Moments at most in one journey: a year with something due every second minute.
const STOPS_MAX: u64 = 300_000;

impl Travel {
    /// The journey under way.
    pub fn journey(&self) -> Option<Journey> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, journey: Option<Journey>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = journey;
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

impl Sandbox {
    /// Moves the clock to `to` and runs everything due on the way, each thing at its own time and once.
    ///
    /// # Errors
    /// Where another journey is under way, or this one has more stops than any should.
    pub async fn travel_to(&self, to: Timestamp) -> Result<Journey, TravelError> {
        let from = self.time().tick();
        let mut journey = Journey {
            from,
            to,
            at: from,
            stops: 0,
        };
        {
            let mut under_way = self
                .travel()
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if under_way.is_some() {
                return Err(TravelError::UnderWay);
            }
            *under_way = Some(journey);
        }
        // Until it has arrived, nobody else runs what is due: not even the time that passes by itself.
        let _driving = self.driving().await;
        let arrived = self.leap_along(&mut journey).await;
        self.travel().set(None);
        arrived.map(|()| journey)
    }

    async fn leap_along(&self, journey: &mut Journey) -> Result<(), TravelError> {
        self.run_due().await;
        let mut active_at = journey.from;
        loop {
            let now = self.time().tick();
            journey.at = now;
            self.travel().set(Some(*journey));
            if now >= journey.to {
                return Ok(());
            }
            if journey.stops == STOPS_MAX {
                return Err(TravelError::TooManyStops);
            }
            journey.stops += 1;
            let watched = now.since_s(active_at) < SCHEDULES_AFTER_ACTIVITY_S;
            let scheduled = self.schedules().next_at().filter(|_| watched);
            let due = self.next_due().into_iter().chain(scheduled).min();
            // Something overdue that running does not settle must not hold the clock.
            let next = due.unwrap_or(journey.to).max(now.plus_s(1)).min(journey.to);
            self.time().leap_to(next).await;
            if self.run_due().await > 0 {
                active_at = self.time().clock().now();
            }
            tokio::task::yield_now().await;
        }
    }
}
