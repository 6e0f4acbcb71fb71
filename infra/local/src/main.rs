//! `sandbox`: the whole system on this machine, with no account and no network.

use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use local::demo::{self, Unfinished};
use local::sandbox::{Sandbox, Start};
use local::staff::{self, SignInCard};
use mimalloc::MiMalloc;
use shared::clock::Clock;
use shared::telemetry::{self, Format};
use shared::time::Timestamp;
use tokio::net::TcpListener;
use tracing::subscriber::NoSubscriber;

/// A sandbox is one thread that makes and drops small texts all day: a twelfth of its time is saved.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Linky's billing on this machine: the real functions on a local AWS and a local Stripe, with a clock that can be moved.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version)]
struct Arguments {
    /// Keep everything in this folder over a restart; without it, all is forgotten at the end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port of 127.0.0.1 to listen on; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 4242)]
    port: u16,
    /// Fill the sandbox with the demo book; so is done anyway where nothing is kept yet
    #[arg(long, conflicts_with = "no_demo")]
    demo: bool,
    /// Start empty, without the demo book
    #[arg(long)]
    no_demo: bool,
    /// The project's folder, with template.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// The least level of what the functions log here: error, warn, info or debug
    #[arg(long, value_name = "LEVEL", default_value = "warn")]
    log: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("sandbox: {wrong}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    telemetry::start(Format::Readable, &arguments.log)
        .map_err(|error| format!("--log {}: {error}", arguments.log))?;
    let port = arguments.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| unavailable(port, &error))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let base_url = format!("http://{address}");
    let machine = Clock::System;
    let end = machine.now();
    let book = Book::of(&arguments, end)?;
    let begins = book.as_ref().map_or(end, |_| demo::begins(end));
    let start = Start {
        project: arguments.project,
        folder: arguments.data,
        base_url: base_url.clone(),
        machine,
    };
    let sandbox = Arc::new(Sandbox::start_at(start, begins)?);
    println!(
        "\n  Linky's sandbox is running\n\n    Control page   {base_url}\n    Mailbox        {base_url}/mailbox\n"
    );
    let server = axum::serve(listener, local::web::router(sandbox.clone()));
    let work = async {
        let is_demo = book.is_some();
        if let Some(book) = book {
            book.fill(&sandbox).await?;
        }
        show_cards(&staff::welcome(&sandbox).await?, &base_url);
        println!("{}", if is_demo { TRY_WITH_BOOK } else { TRY });
        sandbox.run().await;
        Ok(())
    };
    // Ctrl-C ends at once: whoever is cut off sees what a crash would show, and the snapshot is complete.
    let ended = tokio::select! {
        served = async { server.await } => served.map_err(|error| error.to_string()),
        worked = work => worked,
        ended = ended() => ended,
    };
    ended?;
    sandbox.wake();
    sandbox.save();
    println!("The sandbox has ended.");
    Ok(())
}

/// Prints with what the administrators sign in.
fn show_cards(cards: &[SignInCard], base_url: &str) {
    if cards.is_empty() {
        return;
    }
    println!(
        "  Administrators, each with the password \"{}\":\n",
        staff::PASSWORD
    );
    for card in cards {
        println!(
            "    {:<8} {:<20} authenticator {}",
            card.role.as_str(),
            card.email,
            card.secret
        );
    }
    println!(
        "\n    An authenticator shows the code of the sandbox's time, which may not be yours; so does\n    \
         curl {base_url}/control/staff\n"
    );
}

const TRY: &str = "  Three things to try: sign a founding member up and pay with the good card; move the clock on by three
  months; give them a card that declines and move on by one more. Ctrl-C ends it.
";

const TRY_WITH_BOOK: &str = "  Three things to try: find a customer who is past due, give them a good card and pay; find those who
  differ from Stripe, move the clock on by a day, and see the nightly sync mend them; sign a founding
  member up and move the clock on by three months. Ctrl-C ends it.
";

/// The demo book that is to be filled in.
struct Book {
    end: Timestamp,
    unfinished: Option<Unfinished>,
}

impl Book {
    /// None where the sandbox is to start empty, or goes on with what it kept.
    fn of(arguments: &Arguments, end: Timestamp) -> Result<Option<Self>, String> {
        let Some(folder) = &arguments.data else {
            let book = Self {
                end,
                unfinished: None,
            };
            return Ok(Some(book).filter(|_| !arguments.no_demo));
        };
        let failed = |error: io::Error| format!("{}: {error}", folder.display());
        if Unfinished::clear(folder).map_err(failed)? {
            println!("\n  The demo book was not finished here; it is begun anew.");
        }
        if arguments.no_demo {
            return Ok(None);
        }
        if demo::holds_something(folder) {
            return match arguments.demo {
                false => Ok(None),
                true => Err(format!(
                    "{}: there is a sandbox in it already; start it without --demo, or name another folder with --data",
                    folder.display()
                )),
            };
        }
        let unfinished = Unfinished::mark(folder).map_err(failed)?;
        Ok(Some(Self {
            end,
            unfinished: Some(unfinished),
        }))
    }

    async fn fill(self, sandbox: &Sandbox) -> Result<(), String> {
        let people = demo::CUSTOMERS;
        let on_terminal = io::stdout().is_terminal();
        if !on_terminal {
            println!("  Filling the demo book: {people} customers over nine months.");
        }
        // What goes wrong in the book is meant to; the page shows it.
        let _silent = tracing::subscriber::set_default(NoSubscriber::new());
        let mut filling = pin!(demo::fill(sandbox, self.end, people));
        let filled = loop {
            tokio::select! {
                filled = &mut filling => break filled,
                () = tokio::time::sleep(SHOWN_EVERY) => {
                    if on_terminal {
                        show(sandbox);
                    }
                }
            }
        };
        filled.map_err(|error| format!("the demo book: {error}"))?;
        if let Some(unfinished) = self.unfinished {
            unfinished.finished().map_err(|error| error.to_string())?;
        }
        let over = if on_terminal { "\r\x1b[K" } else { "" };
        println!("{over}  The demo book is filled: {people} customers over nine months.\n");
        Ok(())
    }
}

/// How often the terminal shows how far the book has come.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

fn show(sandbox: &Sandbox) {
    let Some(journey) = sandbox.travel().journey() else {
        return;
    };
    let whole = journey.to.since_s(journey.from).max(1);
    let percent = 100 * journey.at.since_s(journey.from) / whole;
    print!(
        "\r\x1b[K  Filling the demo book: {}, {percent} %",
        journey.at.day()
    );
    // A terminal that does not take it shows the next one.
    io::stdout().flush().ok();
}

fn unavailable(port: u16, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => "is taken".to_owned(),
        io::ErrorKind::PermissionDenied => "is for administrators only".to_owned(),
        _ => error.to_string(),
    };
    format!("port {port} {why}; choose another one with --port, or any free one with --port 0")
}

async fn ended() -> Result<(), String> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| error.to_string()),
        _ = terminated.recv() => Ok(()),
    }
}
