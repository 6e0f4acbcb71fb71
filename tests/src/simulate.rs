//! The fault harness: schedules of what goes wrong, run by the thousand against the real functions, the real SDK and the
//! real Stripe transport, each in a sandbox of its own.
//!
//! A [`Schedule`] is a flow, the faults that strike its calls, and the order in which two invocations in flight meet. It is
//! one line of text, and running it twice is the same twice. Afterwards the faults stop, as much time passes as whoever
//! heals it may take, and everything has to be as if nothing had failed.

mod acts;
mod bug;
mod campaign;
mod flow;
mod lanes;
mod picture;
mod plan;
mod play;
mod schedule;
mod waits;

pub use bug::Bug;
pub use campaign::{Campaign, Progress, Violation};
pub use flow::{Flow, Prepared};
pub use plan::Plan;
pub use play::{Played, play};
pub use schedule::{Order, Outage, Schedule, Strike, Way};
