//! Test bed: a network that plays a script, and a sleep that takes no time. For the doors' own tests only; flows across
//! functions run against the local cloud.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use crate::clock::Clock;

/// What the network does with the next request.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// It brings this answer.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The connection breaks.
    Broken,
    /// Nothing ever comes.
    Silent,
}

/// An answer without headers.
pub(crate) fn answer(status: u16, body: &str) -> Step {
    Step::Answer(status, Vec::new(), body.to_owned())
}

impl Step {
    /// The same answer with one more header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

/// A request as it reached the network.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(other, _)| other == name);
        named.next().map(|(_, value)| value.as_str())
    }
}

/// A connector that plays its steps in order and remembers what it was asked. Past its last step it is silent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let script = Self::default();
        script.then(steps);
        script
    }

    pub(crate) fn then(&self, steps: impl IntoIterator<Item = Step>) {
        self.steps.lock().unwrap().extend(steps);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connector(&self) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.seen.lock().unwrap().push(Seen {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned(),
        });
        match self.steps.lock().unwrap().pop_front() {
            Some(Step::Answer(status, headers, body)) => {
                let status = StatusCode::try_from(status).unwrap();
                let mut response = HttpResponse::new(status, SdkBody::from(body));
                for (name, value) in headers {
                    response.headers_mut().append(name, value);
                }
                HttpConnectorFuture::ready(Ok(response))
            }
            Some(Step::Broken) => {
                HttpConnectorFuture::ready(Err(ConnectorError::io("connection reset".into())))
            }
            Some(Step::Silent) | None => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

/// A sleep that is over at once, moves a manual clock by its length, and remembers it. Only sleeps that somebody waited
/// for count: a timeout that was not needed does not.
#[derive(Debug, Clone)]
pub(crate) struct Naps {
    clock: Clock,
    taken: Arc<Mutex<Vec<Duration>>>,
}

impl Naps {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            taken: Arc::default(),
        }
    }

    pub(crate) fn taken(&self) -> Vec<Duration> {
        self.taken.lock().unwrap().clone()
    }

    pub(crate) fn shared(&self) -> SharedAsyncSleep {
        SharedAsyncSleep::new(self.clone())
    }
}

impl AsyncSleep for Naps {
    fn sleep(&self, duration: Duration) -> Sleep {
        let naps = self.clone();
        Sleep::new(async move {
            let length_ms = i64::try_from(duration.as_millis()).unwrap();
            let woken_ms = naps.clock.now().as_ms() + length_ms;
            naps.clock
                .advance_to(crate::time::Timestamp::from_ms(woken_ms));
            naps.taken.lock().unwrap().push(duration);
        })
    }
}
