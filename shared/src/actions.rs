//! Frame: how an administrator's action walks, from the request to its end. The intent is written before Stripe is asked, with
//! what is set aside for it; the end is written with what is given back; each with its entry in the audit log. Whatever a
//! crash or a lost answer leaves open, the sweep ends by the same path.

mod begin;
mod decide;
mod execute;
mod settle;
mod submit;
mod sweep;

use crate::action::{Action, State};
use crate::clock::Clock;
use crate::error::Error;
use crate::store::Store;
use crate::store::transaction::{Part, Refusal};
use crate::stripe::Calls;

pub use submit::{Submission, payload_hash};

/// Whatever has actions carried out: a function at its doors, for one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Actions<'a> {
    /// What is on record.
    pub store: &'a Store,
    /// Stripe, until the invocation ends.
    pub stripe: Calls<'a>,
    /// The time.
    pub clock: &'a Clock,
}

/// Times a request is decided anew because something it depends on changed meanwhile.
const ROUNDS_MAX: u32 = 4;

/// What a transaction of an action met.
#[derive(Debug)]
enum Met {
    /// The action itself was written by somebody else.
    Action,
    /// There is not that much left on the charge.
    Reservation,
    /// The budget of the day, or the mark of a duplicate, is another than was read.
    Changed,
    /// Somebody's role changed.
    Role,
    /// Nothing was written, or it is not known.
    Failed(Error),
}

impl From<Refusal> for Met {
    fn from(refusal: Refusal) -> Self {
        let parts = match refusal {
            Refusal::Failed(error) => return Self::Failed(error),
            Refusal::Conditions(parts) => parts,
        };
        let met = |wanted: Part| parts.iter().any(|(part, _)| *part == wanted);
        if met(Part::Action) {
            Self::Action
        } else if met(Part::Role) {
            Self::Role
        } else if met(Part::Reservation) {
            Self::Reservation
        } else {
            Self::Changed
        }
    }
}

/// The HTTP status of an answer that shows an action: 200 once it has ended, 202 until then.
pub const fn status_of(action: &Action) -> u16 {
    match action.state {
        State::AwaitingApproval | State::Executing | State::Unknown => 202,
        State::Succeeded | State::Failed | State::Rejected | State::Withdrawn | State::Expired => {
            200
        }
    }
}

/// What is said where something came between again and again.
fn changed_meanwhile() -> Error {
    Error::conflict(
        "changed_meanwhile",
        "Something else happened to this at the same moment. Look again, then decide.",
    )
}

/// What is said where more is asked for than is left.
fn over_left() -> Error {
    Error::conflict(
        "over_what_is_left",
        "That is more than can still be refunded from this charge; another refund of it may be under way. Look again.",
    )
}
