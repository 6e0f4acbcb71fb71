//! An AWS and a Stripe that live in this process: DynamoDB, SQS, SES, SNS and SSM behind one HTTP connector, with Stripe's
//! host handed to whoever is plugged in. AWS SDK clients and the Stripe transport are pointed at it unmodified.
//!
//! It promises to answer as the services do as far as this system can tell the difference, to follow the clock it is
//! given, to fail exactly as planned ([`Faults`]), and never to hand a call on to the network. In a folder it keeps
//! what it acknowledged, also if the process is killed.

mod answer;
mod call;
mod calls;
mod connector;
mod dynamodb;
mod faults;
mod gate;
mod guard;
mod journal;
mod ses;
mod sns;
mod sqs;
mod ssm;
mod stripe;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::body::Bytes;
use dynoxide::DynoxideError;
use http::{Request, Response};
use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;

use answer::Answer;
pub use call::{Call, Service};
pub use calls::{Calls, Consumed, Made, Outcome};
use dynamodb::DynamoDb;
pub use dynamodb::Image;
pub use faults::{Fault, Faults, Life, Matching, Planned};
pub use gate::Gate;
pub use guard::Guard;
use journal::Journal;
pub use ses::{Fate, Quota, SentMail, Ses};
pub use sns::{Published, Sns};
pub use sqs::{Depth, QueueMessage, Sqs};
use ssm::Ssm;
pub use stripe::{Kept500, StripeHandler, StripeRequest, StripeResponse};

/// The local cloud. A clone is the same cloud.
#[derive(Clone)]
pub struct Cloud(Arc<Inner>);

struct Inner {
    clock: Clock,
    tables: DynamoDb,
    queues: Sqs,
    mail: Ses,
    topics: Sns,
    parameters: Ssm,
    stripe: RwLock<Stripe>,
    faults: Faults,
    calls: Calls,
    guard: OnceLock<Guard>,
}

struct Stripe {
    host: String,
    handler: Option<StripeHandler>,
}

/// Why a cloud, or a resource in it, cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// A template declares something that AWS would refuse, or that differs from what is there.
    #[error("{0}")]
    Declaration(String),
    /// DynamoDB refuses the table.
    #[error("table {0}: {1}")]
    Table(String, DynoxideError),
    /// The file with the tables cannot be opened.
    #[error("the tables cannot be opened: {0}")]
    Tables(#[from] DynoxideError),
    /// The folder, or the journal in it, cannot be read or written.
    #[error("the journal of queues and mails: {0}")]
    Journal(std::io::Error),
    /// The journal is not one, or of another version.
    #[error("the journal of queues and mails is unreadable: {0}")]
    Kept(#[from] serde_json::Error),
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The connection failed before anything was sent.
    #[error("connection refused")]
    Refused,
    /// The connection broke before the answer came.
    #[error("connection reset before the answer came")]
    Cut,
    /// The answer did not come in time.
    #[error("timed out before the answer came")]
    TimedOut,
    /// No service here is meant, and nothing is handed on to the network.
    #[error("nobody in the local cloud answers {0}")]
    NobodyThere(String),
}

impl Cloud {
    /// A cloud that ends with the process. Its identifiers are the same in every run, so that a run can be repeated.
    ///
    /// # Errors
    /// Where SQLite cannot start.
    pub fn in_memory(clock: Clock) -> Result<Self, CloudError> {
        let tables = DynamoDb::in_memory(clock.clone())?;
        Self::new(clock, Chance::seeded(0), tables, None, &BTreeMap::new())
    }

    /// A cloud that is kept in `folder`: tables in `tables.sqlite`, queues and mails in `journal`. One process at a
    /// time.
    ///
    /// # Errors
    /// Where the folder cannot be read or written, or holds something else.
    pub fn in_folder(clock: Clock, folder: &Path) -> Result<Self, CloudError> {
        std::fs::create_dir_all(folder).map_err(CloudError::Journal)?;
        let (journal, kept) =
            Journal::open(&folder.join("journal")).map_err(CloudError::Journal)?;
        let tables = DynamoDb::in_file(clock.clone(), &folder.join("tables.sqlite"))?;
        Self::new(
            clock,
            Chance::system(),
            tables,
            Some(Arc::new(journal)),
            &kept,
        )
    }

    /// A cloud that ends with the process, with the tables of `image`. Its identifiers are drawn from `seed`.
    ///
    /// # Errors
    /// Where the image cannot be read.
    pub fn of_image(clock: Clock, image: &Image, seed: u64) -> Result<Self, CloudError> {
        let tables = DynamoDb::of_image(image, clock.clone())?;
        Self::new(clock, Chance::seeded(seed), tables, None, &BTreeMap::new())
    }

    /// The tables as they are now, for [`Self::of_image`].
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn image(&self) -> Result<Image, CloudError> {
        Ok(self.0.tables.image()?)
    }

    fn new(
        clock: Clock,
        chance: Chance,
        tables: DynamoDb,
        journal: Option<Arc<Journal>>,
        kept: &BTreeMap<String, Value>,
    ) -> Result<Self, CloudError> {
        Ok(Self(Arc::new(Inner {
            queues: Sqs::restore(clock.clone(), chance.clone(), journal.clone(), kept)?,
            mail: Ses::restore(clock.clone(), chance.clone(), journal.clone(), kept)?,
            topics: Sns::restore(clock.clone(), chance, journal, kept)?,
            parameters: Ssm::new(clock.clone()),
            stripe: RwLock::new(Stripe {
                host: "api.stripe.com".to_owned(),
                handler: None,
            }),
            faults: Faults::new(tables.clone()),
            calls: Calls::default(),
            guard: OnceLock::new(),
            tables,
            clock,
        })))
    }

    /// Creates the table that the `Properties` of an `AWS::DynamoDB::Table` describe, references resolved. A table of
    /// the name that is there already is left alone.
    ///
    /// # Errors
    /// Where DynamoDB would refuse it, or the table that is there has other keys or indexes.
    pub fn create_table(&self, properties: &Value) -> Result<(), CloudError> {
        self.0.tables.create_table(properties)
    }

    /// Creates the queue that the `Properties` of an `AWS::SQS::Queue` describe, or sets the one of that name to them,
    /// as a deploy does. References must be resolved ([`Sqs::arn`] of a name is its ARN), and a dead letter queue must
    /// be there before the queue that names it. Returns the queue's URL.
    ///
    /// # Errors
    /// Where SQS would refuse it.
    pub fn create_queue(&self, properties: &Value) -> Result<String, CloudError> {
        self.0.queues.create_queue(properties)
    }

    /// Deletes the items of every table whose time to live has ended, and says how many those were. DynamoDB does so
    /// within days; the local cloud does it only here.
    ///
    /// # Errors
    /// Where the tables cannot be written.
    pub fn expire_items(&self) -> Result<usize, CloudError> {
        Ok(self.0.tables.expire_items(self.0.clock.now())?)
    }

    /// Sets a parameter of SSM, a `SecureString`. Not kept over a restart.
    pub fn put_parameter(&self, name: &str, value: &str) {
        self.0.parameters.put(name, value);
    }

    /// Has `handler` answer for Stripe. Without one, a call to Stripe is refused.
    pub fn set_stripe(&self, handler: StripeHandler) {
        let mut stripe = self
            .0
            .stripe
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        stripe.handler = Some(handler);
    }

    /// Sets the host (and port, if it is not the scheme's) under which Stripe is reached: `api.stripe.com` at first. Returns
    /// the one before.
    pub fn set_stripe_host(&self, host: &str) -> String {
        let mut stripe = self
            .0
            .stripe
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut stripe.host, host.to_owned())
    }

    /// Has `guard` decide from now on which calls of named callers ([`Self::connector_of`]) are allowed. The first one set
    /// stays.
    pub fn set_guard(&self, guard: Guard) {
        self.0.guard.get_or_init(|| guard);
    }

    /// The queues.
    pub fn queues(&self) -> &Sqs {
        &self.0.queues
    }

    /// Outgoing mail.
    pub fn mail(&self) -> &Ses {
        &self.0.mail
    }

    /// Topics.
    pub fn topics(&self) -> &Sns {
        &self.0.topics
    }

    /// The faults planned.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The calls made.
    pub fn calls(&self) -> &Calls {
        &self.0.calls
    }

    /// Every item of a table, or of one of its indexes, in DynamoDB's JSON: for whoever watches the sandbox. It is no
    /// call: no fault strikes it, and nobody logs it.
    ///
    /// # Errors
    /// Where there is no such table or index.
    pub fn items(&self, table: &str, index: Option<&str>) -> Result<Vec<Value>, CloudError> {
        let mut request = json!({ "TableName": table });
        if let Some(index) = index {
            request["IndexName"] = index.into();
        }
        self.read_all(table, "Scan", request)
    }

    /// Every item of a table with the partition key `pk`, like [`Self::items`].
    ///
    /// # Errors
    /// Where there is no such table.
    pub fn partition(&self, table: &str, pk: &str) -> Result<Vec<Value>, CloudError> {
        let request = json!({
            "TableName": table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": pk } },
        });
        self.read_all(table, "Query", request)
    }

    fn read_all(&self, table: &str, how: &str, request: Value) -> Result<Vec<Value>, CloudError> {
        let items = self.0.tables.read_all(how, request);
        items.map_err(|problem| CloudError::Table(table.to_owned(), problem))
    }

    /// Answers one request, as the faults planned let it. Over a socket, an error is a connection closed without an
    /// answer.
    ///
    /// # Errors
    /// Where a fault takes the answer away, or nobody here is meant.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Broken> {
        self.handle_as(&Arc::from(""), request).await
    }

    async fn handle_as(
        &self,
        caller: &Arc<str>,
        request: Request<Bytes>,
    ) -> Result<Answer, Broken> {
        let address = format!("{} {}", request.method(), request.uri());
        let at = self.0.clock.now();
        let call = {
            let stripe = self.0.stripe.read().unwrap_or_else(PoisonError::into_inner);
            Call::read(caller, request, &stripe.host).ok_or(Broken::NobodyThere(address))?
        };
        let answer = match guard::refused(self.0.guard.get(), &call) {
            Some(refusal) => Ok(refusal),
            None => self.through_faults(&call).await,
        };
        self.0.calls.ended(at, call, &answer);
        answer
    }

    async fn through_faults(&self, call: &Call) -> Result<Answer, Broken> {
        let struck = self.0.faults.strike(call, self.0.clock.now());
        if !struck.delay.is_zero() {
            tokio::time::sleep(struck.delay).await;
        }
        give_way(struck.give_way[0]).await;
        for gate in &struck.before {
            gate.pass().await;
        }
        match &struck.end {
            Some(Fault::RefuseBefore) => return Err(Broken::Refused),
            Some(Fault::Status500Before) => return Ok(faults::broken(call)),
            Some(Fault::Throttle) => return Ok(faults::throttled(call)),
            Some(Fault::TransactionConflict(action)) => return Ok(faults::conflict(call, *action)),
            Some(Fault::Die) => Life::end().await,
            _ => {}
        }
        if call.service == Service::Sqs {
            let queues = &self.0.queues;
            queues.long_poll(&call.operation, call.request.body()).await;
        }
        let tables = struck.picture.as_ref().unwrap_or(&self.0.tables);
        let kept_500 = match &struck.end {
            Some(Fault::Kept500Before) => Some(Kept500::Before),
            Some(Fault::Kept500After) => Some(Kept500::After),
            _ => None,
        };
        let answer = self.effect(call, tables, kept_500)?;
        self.0.calls.effected(call, &answer);
        for gate in &struck.after {
            gate.pass().await;
        }
        give_way(struck.give_way[1]).await;
        match &struck.end {
            Some(Fault::LoseAnswer) => Err(Broken::Cut),
            Some(Fault::TimeoutAfter) => Err(Broken::TimedOut),
            Some(Fault::Status500After) => Ok(faults::broken(call)),
            _ => Ok(answer),
        }
    }

    /// What the service does and answers. Nothing here waits, so that a call is one step between two gates.
    fn effect(
        &self,
        call: &Call,
        tables: &DynamoDb,
        kept_500: Option<Kept500>,
    ) -> Result<Answer, Broken> {
        Ok(match call.service {
            Service::DynamoDb if self.0.calls.is_metered() => {
                let mut request = call.json();
                request["ReturnConsumedCapacity"] = json!("TOTAL");
                tables.answer(&call.operation, &request.to_string())
            }
            Service::DynamoDb => tables.answer(&call.operation, call.text()),
            Service::Sqs => self.0.queues.answer(&call.operation, call.request.body()),
            Service::Ses => self.0.mail.answer(&call.operation, call.request.body()),
            Service::Sns => self.0.topics.answer(&call.operation, call.request.body()),
            Service::Ssm => self.0.parameters.answer(&call.operation, &call.json()),
            Service::Stripe => {
                let stripe = self.0.stripe.read().unwrap_or_else(PoisonError::into_inner);
                let handler = stripe.handler.clone().ok_or(Broken::Refused)?;
                drop(stripe);
                stripe::ask(&handler, call, kept_500)
            }
        })
    }
}

async fn give_way(times: u64) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}
