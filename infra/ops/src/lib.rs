//! `ops`: what the operator of an installation does from a terminal, on AWS and on a running sandbox alike. One module a
//! command; each asks the deployed functions and decides nothing itself.

mod answer;
mod audit;
mod backfill;
mod health;
mod installation;
mod journey;
mod lambda;
mod order;
mod owner;
mod problem;
mod redrive;
mod replay;
mod screen;
mod table;

use std::future::Future;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use clap::{Parser, Subcommand};
use shared::clock::Clock;
use shared::config::Env;
use shared::network;

use crate::installation::Installation;
use crate::lambda::TIMEOUTS;
use crate::problem::Problem;
pub use crate::screen::{Ask, Screen};

/// Operates an installation of Linky's billing: on AWS, in the region and with the credentials of the environment, or a
/// running sandbox.
#[derive(Debug, Parser)]
#[command(name = "ops", version, after_help = ENVIRONMENT)]
pub struct Arguments {
    /// Ask a running sandbox, by itself the one at http://127.0.0.1:4242
    #[arg(
        long,
        global = true,
        value_name = "URL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "http://127.0.0.1:4242"
    )]
    sandbox: Option<String>,
    /// What the names of the installation begin with: its parameter TablePrefix
    #[arg(long, global = true, value_name = "TEXT", default_value = "linky-")]
    prefix: String,
    #[command(subcommand)]
    command: Command,
}

const ENVIRONMENT: &str = "\
On AWS it takes what the AWS CLI takes from the environment: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_SESSION_TOKEN. Of a profile:  eval \"$(aws configure export-credentials --format env)\"

It exits with 0 where all was done, 1 where something was refused or is failing, 2 where the command is wrong, and 130
where it was interrupted.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Have events tried anew, after telling what that changes
    Replay(replay::Arguments),
    /// Take in what Stripe has told and is not on record
    Backfill(backfill::Arguments),
    /// Move dead letters back to the queue they came from
    Redrive(redrive::Arguments),
    /// Say how every part does
    Health(health::Arguments),
    /// Make the first owner of the portal
    #[command(subcommand)]
    Owner(owner::Command),
    /// Check the audit log
    #[command(subcommand)]
    Audit(audit::Command),
}

/// What `ops` stands on.
#[derive(Clone)]
pub struct Platform {
    env: Env,
    clock: Clock,
    http: SharedHttpConnector,
}

impl Platform {
    /// The network, with the settings of `env` and the time of `clock`.
    pub fn new(env: Env, clock: Clock) -> Self {
        Self {
            env,
            clock,
            http: network::connector(TIMEOUTS),
        }
    }
}

/// Does what was asked, and says with which code to exit. It ends where it stands when `interrupted` comes, saying how to
/// go on.
pub async fn run(
    arguments: &Arguments,
    platform: &Platform,
    screen: &mut Screen,
    interrupted: impl Future<Output = ()>,
) -> u8 {
    match done(arguments, platform, screen, interrupted).await {
        Ok(()) => 0,
        Err(problem) => {
            screen.complain(&problem);
            problem.exit_code()
        }
    }
}

async fn done(
    arguments: &Arguments,
    platform: &Platform,
    screen: &mut Screen,
    interrupted: impl Future<Output = ()>,
) -> Result<(), Problem> {
    let sandbox = arguments.sandbox.as_deref();
    let installation = Installation::of(sandbox, &arguments.prefix, platform)?;
    match &arguments.command {
        Command::Replay(order) => replay::run(order, &installation, screen, interrupted).await,
        Command::Backfill(order) => backfill::run(order, &installation, screen, interrupted).await,
        Command::Redrive(order) => {
            tokio::select! {
                done = redrive::run(order, &installation, screen) => done,
                () = interrupted => Err(Problem::Interrupted),
            }
        }
        Command::Owner(order) => {
            tokio::select! {
                done = owner::run(order, &installation, screen) => done,
                () = interrupted => Err(Problem::Interrupted),
            }
        }
        Command::Audit(order) => {
            tokio::select! {
                done = audit::run(order, &installation, screen) => done,
                () = interrupted => Err(Problem::Interrupted),
            }
        }
        Command::Health(order) => {
            tokio::select! {
                done = health::run(order, &installation, screen) => done,
                () = interrupted => Err(Problem::Interrupted),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_in_order() {
        Arguments::command().debug_assert();
    }
}
