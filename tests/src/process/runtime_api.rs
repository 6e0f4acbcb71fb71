//! The Lambda Runtime API as a function meets it
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>, read in November 2026): it asks for the next event,
//! and posts its answer or its failure.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use shared::clock::Clock;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// A Runtime API on a free port of this machine, for one function that takes one event at a time.
#[derive(Debug)]
pub struct RuntimeApi {
    address: String,
    events: UnboundedSender<Bytes>,
    answers: UnboundedReceiver<Result<Answered, String>>,
    server: JoinHandle<()>,
}

/// An event that was answered.
#[derive(Debug)]
pub struct Answered {
    /// When.
    pub at: Instant,
    /// From its handing over.
    pub took: Duration,
    /// With what.
    pub body: Value,
}

struct Shared {
    timeout_ms: i64,
    events: Mutex<UnboundedReceiver<Bytes>>,
    handed_over: std::sync::Mutex<Option<Instant>>,
    answers: UnboundedSender<Result<Answered, String>>,
}

impl RuntimeApi {
    /// Starts it for a function that may take `timeout` for an event, or is told so: nobody ends it when that is over.
    ///
    /// # Errors
    /// Where no port can be had.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server runs beside the function, and ends with this value"
    )]
    pub async fn serve(timeout: Duration) -> Result<Self, String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (events, to_hand_over) = unbounded_channel();
        let (answered, answers) = unbounded_channel();
        let shared = Arc::new(Shared {
            timeout_ms: i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX),
            events: Mutex::new(to_hand_over),
            handed_over: std::sync::Mutex::default(),
            answers: answered,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .route("/2018-06-01/runtime/init/error", post(failure))
            .with_state(shared);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the Runtime API has ended: {error}");
            }
        });
        Ok(Self {
            address: address.to_string(),
            events,
            answers,
            server,
        })
    }

    /// Where it is, as `AWS_LAMBDA_RUNTIME_API` has it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Has the function given `event` when it asks next.
    ///
    /// # Errors
    /// Where the server has ended.
    pub fn hand_over(&self, event: &Value) -> Result<(), String> {
        self.events
            .send(Bytes::from(event.to_string()))
            .map_err(|error| error.to_string())
    }

    /// The answer to the event handed over.
    ///
    /// # Errors
    /// Where none comes within `patience`, or the function says that it failed.
    pub async fn answer(&mut self, patience: Duration) -> Result<Answered, String> {
        let answer = tokio::time::timeout(patience, self.answers.recv()).await;
        match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => Err("the Runtime API has ended".to_owned()),
            Err(_) => Err(format!("the function did not answer within {patience:?}")),
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline_ms = Clock::System.now().as_ms() + shared.timeout_ms;
    let headers = [
        (
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned(),
        ),
        ("lambda-runtime-deadline-ms", deadline_ms.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:bench".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    *shared.stamp() = Some(Instant::now());
    (headers, event).into_response()
}

async fn response(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let at = Instant::now();
    let handed_over = shared.stamp().take();
    let answered = serde_json::from_slice(&body).map_err(|error| error.to_string());
    shared.say(answered.map(|body| Answered {
        at,
        took: handed_over.map_or(Duration::ZERO, |then| at - then),
        body,
    }));
    StatusCode::ACCEPTED
}

async fn failure(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let words = String::from_utf8_lossy(&body);
    shared.say(Err(format!("the function failed: {words}")));
    StatusCode::ACCEPTED
}

impl Shared {
    fn stamp(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.handed_over
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn say(&self, answer: Result<Answered, String>) {
        // Nobody is left to hear it where the measurement was given up.
        self.answers.send(answer).ok();
    }
}
