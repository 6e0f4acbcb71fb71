//! The demo book: three hundred customers over nine months, so that there is something to look at.
//!
//! Nothing of it is written as rows. The people sign up through the gateway and act at Stripe at their own times; the clock
//! leaps from one to the next, and webhooks, the retry worker, mails and the nightly sync do what they do. One seed and one
//! end give the same customers, states and amounts.

mod book;
mod deeds;
mod people;
mod unfinished;

use std::collections::VecDeque;

use shared::time::Timestamp;

use crate::sandbox::Sandbox;
use crate::travel::{Errands, Journey, TravelError};
use book::{Book, Entry};
use deeds::Held;
use people::Person;

pub use book::CUSTOMERS;
pub use unfinished::{Unfinished, holds_something};

/// The seed of the book that is shown.
const SEED: u64 = 1;

/// Before the end, for how long the sync runs at night: the last one. It goes through everybody, so that nine months of it would
/// take longer than all else in the book, and nothing was missed before.
const SYNCED_S: i64 = 24 * 60 * 60;

/// When a book that ends at `end` begins.
pub fn begins(end: Timestamp) -> Timestamp {
    book::begins(end)
}

/// Why a book was not filled.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Something in the book was refused: who did what, and the words.
    #[error("{0}, {1}: {2}")]
    Deed(String, String, String),
    /// The clock was not moved.
    #[error(transparent)]
    Travel(#[from] TravelError),
}

/// Fills `sandbox`, which is empty and whose clock stands where the book [`begins`], with the first `customers` of the book,
/// up to `end`. Until then its clock leaps and does not run, and Stripe's account is not written to its file, which would
/// take longer than all the rest.
///
/// # Errors
/// Where a deed of the book is refused, or somebody else is moving the clock.
pub async fn fill(
    sandbox: &Sandbox,
    end: Timestamp,
    customers: usize,
) -> Result<Journey, DemoError> {
    let Book { people, entries } = book::book(SEED, end, customers);
    let mut filling = Filling {
        sandbox,
        held: vec![Held::default(); people.len()],
        left: entries.into(),
        people,
    };
    sandbox.schedules().leave_out_until(end.plus_s(-SYNCED_S));
    sandbox.time().stand();
    sandbox.stripe().put_off_keeping(true);
    let filled = sandbox.travel_through(end, &mut filling).await;
    // What Stripe did not let be read, it lets be read from now on.
    sandbox.stripe().now().mend();
    sandbox.stripe().put_off_keeping(false);
    sandbox.time().run_on();
    sandbox.wake();
    sandbox.save();
    filled
}

/// A book that is being lived through.
struct Filling<'a> {
    sandbox: &'a Sandbox,
    people: Vec<Person>,
    held: Vec<Held>,
    left: VecDeque<Entry>,
}

impl Errands for Filling<'_> {
    type Error = DemoError;

    fn next_at(&self) -> Option<Timestamp> {
        self.left.front().map(|entry| entry.at)
    }

    async fn run(&mut self, now: Timestamp) -> Result<(), DemoError> {
        while let Some(Entry { who, deed, .. }) = self.left.pop_front_if(|entry| entry.at <= now) {
            let (Some(person), Some(held)) = (self.people.get(who), self.held.get_mut(who)) else {
                continue;
            };
            let done = deeds::done(self.sandbox, person, held, deed).await;
            done.map_err(|words| DemoError::Deed(person.name.clone(), format!("{deed:?}"), words))?;
        }
        Ok(())
    }
}
