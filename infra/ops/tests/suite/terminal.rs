//! A sandbox on a port, and somebody at a terminal who gives commands.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use clap::Parser;
use ops::{Arguments, Platform, Screen};
use shared::clock::Clock;
use shared::config::Env;
use tests::World;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Longest command. One that takes longer hangs.
const COMMAND_MAX: Duration = Duration::from_secs(60);

/// A server that ends with its value.
pub(crate) struct Served {
    pub(crate) url: String,
    server: JoinHandle<()>,
}

impl Served {
    pub(crate) async fn sandbox(world: &World) -> Self {
        Self::router(local::web::router(world.sandbox.clone())).await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the server runs beside the command that asks it, and ends with this value"
    )]
    pub(crate) async fn router(router: Router) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, server }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What a command wrote, and with which code it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) side: String,
}

/// Gives a command to the sandbox at `url`, with nobody at the terminal.
pub(crate) async fn command(url: &str, words: &[&str]) -> Ended {
    asked(url, words, None).await
}

/// The same, with somebody there who answers `answer` to a question.
pub(crate) async fn asked(url: &str, words: &[&str], answer: Option<&'static str>) -> Ended {
    let sandbox = format!("--sandbox={url}");
    let words = [&[sandbox.as_str()], words].concat();
    given(&words, &[], answer, std::future::pending()).await
}

/// The same with somebody there, interrupted when it first says how far it is.
pub(crate) async fn interrupted(url: &str, words: &[&str]) -> Ended {
    let sandbox = format!("--sandbox={url}");
    let words = [&[sandbox.as_str()], words].concat();
    let written = Written::default();
    let noted = written.noted.clone();
    let interrupt = async move { noted.notified().await };
    run(&words, &[], Some("y"), interrupt, written).await
}

/// Gives a command in an environment.
pub(crate) async fn given(
    words: &[&str],
    environment: &[(&str, &str)],
    answer: Option<&'static str>,
    interrupt: impl Future<Output = ()>,
) -> Ended {
    run(words, environment, answer, interrupt, Written::default()).await
}

async fn run(
    words: &[&str],
    environment: &[(&str, &str)],
    answer: Option<&'static str>,
    interrupt: impl Future<Output = ()>,
    side: Written,
) -> Ended {
    let arguments = Arguments::try_parse_from([&["ops"], words].concat());
    let arguments = arguments.unwrap_or_else(|error| panic!("{error}"));
    let variables = environment.iter();
    let variables: BTreeMap<String, String> = variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let platform = Platform::new(Env::of(variables), Clock::System);
    let out = Written::default();
    let mut screen = Screen::new(out.clone(), side.clone());
    if let Some(answer) = answer {
        screen.ask_with(Arc::new(move || Ok(answer.to_owned())));
    }
    let running = ops::run(&arguments, &platform, &mut screen, interrupt);
    let code = tokio::time::timeout(COMMAND_MAX, running).await;
    Ended {
        code: code.expect("the command hangs"),
        out: out.text(),
        side: side.text(),
    }
}

/// What was written so far; whoever waits is told of each line.
#[derive(Clone, Default)]
struct Written {
    bytes: Arc<Mutex<Vec<u8>>>,
    noted: Arc<Notify>,
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.bytes.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.lock().unwrap().extend_from_slice(bytes);
        self.noted.notify_one();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
