//! How a fate is written down as deeds at their times.

use fastrand::Rng;
use shared::time::Timestamp;

use super::deed::Deed;
use super::fate::Fate;
use super::{DAY_S, Entry, HOUR_S, back};

const FOUNDING: &str = "founding_member";

/// The plans that are paid monthly, the smallest first.
const MONTHLY: [&str; 3] = ["prospector", "networker", "rainmaker"];

/// How many times as many sign up in a month as in the one before. A start-up's beginning is steep, and whoever has just come
/// has had no renewal yet, so that the book is filled sooner.
const GROWTH: u32 = 3;

/// A customer's life as it is written.
pub(super) struct Life<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) end: Timestamp,
    pub(super) who: usize,
    pub(super) entries: &'a mut Vec<Entry>,
}

impl Life<'_> {
    pub(super) fn of(&mut self, fate: Fate) {
        use Deed::*;
        match fate {
            Fate::Founding => {
                self.joins(FOUNDING, 0..=2);
            }
            Fate::FoundingThenProspector => {
                self.joins(FOUNDING, 3..=6);
            }
            Fate::Stays => {
                let plan = self.plan(0..=2);
                self.joins(plan, 0..=5);
            }
            Fate::Upgraded => {
                let plan = self.rng.usize(0..=1);
                let renewed = self.joins(MONTHLY[plan], 1..=5);
                let larger = self.plan(plan + 1..=2);
                let days = self.rng.i64(-25..=3);
                self.does(renewed.plus_s(days * DAY_S), Upgrade(larger));
            }
            Fate::Downgraded => {
                let plan = self.rng.usize(1..=2);
                let renewed = self.joins(MONTHLY[plan], 2..=5);
                let smaller = self.plan(0..=plan - 1);
                self.does(renewed.plus_s(-9 * DAY_S), Downgrade(smaller));
            }
            Fate::DowngradeAhead => {
                let renewed = self.joins(MONTHLY[2], 1..=4);
                self.does(renewed.plus_s(3 * DAY_S), Downgrade(MONTHLY[1]));
            }
            Fate::PastDue => {
                let plan = self.plan(0..=2);
                let renewed = self.joins_days_ago(plan, 1..=4, 5..=12);
                self.does(renewed.plus_s(-2 * DAY_S), CardFails);
            }
            Fate::Recovered => {
                let plan = self.plan(0..=2);
                let renewed = self.joins_days_ago(plan, 1..=4, 9..=24);
                self.does(renewed.plus_s(-2 * DAY_S), CardFails);
                let days = self.rng.i64(1..=7);
                self.does(renewed.plus_s(days * DAY_S), CardMended);
            }
            Fate::NeverRecovered => {
                let plan = self.plan(0..=1);
                let renewed = self.joins_days_ago(plan, 1..=4, 18..=24);
                self.does(renewed.plus_s(-2 * DAY_S), CardFails);
            }
            Fate::Cancelled => {
                let plan = self.plan(0..=2);
                let renewed = self.joins(plan, 1..=5);
                let days = self.rng.i64(-20..=4);
                self.does(renewed.plus_s(days * DAY_S), Cancel);
            }
            Fate::CancelledAtPeriodEnd => {
                let plan = self.plan(0..=2);
                let renewed = self.joins(plan, 1..=5);
                self.does(renewed.plus_s(-6 * DAY_S), CancelAtPeriodEnd);
            }
            Fate::CancelAhead => self.then(1..=4, CancelAtPeriodEnd),
            Fate::RefundedWhole => self.then(0..=4, RefundWhole),
            Fate::RefundedPartly => self.then(0..=4, RefundPart),
            Fate::RefundFailed => self.then(0..=3, RefundFails),
            Fate::RefundPending => self.then(0..=4, RefundWaits),
            Fate::Inquired => self.then(0..=4, Inquire),
            Fate::DisputeOpen => {
                let plan = self.plan(0..=2);
                // Within the eight days that Stripe gives for an answer; after them it is lost.
                let renewed = self.joins_days_ago(plan, 0..=2, 5..=7);
                let days = self.rng.i64(1..=4);
                self.does(renewed.plus_s(days * DAY_S), Dispute);
            }
            Fate::DisputeWon => self.disputes(DisputeWon),
            Fate::DisputeLost => self.disputes(DisputeLost),
            Fate::Paused => self.then(1..=4, Pause),
            Fate::Unmapped => {
                let at = self.last_renewal(0..=2, 5..=24);
                self.does(at, SubscribeByHand);
            }
            Fate::LeftPage => {
                let at = self.last_renewal(0..=3, 5..=24);
                let plan = self.plan(0..=2);
                self.does(at, LeavePage(plan));
            }
            Fate::EventDead => {
                let at = back(self.end, 0, 6);
                self.does(at, SignUp(FOUNDING));
                self.does(at, KeyMayNotRead);
            }
            Fate::EventPending => {
                let at = self.end.plus_s(-7 * HOUR_S);
                self.does(at, SignUp(FOUNDING));
                self.does(at, KeyMayNotRead);
            }
            Fate::DriftedPlan => self.drifts(DriftPlan),
            Fate::DriftedEnd => self.drifts(DriftEnd),
            Fate::DriftedPause => self.drifts(DriftPause),
        }
    }

    /// Somebody who does one thing some days after the last renewal.
    fn then(&mut self, months: std::ops::RangeInclusive<i32>, deed: Deed) {
        let plan = self.plan(0..=2);
        let renewed = self.joins(plan, months);
        let days = self.rng.i64(1..=4);
        self.does(renewed.plus_s(days * DAY_S), deed);
    }

    fn disputes(&mut self, end: Deed) {
        let plan = self.plan(0..=2);
        let renewed = self.joins_days_ago(plan, 1..=4, 12..=24);
        self.does(renewed.plus_s(2 * DAY_S), Deed::Dispute);
        self.does(renewed.plus_s(9 * DAY_S), end);
    }

    /// In the last minute, so that no night has found it yet.
    fn drifts(&mut self, deed: Deed) {
        self.joins(MONTHLY[1], 2..=5);
        self.does(self.end.plus_s(-60), deed);
    }

    fn joins(&mut self, plan: &'static str, months: std::ops::RangeInclusive<i32>) -> Timestamp {
        self.joins_days_ago(plan, months, 5..=24)
    }

    /// Signs up, and says when the last renewal of a monthly plan is.
    fn joins_days_ago(
        &mut self,
        plan: &'static str,
        months: std::ops::RangeInclusive<i32>,
        days: std::ops::RangeInclusive<i64>,
    ) -> Timestamp {
        let tenure = self.tenure(months);
        let days = self.rng.i64(days);
        // Within the day, away from the night's sync.
        let seconds = self.rng.i64(0..8 * HOUR_S);
        let at = back(self.end, tenure, days).plus_s(-seconds);
        self.does(at, Deed::SignUp(plan));
        back(self.end, 0, days).plus_s(-seconds)
    }

    fn last_renewal(
        &mut self,
        months: std::ops::RangeInclusive<i32>,
        days: std::ops::RangeInclusive<i64>,
    ) -> Timestamp {
        let tenure = self.tenure(months);
        let days = self.rng.i64(days);
        back(self.end, tenure, days)
    }

    /// A number of months: Linky grows, and in each month so many times as many sign up as in the one before.
    fn tenure(&mut self, months: std::ops::RangeInclusive<i32>) -> i32 {
        let mut tenure = *months.start();
        while tenure < *months.end() && self.rng.u32(..GROWTH) == 0 {
            tenure += 1;
        }
        tenure
    }

    fn plan(&mut self, among: std::ops::RangeInclusive<usize>) -> &'static str {
        MONTHLY[self.rng.usize(among)]
    }

    fn does(&mut self, at: Timestamp, deed: Deed) {
        let who = self.who;
        self.entries.push(Entry { at, who, deed });
    }
}
