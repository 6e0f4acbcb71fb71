//! Frame: what a function is, what it stands on, and how Lambda starts it.

use std::future::Future;
use std::pin::Pin;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Env;
use crate::error::Error;
use crate::network::{self, NetworkTimeouts};
use crate::telemetry::metrics::Metrics;
use crate::telemetry::{self, Format};
use crate::time::Timestamp;

/// One operation: an event in, an answer out.
pub trait Function: Send + Sync + 'static {
    /// What the trigger sends.
    type Event: DeserializeOwned + Send;
    /// What the trigger reads.
    type Answer: Serialize + Send;

    /// Handles one event. `Err` means that the invocation counts as failed.
    fn handle(
        &self,
        event: Self::Event,
        invocation: Invocation,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// What Lambda says about one invocation.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Lambda's id of it, in the logs and in the error envelope.
    pub request_id: String,
    /// When Lambda ends it, finished or not.
    pub deadline: Timestamp,
}

/// Seconds kept free at the end of an invocation, for noting what became of the work and for the answer.
const ANSWER_S: i64 = 5;

impl Invocation {
    /// Until when foreign services may be waited for.
    pub const fn patience(&self) -> Timestamp {
        self.deadline.plus_s(-ANSWER_S)
    }
}

/// What a function stands on and cannot make itself: time, chance, sleep and the network.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The time of day.
    pub clock: Clock,
    /// Random numbers for identifiers and jitter.
    pub chance: Chance,
    /// How a retry waits.
    pub sleep: SharedAsyncSleep,
    /// The way out: AWS and Stripe alike.
    pub http: SharedHttpConnector,
    /// Where the function's numbers go.
    pub metrics: Metrics,
}

impl Platform {
    /// What Lambda gives the function `name`.
    pub fn on_lambda(name: &'static str) -> Self {
        Self {
            clock: Clock::System,
            chance: Chance::system(),
            sleep: SharedAsyncSleep::new(TokioSleep::new()),
            http: network::connector(NetworkTimeouts::default()),
            metrics: Metrics::emitted(name),
        }
    }
}

/// What Lambda reports of a failed invocation: to the logs and the error metric, never to a caller.
impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Self {
            error_type: error.code.to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// Starts a function on Lambda and serves its events until Lambda ends the process.
///
/// # Errors
/// Where a setting is missing, or Lambda's runtime interface is not there.
pub async fn run<F: Function>(
    name: &'static str,
    make: impl FnOnce(&Env, &Platform) -> Result<F, Error>,
) -> Result<(), lambda_runtime::Error> {
    let env = Env::process();
    let level = env
        .optional("LOG_LEVEL")
        .unwrap_or_else(|| "info".to_owned());
    telemetry::start(Format::Json, &level)?;
    let function = make(&env, &Platform::on_lambda(name)).inspect_err(|error| {
        tracing::error!(%error, "the function cannot start");
    })?;
    let function = &function;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<F::Event>| {
        let invocation = Invocation {
            deadline: Timestamp::from_ms(i64::try_from(event.context.deadline).unwrap_or(i64::MAX)),
            request_id: event.context.request_id,
        };
        let span = tracing::info_span!("invocation", request.id = %invocation.request_id);
        // Boxed: the future of an operation holds those of the SDK, nested deeper than the compiler lays out by itself.
        let handled: Pin<Box<dyn Future<Output = Result<F::Answer, Error>> + Send>> =
            Box::pin(function.handle(event.payload, invocation));
        handled.instrument(span)
    }))
    .await
}
