//! DynamoDB and SSM as another process: this program once more, serving the local cloud on a port of this machine.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use shared::clock::Clock;
use tests::process::Loopback;

use crate::bed::Bed;

/// The word that makes this program the server.
pub(crate) const COMMAND: &str = "serve-tables";

/// The process, and where it listens. It ends with this value.
pub(crate) struct Tables {
    process: Child,
    /// Held for as long as the server is to run: it ends when its input does, so also if this program is killed.
    _lifeline: ChildStdin,
    /// What `AWS_ENDPOINT_URL` is to be.
    pub(crate) url: String,
}

impl Tables {
    /// Starts the server.
    pub(crate) fn start(project: &Path, secret: &str) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{COMMAND}: {error}");
        let program = std::env::current_exe().map_err(failed)?;
        let mut process = Command::new(program)
            .arg("--project")
            .arg(project)
            .args([COMMAND, secret])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (Some(lifeline), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{COMMAND}: it has no input and output"));
        };
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).map_err(failed)?;
        let started = Self {
            process,
            _lifeline: lifeline,
            url: url.trim().to_owned(),
        };
        if started.url.is_empty() {
            return Err(format!("{COMMAND}: it ended before it listened"));
        }
        Ok(started)
    }
}

impl Drop for Tables {
    fn drop(&mut self) {
        // What it holds is of no use to anybody; an error says that it has ended already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Serves until the input ends.
pub(crate) async fn serve(project: &Path, secret: &str) -> Result<(), String> {
    let bed = Bed::new(project, Clock::System, secret)?;
    let server = Loopback::serve(bed.cloud).await?;
    println!("{}", server.url());
    std::thread::spawn(|| {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
        std::process::exit(0);
    });
    server.ended().await
}
