//! `simulate`: runs schedules of faults against the functions and says after which something is not as it should be.
//! `./dev simulate` builds and runs it.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use local::cloud::{Made, Outcome};
use tests::simulate::{Bug, Campaign, Flow, Plan, Progress, Schedule};

/// Runs schedules of faults, each in a sandbox of its own, and demands that all is well afterwards: the record equal to
/// Stripe, each effect once, nothing left pending, and healed in time. Exits with 1 where it is not.
#[derive(Debug, Parser)]
#[command(name = "./dev simulate")]
struct Arguments {
    /// How many: first all that can be listed, then mixtures drawn from the seed
    #[arg(long, value_name = "N", default_value_t = 22_000)]
    schedules: u64,
    /// What the mixtures are drawn from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Run this one schedule, as a violation names it
    #[arg(long, value_name = "ID")]
    replay: Option<String>,
    /// List the flows, with what is listed of each, and run nothing
    #[arg(long)]
    list: bool,
    /// Take one defence away, to see it missed; `list` names them
    #[arg(long, value_name = "NAME")]
    bug: Option<String>,
    /// Take each defence away in turn, and say which schedule misses it first
    #[arg(long)]
    bugs: bool,
    /// Show so many violations; the end counts all
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
}

/// Characters of a wrong that the table of bugs shows.
const WRONG_CHARS_MAX: usize = 110;

/// How often it says how far it has come.
const TOLD_EVERY: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.bug.as_deref() == Some("list") {
        Bug::ALL.iter().for_each(|bug| println!("{}", bug.name()));
        return ExitCode::SUCCESS;
    }
    match begin(&arguments) {
        Ok(all_is_well) if all_is_well => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(wrong) => {
            eprintln!("simulate: {wrong}");
            ExitCode::FAILURE
        }
    }
}

fn begin(arguments: &Arguments) -> Result<bool, String> {
    let bug = match &arguments.bug {
        None => None,
        Some(name) => Some(
            Bug::named(name)
                .ok_or_else(|| format!("there is no bug {name}; --bug list names them"))?,
        ),
    };
    if let Some(id) = &arguments.replay {
        return replay(&id.parse()?, bug);
    }
    let begun = Instant::now();
    let campaign = Campaign::new()?;
    let plan = campaign.plan(arguments.seed);
    if arguments.list {
        // Whoever reads it may have seen enough before its end.
        return Ok(list(&plan).is_ok());
    }
    if arguments.bugs {
        std::panic::set_hook(Box::new(|_| {}));
        return Ok(hunt(&campaign, &plan));
    }
    println!(
        "{} flows, {} schedules listed, {} to run, seed {}",
        Flow::ALL.len(),
        plan.listed(),
        arguments.schedules,
        arguments.seed
    );
    // What panics in a schedule is a violation, and is told with it.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = Arc::new(Progress::default());
    stop_when_interrupted(progress.clone())?;
    std::thread::scope(|scope| {
        let run = scope.spawn(|| campaign.run(&plan, arguments.schedules, bug, &progress));
        let mut shown = 0;
        while !run.is_finished() {
            std::thread::sleep(TOLD_EVERY);
            shown = tell(&progress, begun, shown, arguments.show);
        }
        tell(&progress, begun, shown, arguments.show);
    });
    let violations = progress.violations().len();
    wipe();
    println!(
        "{} schedules, {} calls went wrong in them, {violations} violations, {} s",
        progress.done(),
        progress.struck(),
        begun.elapsed().as_secs()
    );
    Ok(violations == 0)
}

fn list(plan: &Plan) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "flow                 calls  listed  single faults  pairs"
    )?;
    for (flow, calls, [listed, singles, pairs]) in plan.flows() {
        writeln!(
            out,
            "{:20} {calls:>5} {listed:>7} {singles:>14} {pairs:>6}",
            flow.name()
        )?;
    }
    Ok(())
}

/// Has Ctrl-C end the campaign with its summary.
fn stop_when_interrupted(progress: Arc<Progress>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| error.to_string())?;
    std::thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            progress.stop();
        }
    });
    Ok(())
}

/// Takes away what a terminal shows of how far it has come.
fn wipe() {
    if std::io::stdout().is_terminal() {
        print!("\r\x1b[K");
    }
}

/// Says how far it has come and what was found since `shown`, but no more than `most`; the answer is what is shown by then.
fn tell(progress: &Progress, begun: Instant, shown: usize, most: usize) -> usize {
    let violations = progress.violations();
    for violation in violations.iter().take(most).skip(shown) {
        wipe();
        println!("./dev simulate --replay {}", violation.schedule);
        violation
            .wrongs
            .iter()
            .for_each(|wrong| println!("    {wrong}"));
    }
    if !std::io::stdout().is_terminal() {
        return violations.len();
    }
    let rate = progress.done() / begun.elapsed().as_secs().max(1);
    wipe();
    print!(
        "{} schedules, {rate} a second, {} violations",
        progress.done(),
        violations.len()
    );
    std::io::stdout().flush().ok();
    violations.len()
}

/// Prints which schedule misses each defence first; false where one is not missed.
fn hunt(campaign: &Campaign, plan: &Plan) -> bool {
    let mut all_are_killed = true;
    for bug in Bug::ALL {
        let Some((tried, killer)) = campaign.hunt(plan, *bug) else {
            println!("{:26} SURVIVES", bug.name());
            all_are_killed = false;
            continue;
        };
        let wrong = killer.wrongs.first().map_or("", String::as_str);
        println!("{:26} {tried:>5}  {}", bug.name(), killer.schedule);
        println!(
            "{:34}{}",
            "",
            wrong.chars().take(WRONG_CHARS_MAX).collect::<String>()
        );
    }
    all_are_killed
}

fn tell_of_call(made: &Made) {
    let outcome = match &made.outcome {
        Outcome::Answered(status) => status.to_string(),
        Outcome::Broken(broken) => broken.to_string(),
    };
    println!(
        "{}  {:18} {:?} {}: {outcome}",
        made.at, made.caller, made.service, made.operation
    );
}

fn replay(schedule: &Schedule, bug: Option<Bug>) -> Result<bool, String> {
    let campaign = Campaign::of(&[schedule.flow])?;
    let played = campaign.play(schedule, bug)?;
    played.trail.iter().for_each(tell_of_call);
    println!("{schedule}: {} calls went wrong", played.struck);
    for wrong in &played.violations {
        println!("    {wrong}");
    }
    Ok(played.violations.is_empty())
}
