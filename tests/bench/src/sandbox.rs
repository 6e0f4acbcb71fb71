//! The sandbox as its own process: how soon it answers, what the demo book takes, and how fast time passes in it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::figures::{Figure, percentile};
use crate::function::usage;

/// Fresh processes, of whose start-up times the median is taken.
const STARTS: usize = 5;

/// Months by which the clock is moved with the demo book in it.
const MONTHS: u64 = 3;

/// Longest wait for an answer: moving the clock is the slowest, in an unoptimised build on a busy machine.
const ANSWER_MAX: Duration = Duration::from_secs(600);

/// Measures the program `sandbox` in `programs`.
pub(crate) fn measure(project: &Path, programs: &Path) -> Result<Vec<Figure>, String> {
    let program = programs.join("sandbox");
    let mut starts = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let started = Instant::now();
        let sandbox = Running::start(&program, project, "--no-demo")?;
        sandbox.ask("GET", "/", "")?;
        starts.push(started.elapsed());
    }
    starts.sort();
    let mut figures = vec![Figure::milliseconds(
        "sandbox.start_ms",
        percentile(&starts, 50),
    )];

    let started = Instant::now();
    let mut sandbox = Running::start(&program, project, "--demo")?;
    sandbox.line_with("The demo book is filled")?;
    figures.push(Figure::seconds("sandbox.demo_s", started.elapsed()));
    let memory = usage::memory_bytes(sandbox.process.id());
    figures.extend(memory.map(|bytes| Figure::megabytes("sandbox.rss_mb", bytes)));

    let started = Instant::now();
    let body = format!("{{\"months\":{MONTHS}}}");
    sandbox.ask("POST", "/control/advance", &body)?;
    let customer_months = MONTHS * u64::try_from(local::demo::CUSTOMERS).unwrap_or(u64::MAX);
    figures.push(Figure::per_second(
        "sandbox.months_per_s",
        customer_months,
        started.elapsed(),
    ));
    Ok(figures)
}

/// A sandbox, which ends with this value.
struct Running {
    process: Child,
    output: BufReader<ChildStdout>,
    /// `127.0.0.1:` and the port.
    address: String,
}

impl Running {
    /// Starts one on a free port, and returns once it says where.
    fn start(program: &Path, project: &Path, book: &str) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", program.display());
        let mut process = Command::new(program)
            .args(["--port", "0", book, "--log", "error", "--project"])
            .arg(project)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let stdout = process.stdout.take();
        let stdout = stdout.ok_or_else(|| format!("{}: no output", program.display()))?;
        let mut running = Self {
            process,
            output: BufReader::new(stdout),
            address: String::new(),
        };
        let line = running.line_with("http://")?;
        let (_, address) = line.split_once("http://").unwrap_or_default();
        running.address = address.trim().to_owned();
        Ok(running)
    }

    /// Reads on until a line has these words; the end of the output ends the search.
    fn line_with(&mut self, words: &str) -> Result<String, String> {
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line);
            match read.map_err(|error| error.to_string())? {
                0 => return Err(format!("the sandbox ended before it said \"{words}\"")),
                _ if line.contains(words) => return Ok(line),
                _ => {}
            }
        }
    }

    /// One request on a connection of its own; anything but a 200 is an error.
    fn ask(&self, method: &str, path: &str, body: &str) -> Result<(), String> {
        let answer = self.exchange(method, path, body);
        let answer = answer.map_err(|error| format!("{method} {path}: {error}"))?;
        if answer.starts_with("HTTP/1.1 200") {
            return Ok(());
        }
        Err(format!("{method} {path}: {answer}"))
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut connection = TcpStream::connect(&self.address)?;
        connection.set_read_timeout(Some(ANSWER_MAX))?;
        let (host, length) = (&self.address, body.len());
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What it holds is of no use to anybody; an error says that it has ended already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
