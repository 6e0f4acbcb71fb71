//! The figures of each day: counted every hour while it lasts, and once more when it is over; then they never change.
//!
//! What counts is on the events themselves, written in the transaction in which each took effect, so that counting a day
//! again comes to the same. A day goes on from the books of the one before it, and days that were left out are made up for.

use serde_json::{Value, json};
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::figures::{Books, DayFigures};
use shared::lambda::{Function, Invocation, Platform};
use shared::store::Store;
use shared::store::deliveries::KEPT_S;
use shared::time::{DAY_S, Timestamp};

/// Seconds after midnight from which on nothing more can come to the day that is over: a transaction begun in it has
/// ended, on whatever clock.
const OVER_S: i64 = 10 * 60;

/// Seconds before Lambda ends the function at which no further day is begun.
const RESERVE_S: i64 = 20;

/// Days back at most that are made up for: as many as are shown.
const DAYS_MAX: i64 = 400;

/// The function with its doors.
#[derive(Debug)]
pub struct DailyReport {
    store: Store,
    clock: Clock,
}

impl DailyReport {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            clock: platform.clock.clone(),
        })
    }
}

impl Function for DailyReport {
    /// The schedule's, which says nothing that is needed.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, _: Value, invocation: Invocation) -> Result<Value, Error> {
        let now = self.clock.now();
        let closed = self.store.latest_closed_day().await?;
        let first = match &closed {
            Some(closed) => Timestamp::of_day(&closed.day)
                .map_err(Error::internal)?
                .plus_s(DAY_S),
            // Before the first customer there is nothing to count.
            None => match self.store.first_customer_at().await? {
                Some(made_at) => made_at
                    .day_start()
                    .max(now.day_start().plus_s(-DAYS_MAX * DAY_S)),
                None => return Ok(json!({ "counted": 0 })),
            },
        };
        let mut books = closed.map(|closed| closed.plans).unwrap_or_default();
        let mut counted = 0;
        let mut day_at = first;
        while day_at <= now && self.clock.now().plus_s(RESERVE_S) < invocation.deadline {
            let figures = self.count(day_at, &books, now).await?;
            if !self.store.keep_figures(&figures).await? {
                tracing::info!(figures.day, "somebody else has counted further");
                break;
            }
            counted += 1;
            if !figures.closed {
                break;
            }
            books = figures.plans;
            day_at = day_at.plus_s(DAY_S);
        }
        tracing::info!(counted, until = day_at.day(), "the figures are counted");
        Ok(json!({ "counted": counted, "until": day_at.day() }))
    }
}

impl DailyReport {
    /// Counts a day, as far as it has come.
    async fn count(
        &self,
        day_at: Timestamp,
        books: &Books,
        now: Timestamp,
    ) -> Result<DayFigures, Error> {
        let day = day_at.day();
        let ends_at = day_at.plus_s(DAY_S);
        let until = now.min(ends_at);
        let deliveries = async {
            // Of a day so long ago none is kept any more.
            if now.since_s(ends_at) > KEPT_S {
                return Ok(Vec::new());
            }
            self.store.deliveries_between(day_at, until).await
        };
        let (figures, deliveries) = futures::try_join!(self.store.figures_on(&day), deliveries)?;
        let closed = now >= ends_at.plus_s(OVER_S);
        Ok(DayFigures::of(
            day,
            books,
            &figures,
            &deliveries,
            until,
            closed,
        ))
    }
}
