//! `sandbox`: the whole system on this machine, with no account and no network.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use local::sandbox::{Sandbox, Start};
use shared::clock::Clock;
use shared::telemetry::{self, Format};
use tokio::net::TcpListener;

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
    let start = Start {
        project: arguments.project,
        folder: arguments.data,
        base_url: base_url.clone(),
        machine: Clock::System,
    };
    let end = start.machine.now();
    let sandbox = Arc::new(Sandbox::start_at(start, local::demo::begins(end))?);
    greet(&base_url);
    if !arguments.no_demo {
        let t = std::time::Instant::now();
        let j = local::demo::fill(&sandbox, end).await.map_err(|e| e.to_string())?;
        println!("filled in {:?}: {j:?}", t.elapsed());
        for ((s, o), n) in sandbox.cloud().calls().counts() { println!("{s:?} {o} {n}"); }
        if std::env::args().any(|a| a == "--log") { return Ok(()); }
    }
    let server = axum::serve(listener, local::web::router(sandbox.clone()));
    // Ctrl-C ends at once: whoever is cut off sees what a crash would show, and the snapshot is complete.
    tokio::select! {
        served = async { server.await } => served.map_err(|error| error.to_string())?,
        () = sandbox.run() => {}
        ended = ended() => ended?,
    }
    sandbox.wake();
    sandbox.save();
    println!("The sandbox has ended.");
    Ok(())
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

fn greet(base_url: &str) {
    println!(
        "\n  Linky's sandbox is running\n\n    Control page   {base_url}\n    Mailbox        {base_url}/mailbox\n\n  \
         Try: sign a founding member up and pay with the good card; move the clock on by three months;\n  \
         give them a card that declines and move on by one more. Ctrl-C ends it.\n"
    );
}
