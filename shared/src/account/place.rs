//! Fact: puts a piece of news in order with what is on record.

use std::cmp::Ordering;

use serde::Serialize;

use super::{Kept, News, Outcome, Question, Source, Version};
use crate::event::{Moment, Subject};
use crate::plan::Catalogue;
use crate::time::Timestamp;

/// The `Date` of an answer and the `created` of an event come from two of Stripe's clocks. Within this many seconds of
/// each other they say nothing of which was first.
const READ_SKEW_S: i64 = 2;

/// The facts of one kind of object.
pub(super) trait Facts: Clone + PartialEq + Serialize {
    /// These facts of an object as Stripe shows it; none where it is another kind of object.
    fn of(subject: &Subject, catalogue: &Catalogue) -> Option<Self>;

    /// How far the object has come in a life that only goes forward. Of two states in one second the one further on is
    /// the newer; states equally far on are not ordered by it.
    fn progress(&self) -> u64;

    /// Nothing comes after this state: it beats every other, whenever that is said to have been.
    fn is_final(&self) -> bool {
        false
    }

    /// What of it Stripe tells, without what we noted besides.
    fn at_stripe(&self) -> Self {
        self.clone()
    }

    /// Whether both tell the same of the object at Stripe.
    fn same(&self, other: &Self) -> bool {
        self.at_stripe() == other.at_stripe()
    }
}

/// Where news stands to what is on record.
enum Place {
    Newer,
    Same,
    Older,
    Unknown,
}

impl News<'_> {
    /// The version that the record told by the news replaces; none where there is no record yet.
    ///
    /// # Errors
    /// The outcome of the event, where nothing is to be written or Stripe has to be asked first.
    pub(super) fn replaces<T: Facts>(
        &self,
        stored: Option<&Kept<T>>,
        facts: &T,
    ) -> Result<Option<Version>, Outcome> {
        let Some(stored) = stored else {
            return Ok(None);
        };
        match self.place(stored, facts) {
            Place::Newer => Ok(Some(stored.version.clone())),
            Place::Same => Err(Outcome::Apply(Box::default())),
            Place::Older => Err(Outcome::Stale),
            Place::Unknown => Err(Outcome::Ask(Question::Object)),
        }
    }

    fn place<T: Facts>(&self, stored: &Kept<T>, facts: &T) -> Place {
        match (stored.facts.is_final(), facts.is_final()) {
            (true, false) => return Place::Older,
            (false, true) => return Place::Newer,
            _ => {}
        }
        if self.is_read() {
            // Asked because the event could not be placed: the answer is the truth, and the condition on the version
            // sees to it that nothing newer was written meanwhile.
            return Place::Newer;
        }
        match when(self.version.at, &stored.version) {
            Ordering::Greater => Place::Newer,
            Ordering::Less => Place::Older,
            Ordering::Equal if stored.facts.same(facts) => Place::Same,
            Ordering::Equal => match facts.progress().cmp(&stored.facts.progress()) {
                Ordering::Greater => Place::Newer,
                Ordering::Less => Place::Older,
                Ordering::Equal => self.place_by_moment(stored),
            },
        }
    }

    /// Orders two states of one second that are equally far on.
    ///
    /// What an update says was before makes it the successor of the first event, before which there was nothing. Of two
    /// updates it proves nothing: where a switch is thrown there and back within a second, each is what was before the
    /// other.
    fn place_by_moment<T: Facts>(&self, stored: &Kept<T>) -> Place {
        match self.moment() {
            Moment::First => Place::Older,
            Moment::Last => Place::Newer,
            Moment::Later if !matches!(stored.version.by, Source::First(_)) => Place::Unknown,
            Moment::Later => {
                let before = self.before.and_then(|before| T::of(before, self.catalogue));
                if before.is_some_and(|before| stored.facts.same(&before)) {
                    Place::Newer
                } else {
                    Place::Unknown
                }
            }
        }
    }
}

/// Whether news of `at` came about after, before, or not tellably apart from the stored version.
fn when(at: Timestamp, stored: &Version) -> Ordering {
    let apart_s = at.since_s(stored.at);
    match stored.by {
        Source::Read(..) if apart_s.abs() <= READ_SKEW_S => Ordering::Equal,
        Source::First(_) | Source::Event(_) | Source::Read(..) => apart_s.cmp(&0),
    }
}
