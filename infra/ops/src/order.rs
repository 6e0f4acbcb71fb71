//! What the commands that have events tried anew have in common: how they are carried out, and what is read of a time.

use clap::Args;
use shared::time::Timestamp;

use crate::problem::Problem;
use crate::screen::Screen;

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
