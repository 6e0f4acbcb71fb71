//! `ops` in a terminal.

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use ops::{Arguments, Platform, Screen};
use shared::clock::Clock;
use shared::config::Env;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("ops: {error}");
            return ExitCode::FAILURE;
        }
    };
    let platform = Platform::new(Env::process(), Clock::System);
    let exit = runtime.block_on(async {
        let interrupted = async {
            // Where the signal cannot be listened to, Ctrl-C ends the process by itself.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        ops::run(&arguments, &platform, &mut terminal(), interrupted).await
    });
    // A question that nobody answered is still being read from the terminal, and would hold up the end.
    runtime.shutdown_background();
    ExitCode::from(exit)
}

fn terminal() -> Screen {
    let mut screen = Screen::new(io::stdout(), io::stderr());
    if io::stderr().is_terminal() {
        screen.redraw();
    }
    if io::stdin().is_terminal() {
        screen.ask_with(Arc::new(|| {
            let mut answer = String::new();
            io::stdin().read_line(&mut answer).map(|_| answer)
        }));
    }
    screen
}
