//! `bench`: what an event costs, in calls, units, time and memory, and what the sandbox takes. `./dev bench` builds and runs it.

mod admin;
mod backlog;
mod bed;
mod burst;
mod events;
mod fast_path;
mod figures;
mod function;
mod in_process;
mod portal;
mod process;
mod sandbox;
mod schedules;
mod simulator;
mod sync;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use figures::Figure;

/// Measures the webhook: its calls and units in this process, its time and memory as the release binary on a Lambda
/// Runtime API of this program, with DynamoDB in another process. Then the sandbox: its start, and its demo book.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Also write [{"name", "value", "unit"}, ...] to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The project's folder, with template.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Where the release binaries are; where this program is, unless said
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Events that each release binary is measured on
    #[arg(long, value_name = "N", default_value_t = 4_000, value_parser = clap::value_parser!(u16).range(1..))]
    events: u16,
    /// Accounts that the nightly sync is measured on; each takes 180 KB of memory here
    #[arg(long, value_name = "N", default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(1..))]
    accounts: u32,
    /// Only this section
    #[arg(long, value_name = "SECTION")]
    only: Option<Section>,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Section {
    Admin,
    FastPath,
    Burst,
    Process,
    Backlog,
    Sync,
    Faults,
    Sandbox,
    Portal,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Serve DynamoDB to the function that is measured
    #[command(name = tables::COMMAND, hide = true)]
    ServeTables { secret: String },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.role {
        Some(Role::ServeTables { secret }) => tables::serve(&arguments.project, secret).await,
        None => measure(&arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("bench: {wrong}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> Result<(), String> {
    let project = &arguments.project;
    let wanted = |section| arguments.only.is_none_or(|only| only == section);
    let mut figures: Vec<Figure> = Vec::new();
    if wanted(Section::FastPath) {
        eprintln!("calls and units of each event, in this process");
        figures.extend(fast_path::measure(project).await?);
    }
    if wanted(Section::Admin) {
        eprintln!("a refund, and the list of {} customers", arguments.accounts);
        figures.extend(admin::measure(arguments.accounts).await?);
    }
    if wanted(Section::Burst) {
        eprintln!("the events of a new subscription at once, in this process");
        figures.extend(burst::measure(project).await?);
    }
    if wanted(Section::Process) {
        eprintln!("the release binaries, on {} events each", arguments.events);
        let programs = programs(arguments)?;
        figures.extend(process::measure(project, &programs, usize::from(arguments.events)).await?);
    }
    if wanted(Section::Backlog) {
        eprintln!("the retry worker, and a backlog of 10,000 events");
        let events = usize::from(arguments.events);
        figures.extend(backlog::worker(project, &programs(arguments)?, events).await?);
        figures.extend(backlog::drained().await?);
    }
    if wanted(Section::Sync) {
        eprintln!("the nightly sync of {} accounts", arguments.accounts);
        figures.extend(sync::measure(project, &programs(arguments)?, arguments.accounts).await?);
    }
    if wanted(Section::Faults) {
        eprintln!("schedules of faults");
        figures.extend(schedules::measure()?);
    }
    if wanted(Section::Sandbox) {
        eprintln!("the sandbox, empty and with the demo book, and the Stripe in it");
        figures.extend(simulator::measure()?);
        figures.extend(sandbox::measure(project, &programs(arguments)?)?);
    }
    if wanted(Section::Portal) {
        eprintln!("the portal, with {} customers", arguments.accounts);
        figures.extend(portal::measure(project, arguments.accounts).await?);
    }
    print!("{}", figures::table(&figures));
    if let Some(file) = &arguments.json {
        let json = serde_json::to_string_pretty(&figures).map_err(|error| error.to_string())?;
        std::fs::write(file, json + "\n")
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

fn programs(arguments: &Arguments) -> Result<PathBuf, String> {
    if let Some(folder) = &arguments.programs {
        return Ok(folder.clone());
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = program.parent();
    folder
        .map(PathBuf::from)
        .ok_or_else(|| "this program lies in no folder".to_owned())
}
