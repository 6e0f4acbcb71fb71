//! `ops audit verify`: whether the audit log is as it was written.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use crate::answer::legible;
use crate::installation::Installation;
use crate::problem::Problem;
use crate::screen::Screen;

/// What is done about the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk every chain of the log from its first entry to its last; exits with 1 where one is broken, and names the place
    Verify,
}

/// What `verify-audit` answers.
#[derive(Debug, Deserialize)]
struct Answer {
    day: String,
    digest: String,
    chain_count: u64,
    entry_count: u64,
    broken: Option<Broken>,
}

#[derive(Debug, Deserialize)]
struct Broken {
    actor: String,
    why: String,
}

pub(crate) async fn run(
    command: &Command,
    installation: &Installation,
    screen: &mut Screen,
) -> Result<(), Problem> {
    let Command::Verify = command;
    let lambda = installation.lambda();
    let answer = lambda.invoke("verify-audit", &json!({})).await?;
    let answer: Answer = lambda.read("verify-audit", answer)?;
    if let Some(Broken { actor, why }) = &answer.broken {
        screen.print(&legible(&format!("broken    {actor}: {why}")))?;
        return Err(Problem::Failing);
    }
    screen.print(&format!(
        "whole     {} entries in {} chains; digest of {}: {}",
        answer.entry_count, answer.chain_count, answer.day, answer.digest
    ))
}
