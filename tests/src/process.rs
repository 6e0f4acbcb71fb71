//! A built function as a process of its own, as on Lambda: fed by a Runtime API of ours, its calls over real sockets.

mod loopback;
mod runtime_api;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::World;
pub use loopback::Loopback;
pub use runtime_api::{Answered, RuntimeApi};

/// Longest wait for one answer. A function that takes longer has gone wrong.
pub const ANSWER_MAX: Duration = Duration::from_secs(20);

/// A process that ends with its value.
#[derive(Debug)]
pub struct Process(Child);

/// A function in a process of its own, with the Runtime API that feeds it.
#[derive(Debug)]
pub struct Deployed {
    /// What hands it its events.
    pub api: RuntimeApi,
    /// The process.
    pub process: Process,
}

impl Deployed {
    /// Starts the function `name`, built as `program`, in the environment that the template gives it in `world`, with
    /// `cloud` for AWS and Stripe. It may take `timeout` for an event.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn start(
        world: &World,
        cloud: &Loopback,
        (name, program): (&str, &str),
        timeout: Duration,
    ) -> Result<Self, String> {
        let functions = &world.sandbox.deployment().functions;
        let function = functions
            .get(name)
            .ok_or_else(|| format!("template.yaml deploys no {name}"))?;
        let mut environment = function.environment.clone();
        environment.insert("AWS_ENDPOINT_URL".to_owned(), cloud.url());
        environment.insert("STRIPE_API_BASE".to_owned(), cloud.url());
        let api = RuntimeApi::serve(timeout).await?;
        let process = Process::start(Path::new(program), &environment, &api)?;
        Ok(Self { api, process })
    }

    /// Hands it one event and waits for its answer.
    ///
    /// # Errors
    /// Where it fails, or does not answer in time.
    pub async fn handle(&mut self, event: &Value) -> Result<Answered, String> {
        self.api.hand_over(event)?;
        self.api.answer(ANSWER_MAX).await
    }
}

impl Process {
    /// Starts `program` with `environment` and what Lambda itself adds to it. It asks `api` for its first event.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub fn start(
        program: &Path,
        environment: &BTreeMap<String, String>,
        api: &RuntimeApi,
    ) -> Result<Self, String> {
        let child = Command::new(program)
            .env_clear()
            .envs(environment)
            .envs(lambda_environment(api.address()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn();
        child
            .map(Self)
            .map_err(|error| format!("{}: {error}", program.display()))
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// The memory it holds now, in bytes. Only Linux tells.
    pub fn memory_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib * 1024)
    }
}

/// Ends it at once, wherever it is, as `kill -9` does.
impl Drop for Process {
    fn drop(&mut self) {
        // An error says that it has ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What Lambda itself puts into a function's environment.
fn lambda_environment(api: &str) -> [(&'static str, String); 9] {
    [
        ("AWS_LAMBDA_RUNTIME_API", api.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", "local".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "local".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIDLOCAL".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
    ]
}
