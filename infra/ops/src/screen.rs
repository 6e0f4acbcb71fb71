//! What a command writes on and whom it asks: results on one side, everything else on the other.

use std::io::{self, Write};
use std::sync::Arc;

use crate::problem::Problem;

/// Reads one line from whoever sits at the terminal.
pub type Ask = Arc<dyn Fn() -> io::Result<String> + Send + Sync>;

/// Where a command writes, and whom it asks.
pub struct Screen {
    out: Box<dyn Write>,
    side: Box<dyn Write>,
    ask: Option<Ask>,
    redraws: bool,
    is_line_open: bool,
}

impl Screen {
    /// Results go to `out`; progress, questions and complaints to `side`. Nobody is there to be asked.
    pub fn new(out: impl Write + 'static, side: impl Write + 'static) -> Self {
        Self {
            out: Box::new(out),
            side: Box::new(side),
            ask: None,
            redraws: false,
            is_line_open: false,
        }
    }

    /// Somebody is there, and is asked with `ask`.
    pub fn ask_with(&mut self, ask: Ask) {
        self.ask = Some(ask);
    }

    /// Progress is written over itself, as on a terminal.
    pub fn redraw(&mut self) {
        self.redraws = true;
    }

    /// One line of the result.
    pub(crate) fn print(&mut self, line: &str) -> Result<(), Problem> {
        self.end_line()?;
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// One line that is no result.
    pub(crate) fn note(&mut self, line: &str) -> Result<(), Problem> {
        self.end_line()?;
        self.out.flush()?;
        writeln!(self.side, "{line}")?;
        Ok(())
    }

    /// How far it is.
    pub(crate) fn progress(&mut self, words: &str) -> Result<(), Problem> {
        if !self.redraws {
            return self.note(words);
        }
        self.out.flush()?;
        write!(self.side, "\r\x1b[K{words}")?;
        self.side.flush()?;
        self.is_line_open = true;
        Ok(())
    }

    /// What went wrong. A side that cannot be written on has nobody who reads it, and whoever closed the output has read
    /// enough.
    pub(crate) fn complain(&mut self, problem: &Problem) {
        if matches!(problem, Problem::Screen(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return;
        }
        self.end_line().ok();
        self.out.flush().ok();
        writeln!(self.side, "ops: {problem}").ok();
    }

    /// Asks whether it is to be done.
    ///
    /// # Errors
    /// `NobodyToAsk`, and `NotAgreed` where the answer is anything but yes.
    pub(crate) async fn agree(&mut self, question: &str) -> Result<(), Problem> {
        let ask = self.ask.clone().ok_or(Problem::NobodyToAsk)?;
        self.end_line()?;
        self.out.flush()?;
        write!(self.side, "{question} [y/N] ")?;
        self.side.flush()?;
        // On a thread of its own, so that Ctrl-C is heard meanwhile.
        let answer = tokio::task::spawn_blocking(move || ask()).await;
        let answer = answer.map_err(io::Error::other)??;
        let agrees = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
        if agrees {
            Ok(())
        } else {
            Err(Problem::NotAgreed)
        }
    }

    /// Whether [`Self::agree`] has somebody to ask.
    ///
    /// # Errors
    /// `NobodyToAsk`.
    pub(crate) fn can_ask(&self) -> Result<(), Problem> {
        match self.ask {
            Some(_) => Ok(()),
            None => Err(Problem::NobodyToAsk),
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        if self.is_line_open {
            write!(self.side, "\r\x1b[K")?;
            self.is_line_open = false;
        }
        Ok(())
    }
}
