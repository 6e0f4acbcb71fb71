//! The run of a day: page after page, each noted, until it is done or the time is up.

use std::collections::HashSet;

use shared::alert::Alert;
use shared::drift::Policy;
use shared::error::Error;
use shared::lambda::Invocation;
use shared::store::sync_health::{HeldRun, RunLease};
use shared::stripe::Calls;
use shared::sync_run::{Listing, Step};

use crate::DailyBillingSync;

/// Seconds before Lambda ends the function at which no further page is begun: as long as the calls of one page last with
/// all their attempts.
const RESERVE_S: i64 = 90;

/// Seconds until a run that somebody else holds is looked at again.
const TAKEN_S: u64 = 5 * 60;

/// Seconds until a run is gone on with after a failure. The queue hands the message out two hundred times: for more than a
/// day.
const FAILED_S: u64 = 10 * 60;

/// Seconds from the first look at a suspect to the second: what was on its way has arrived then.
const SECOND_LOOK_S: u64 = 2 * 60;

/// The same, where events were taken in that are still to be applied.
const TAKEN_IN_S: u64 = 15 * 60;

/// Why the work on a message ends.
pub(crate) enum Stop {
    /// Nothing is left.
    Done,
    /// It goes on in so many seconds.
    Later(u64),
}

impl DailyBillingSync {
    /// Works on the run of a day.
    pub(crate) async fn work_on(&self, day: &str, owner: &str, invocation: &Invocation) -> Stop {
        let now = self.clock.now();
        let lease = self
            .store
            .take_up_run(day, owner, now, invocation.deadline)
            .await;
        let mut held = match lease {
            Ok(RunLease::Ours(held)) => *held,
            Ok(RunLease::Finished) => return Stop::Done,
            Ok(RunLease::Taken { owner, until }) => {
                tracing::warn!(day, holder = owner, until, "the sync is being run already");
                return Stop::Later(TAKEN_S);
            }
            Err(error) => {
                tracing::warn!(day, %error, "the sync was not taken up");
                return Stop::Later(FAILED_S);
            }
        };
        match self.pages(&mut held, invocation).await {
            Ok(stop) => stop,
            Err(error) => {
                tracing::error!(day, %error, step = ?held.run.progress.step, "the sync stopped; it goes on");
                let reason = error.to_string();
                if let Err(error) = self.store.put_down_run(&held, Some(&reason)).await {
                    tracing::warn!(day, %error, "not put down; the lease runs out by itself");
                }
                Stop::Later(FAILED_S)
            }
        }
    }

    async fn pages(&self, held: &mut HeldRun, invocation: &Invocation) -> Result<Stop, Error> {
        let stripe = self.stripe.by(invocation.patience());
        let mut listed = None;
        loop {
            let step = held.run.progress.step;
            if step == Step::Done {
                return self.finish(held).await;
            }
            if self.clock.now().plus_s(RESERVE_S) >= invocation.deadline {
                tracing::info!(day = held.day, ?step, "the time is up; the sync goes on");
                self.store.put_down_run(held, None).await?;
                return Ok(Stop::Later(0));
            }
            let cursor = self.page(&stripe, held, &mut listed).await?;
            let is_last = cursor.is_none();
            held.run.progress.turn(cursor);
            let progress = &held.run.progress;
            if progress.step == Step::Suspects
                && step != Step::Suspects
                && progress.counts.suspects > 0
            {
                self.store.put_down_run(held, None).await?;
                let counts = &progress.counts;
                let taken_in = counts.events_taken_in + counts.events_revived;
                let wait_s = if taken_in > 0 {
                    TAKEN_IN_S
                } else {
                    SECOND_LOOK_S
                };
                return Ok(Stop::Later(wait_s));
            }
            // The last page of a step is noted with what follows: it is done again sooner than it is written down.
            if !is_last && !self.store.note_progress(held).await? {
                tracing::warn!(day = held.day, "somebody else has taken the sync up");
                return Ok(Stop::Later(TAKEN_S));
            }
        }
    }

    /// Works on one page of the step under way; the answer is where the next page begins, if there is one.
    async fn page(
        &self,
        stripe: &Calls<'_>,
        held: &mut HeldRun,
        listed: &mut Option<HashSet<u64>>,
    ) -> Result<Option<String>, Error> {
        match held.run.progress.step {
            Step::UndeliveredEvents | Step::RecentEvents => self.events(stripe, held).await,
            Step::Customers => self.compare(stripe, held, Listing::Customers).await,
            Step::Subscriptions => self.compare(stripe, held, Listing::Subscriptions).await,
            Step::OpenInvoices => self.compare(stripe, held, Listing::OpenInvoices).await,
            Step::Refunds => self.compare(stripe, held, Listing::Refunds).await,
            Step::Disputes => self.compare(stripe, held, Listing::Disputes).await,
            Step::ClaimedSubscriptions => self.claims(held, listed, Listing::Subscriptions).await,
            Step::ClaimedInvoices => self.claims(held, listed, Listing::OpenInvoices).await,
            Step::StaleAccounts => self.claims(held, listed, Listing::Customers).await,
            Step::Prices => self.prices(stripe).await,
            Step::Suspects if held.run.progress.counts.suspects == 0 => Ok(None),
            Step::Suspects => self.suspects(stripe, held).await,
            Step::Done => Ok(None),
        }
    }

    async fn finish(&self, held: &mut HeldRun) -> Result<Stop, Error> {
        if held.run.progress.counts.suspects > 0 {
            // Counted as they stand on record: a worker that was killed took its own count with it.
            let differences = self.store.differences_counted(&held.day).await?;
            let repaired = differences
                .iter()
                .filter(|(cause, _)| cause.policy() == Policy::Repair);
            held.run.progress.counts.repairs = repaired.map(|(_, count)| count).sum();
            held.run.progress.counts.differences = differences;
        }
        let counts = &held.run.progress.counts;
        let found = counts.differing() + counts.events_taken_in;
        let alert = (found > 0).then(|| Alert::sync_found(&held.day, counts));
        self.store
            .finish_run(held, alert.as_ref(), self.clock.now())
            .await?;
        tracing::info!(day = held.day, ?counts, "the sync is done");
        Ok(Stop::Done)
    }
}
