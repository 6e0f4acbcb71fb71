//! The function in this process, on the local cloud, whose log says what each event cost.

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use local::cloud::Service;
use local::runtime::{Handler, handler};
use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::lambda::{Invocation, Platform};
use shared::telemetry::metrics::Metrics;
use shared::time::Timestamp;
use stripe_webhook::StripeWebhook;

use crate::bed::{Bed, FUNCTION};
use crate::events::Sent;

/// The function on a bed.
pub(crate) struct InProcess<'a> {
    pub(crate) bed: &'a Bed,
    secret: &'a str,
    handler: Handler,
}

/// What DynamoDB, SQS and Stripe had to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) dynamodb_calls: u64,
    pub(crate) sqs_calls: u64,
    pub(crate) stripe_calls: u64,
    pub(crate) read_milliunits: u64,
    pub(crate) write_milliunits: u64,
}

impl<'a> InProcess<'a> {
    /// Starts the function, and has it read its secrets, so that what is counted then is the events alone.
    pub(crate) async fn start(bed: &'a Bed, secret: &'a str) -> Result<Self, String> {
        let env = Env::of(bed.environment(FUNCTION)?);
        let platform = platform(bed.clock.clone(), bed.cloud.connector_of(FUNCTION));
        let function = StripeWebhook::new(&env, &platform).map_err(|error| error.to_string())?;
        let started = Self {
            bed,
            secret,
            handler: handler(function),
        };
        let unsigned = json!({"headers": {}, "requestContext": {"http": {"method": "POST"}}});
        started.invoke(unsigned).await?;
        bed.cloud.calls().meter();
        bed.cloud.calls().clear();
        Ok(started)
    }

    /// Delivers an event; the answer is what became of it, in the function's one word.
    pub(crate) async fn deliver(&self, sent: &Sent) -> Result<String, String> {
        let request = sent.through_gateway(self.secret, self.bed.clock.now());
        let answer = self.invoke(request).await?;
        outcome(&answer).ok_or_else(|| format!("{} was answered {answer}", sent.kind))
    }

    async fn invoke(&self, request: Value) -> Result<Value, String> {
        let invocation = Invocation {
            request_id: "bench".to_owned(),
            deadline: self.bed.clock.now().plus_s(10),
        };
        let answer = (self.handler)(request, invocation).await;
        answer.map_err(|error| error.to_string())
    }

    /// What was done since the last time it was asked.
    pub(crate) fn cost(&self) -> Cost {
        let calls = self.bed.cloud.calls();
        let consumed = calls.consumed();
        let cost = Cost {
            dynamodb_calls: calls.count(Service::DynamoDb),
            sqs_calls: calls.count(Service::Sqs),
            stripe_calls: calls.count(Service::Stripe),
            read_milliunits: consumed.read_milliunits,
            write_milliunits: consumed.write_milliunits,
        };
        calls.clear();
        cost
    }
}

/// The word in a 200; none in any other answer.
pub(crate) fn outcome(answer: &Value) -> Option<String> {
    let body: Value = serde_json::from_str(answer["body"].as_str()?).ok()?;
    let word = body["outcome"].as_str()?;
    (answer["statusCode"] == 200).then(|| word.to_owned())
}

pub(crate) fn platform(clock: Clock, http: SharedHttpConnector) -> Platform {
    Platform {
        clock,
        chance: Chance::seeded(1),
        sleep: Platform::on_lambda(FUNCTION).sleep,
        http,
        metrics: Metrics::summed(),
    }
}

/// 1 October 2026, 09:00 UTC: when the customers begin to come.
pub(crate) fn start() -> Clock {
    Clock::manual(Timestamp::from_s(1_790_845_200))
}
