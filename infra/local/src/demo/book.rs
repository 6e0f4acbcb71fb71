//! What befalls each customer of the demo book, and when: pure, so that one seed and one end give one book.
//!
//! Everybody's time is counted from their last renewal before the end, which is some days ago and some days from the next:
//! so whoever is to be past due at the end still is, whatever the lengths of the months between.

mod deed;
mod fate;
mod life;

use fastrand::Rng;
use jiff::Span;
use jiff::tz::TimeZone;
use shared::time::Timestamp;

use super::people::{Person, people};
use fate::{FATES, Fate};
use life::Life;

pub(super) use deed::Deed;

/// Customers in the book.
pub const CUSTOMERS: usize = 300;

/// Months from its beginning to its end.
const MONTHS: i32 = 9;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

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
