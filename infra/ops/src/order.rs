//! What the commands that have events tried anew have in common: how they are carried out, and what is read of a time.

use std::future::Future;

use clap::Args;
use shared::time::Timestamp;

use crate::installation::Installation;
use crate::journey::{Choice, Journey, Show};
use crate::problem::Problem;
use crate::screen::Screen;
use crate::table;

/// How a command that changes something is carried out.
#[derive(Debug, Args)]
pub(crate) struct Manner {
    /// Do it; without this it is only told what would be done
    #[arg(long)]
    pub(crate) execute: bool,
    /// Do not ask first, for scripts
    #[arg(long, requires = "execute")]
    pub(crate) yes: bool,
}

impl Manner {
    /// Whether it is to be done without being told first.
    ///
    /// # Errors
    /// `NobodyToAsk` where somebody would have to be asked; said before any work is done.
    pub(crate) fn is_agreed(&self, screen: &Screen) -> Result<bool, Problem> {
        if self.execute && !self.yes {
            screen.can_ask()?;
        }
        Ok(self.execute && self.yes)
    }
}

/// An order to have events tried anew.
pub(crate) struct Order<'a> {
    /// Which events.
    pub(crate) choice: Choice,
    pub(crate) manner: &'a Manner,
    /// Whether each answer is printed as it came.
    pub(crate) json: bool,
    /// What it does, as in `Replay 3 events?`.
    pub(crate) ask: &'static str,
    /// What is said where there is nothing to do.
    pub(crate) nothing: &'static str,
    /// What was done, as in `3 events replayed`.
    pub(crate) done: &'static str,
}

impl Order<'_> {
    /// Tells what it changes; and where it is to be done, asks and does it, on the events that `meant` makes of those that
    /// were told. The journey says how far it came.
    pub(crate) async fn carry_out(
        &self,
        installation: &Installation,
        screen: &mut Screen,
        interrupted: impl Future<Output = ()>,
        meant: impl FnOnce(Vec<String>) -> Choice,
    ) -> (Journey, Result<(), Problem>) {
        let is_agreed = self.manner.is_agreed(screen);
        let is_done_at_once = *is_agreed.as_ref().unwrap_or(&false);
        let mut journey = Journey::new(self.choice.clone(), is_done_at_once);
        if let Err(problem) = is_agreed {
            return (journey, Err(problem));
        }
        let done = tokio::select! {
            done = self.tell_and_do(installation, screen, &mut journey, meant) => done,
            () = interrupted => Err(Problem::Interrupted),
        };
        (journey, done)
    }

    async fn tell_and_do(
        &self,
        installation: &Installation,
        screen: &mut Screen,
        journey: &mut Journey,
        meant: impl FnOnce(Vec<String>) -> Choice,
    ) -> Result<(), Problem> {
        let show = Show::of_telling(self.json);
        let mut known = journey.go(installation, screen, show).await?;
        screen.note(&journey.summary(&known))?;
        if !self.manner.execute {
            return screen.note("Nothing was changed. With --execute it is done.");
        }
        if !self.manner.yes {
            if known.possible.is_empty() {
                return screen.note(self.nothing);
            }
            let events = table::events(known.possible.len());
            screen.agree(&format!("{} {events}?", self.ask)).await?;
            *journey = Journey::new(meant(known.possible), true);
            let show = Show::of_doing(self.json);
            known = journey.go(installation, screen, show).await?;
        }
        screen.note(&format!(
            "{} {}: the retry queue has them.",
            table::events(known.possible.len()),
            self.done
        ))
    }
}

/// A moment as an operator writes it: `2026-11-22T09:00:00Z`, or a day, which is its beginning in UTC.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    let moment = text
        .parse()
        .or_else(|_| format!("{text}T00:00:00Z").parse());
    moment.map_err(|_| {
        "write it as 2026-11-22T09:00:00Z, or 2026-11-22 for the beginning of that day in UTC"
            .to_owned()
    })
}

/// An option as it was given, for a command line to go on with.
pub(crate) fn option(name: &str, value: impl std::fmt::Display) -> String {
    format!(" --{name} {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_beginning_and_what_is_no_time_is_refused() {
        assert_eq!(time("2026-11-22"), time("2026-11-22T00:00:00Z"));
        assert_eq!(
            time("2026-11-22T09:30:00+01:00"),
            time("2026-11-22T08:30:00Z")
        );
        for text in ["", "yesterday", "2026-11", "2026-02-30"] {
            assert!(time(text).unwrap_err().contains("2026-11-22"), "{text}");
        }
    }
}
