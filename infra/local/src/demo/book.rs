//! What befalls each customer of the demo book, and when: pure, so that one seed and one end give one book.
//!
//! Everybody's time is counted from their last renewal before the end, which is some days ago and some days from the next:
//! so whoever is to be past due at the end still is, whatever the lengths of the months between.

use fastrand::Rng;
use jiff::Span;
use jiff::tz::TimeZone;
use shared::time::Timestamp;

use super::people::{Person, people};

/// Customers in the book.
pub const CUSTOMERS: usize = 300;

/// Months from its beginning to its end.
const MONTHS: i32 = 9;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

/// One thing that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Signs up for the plan with this key and pays.
    SignUp(&'static str),
    /// Opens the page for this plan and leaves it.
    LeavePage(&'static str),
    /// Is subscribed at Stripe by hand, to a price that is no plan's.
    SubscribeByHand,
    /// Moves to this plan at once, paying the difference.
    Upgrade(&'static str),
    /// Moves to this plan with the next period.
    Downgrade(&'static str),
    /// The card on file now declines.
    CardFails,
    /// Gives a good card, which pays what is owed.
    CardMended,
    /// Ends the subscription at once.
    Cancel,
    /// Ends it with the period.
    CancelAtPeriodEnd,
    /// Pauses collection.
    Pause,
    /// Has the last charge refunded, whole.
    RefundWhole,
    /// Has $20.00 of it refunded.
    RefundPart,
    /// Has it refunded to an account that is closed meanwhile.
    RefundFails,
    /// Disputes the last charge at the bank.
    Dispute,
    /// The bank decides the dispute for Linky.
    DisputeWon,
    /// The bank decides it for the customer.
    DisputeLost,
    /// From now on, Stripe lets nobody read this customer's subscription.
    KeyMayNotRead,
    /// Changes at Stripe while no webhook arrives: a plan, an end, a pause.
    DriftPlan,
    /// See [`Deed::DriftPlan`].
    DriftEnd,
    /// See [`Deed::DriftPlan`].
    DriftPause,
}

/// A deed with its time and its doer, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) who: usize,
    pub(super) deed: Deed,
}

/// Everybody, and everything they do in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) people: Vec<Person>,
    pub(super) entries: Vec<Entry>,
}

/// What is told of a customer, and of how many. What is left of [`CUSTOMERS`] simply stays on a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Founding,
    FoundingThenProspector,
    Upgraded,
    Downgraded,
    DowngradeAhead,
    PastDue,
    Recovered,
    NeverRecovered,
    Cancelled,
    CancelledAtPeriodEnd,
    CancelAhead,
    RefundedWhole,
    RefundedPartly,
    RefundFailed,
    DisputeOpen,
    DisputeWon,
    DisputeLost,
    Paused,
    Unmapped,
    LeftPage,
    EventDead,
    EventPending,
    DriftedPlan,
    DriftedEnd,
    DriftedPause,
    Stays,
}

const FATES: [(Fate, usize); 25] = [
    (Fate::Founding, 70),
    (Fate::FoundingThenProspector, 56),
    (Fate::Upgraded, 18),
    (Fate::Downgraded, 8),
    (Fate::DowngradeAhead, 4),
    (Fate::PastDue, 9),
    (Fate::Recovered, 12),
    (Fate::NeverRecovered, 5),
    (Fate::Cancelled, 11),
    (Fate::CancelledAtPeriodEnd, 9),
    (Fate::CancelAhead, 7),
    (Fate::RefundedWhole, 6),
    (Fate::RefundedPartly, 5),
    (Fate::RefundFailed, 2),
    (Fate::DisputeOpen, 3),
    (Fate::DisputeWon, 2),
    (Fate::DisputeLost, 2),
    (Fate::Paused, 4),
    (Fate::Unmapped, 2),
    (Fate::LeftPage, 5),
    (Fate::EventDead, 1),
    (Fate::EventPending, 1),
    (Fate::DriftedPlan, 1),
    (Fate::DriftedEnd, 1),
    (Fate::DriftedPause, 1),
];

const FOUNDING: &str = "founding_member";

/// The plans that are paid monthly, the smallest first.
const MONTHLY: [&str; 3] = ["prospector", "networker", "rainmaker"];

/// The book of `seed` that ends at `end`: its first `customers`, of at most [`CUSTOMERS`].
pub(super) fn book(seed: u64, end: Timestamp, customers: usize) -> Book {
    let mut rng = Rng::with_seed(seed);
    let mut people = people(&mut rng, CUSTOMERS);
    let mut fates: Vec<Fate> = FATES
        .iter()
        .flat_map(|(fate, count)| std::iter::repeat_n(*fate, *count))
        .collect();
    fates.resize(CUSTOMERS, Fate::Stays);
    rng.shuffle(&mut fates);
    let mut entries = Vec::new();
    for (who, fate) in fates.into_iter().enumerate() {
        let mut life = Life {
            rng: &mut rng,
            end,
            who,
            entries: &mut entries,
        };
        life.of(fate);
    }
    people.truncate(customers);
    entries.retain(|entry| entry.who < customers);
    // Whoever has the lower number goes first within a second.
    entries.sort_by_key(|entry| (entry.at, entry.who));
    Book { people, entries }
}

/// When the book of a given end begins.
pub(super) fn begins(end: Timestamp) -> Timestamp {
    back(end, MONTHS, 0)
}

/// So many months and days before `end`, on the hour that `end` has.
fn back(end: Timestamp, months: i32, days: i64) -> Timestamp {
    let moment = jiff::Timestamp::from_millisecond(end.as_ms()).unwrap_or_default();
    let earlier = moment
        .to_zoned(TimeZone::UTC)
        .checked_sub(Span::new().months(months));
    let earlier = earlier.map_or(end, |earlier| {
        Timestamp::from_ms(earlier.timestamp().as_millisecond())
    });
    earlier.plus_s(-days * DAY_S)
}

/// A customer's life as it is written.
struct Life<'a> {
    rng: &'a mut Rng,
    end: Timestamp,
    who: usize,
    entries: &'a mut Vec<Entry>,
}

impl Life<'_> {
    fn of(&mut self, fate: Fate) {
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

    /// A number of months, the fewer the likelier: Linky grows.
    fn tenure(&mut self, months: std::ops::RangeInclusive<i32>) -> i32 {
        let (one, other) = (self.rng.i32(months.clone()), self.rng.i32(months));
        one.min(other)
    }

    fn plan(&mut self, among: std::ops::RangeInclusive<usize>) -> &'static str {
        MONTHLY[self.rng.usize(among)]
    }

    fn does(&mut self, at: Timestamp, deed: Deed) {
        let who = self.who;
        self.entries.push(Entry { at, who, deed });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end() -> Timestamp {
        Timestamp::from_s(1_774_915_200)
    }

    #[test]
    fn one_seed_is_one_book_and_another_seed_is_another() {
        assert_eq!(book(1, end(), CUSTOMERS), book(1, end(), CUSTOMERS));
        assert_ne!(book(1, end(), CUSTOMERS), book(2, end(), CUSTOMERS));
    }

    #[test]
    fn everybody_comes_once_and_nothing_is_outside_the_nine_months() {
        for days in 0..31 {
            let end = end().plus_s(days * DAY_S);
            let Book { people, entries } = book(1, end, CUSTOMERS);
            assert_eq!(people.len(), CUSTOMERS);
            let comes = |entry: &&Entry| {
                matches!(
                    entry.deed,
                    Deed::SignUp(_) | Deed::LeavePage(_) | Deed::SubscribeByHand
                )
            };
            assert_eq!(entries.iter().filter(comes).count(), CUSTOMERS);
            let within = |entry: &Entry| entry.at > begins(end) && entry.at < end;
            assert!(entries.iter().all(within), "{days}");
        }
    }

    #[test]
    fn the_fates_told_leave_room_for_those_who_stay() {
        let told: usize = FATES.iter().map(|(_, count)| count).sum();
        assert!((200..CUSTOMERS).contains(&told), "{told}");
    }
}
