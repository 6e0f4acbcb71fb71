//! Stripe's webhook: lets in what Stripe signed, and answers 200 once an event is applied, or kept and going to be.
//!
//! It is open to the whole world, so it does no I/O before the signature holds, and it has no key to Stripe's API: an
//! event that needs one is kept and handed to the retry worker.

mod accept;
mod admit;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::queue::Queue;
use shared::secrets::SecretSource;
use shared::signature::SigningSecrets;
use shared::store::Store;
use shared::telemetry::metrics::{self, Metrics};

/// The function with its doors.
#[derive(Debug)]
pub struct StripeWebhook {
    store: Store,
    queue: Queue,
    signing_secrets: SecretSource,
    livemode: bool,
    catalogue: Catalogue,
    clock: Clock,
    chance: Chance,
    metrics: Metrics,
}

impl StripeWebhook {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing, or a signing secret is given and empty: such a one would let anybody in.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        if let Some(given) = env.optional("STRIPE_SIGNING_SECRETS") {
            SigningSecrets::parse(&given).map_err(Error::internal)?;
        }
        Ok(Self {
            store: Store::new(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            signing_secrets: SecretSource::of("STRIPE_SIGNING_SECRETS", env, platform)?,
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            catalogue: Catalogue::linky(),
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
            metrics: platform.metrics.clone(),
        })
    }
}

impl Function for StripeWebhook {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.clock.now();
        let body = match self.admit(&request, now).await {
            Ok(body) => body,
            Err(error) => {
                if error.kind.status() < 500 {
                    self.metrics
                        .record(now, &[metrics::count("deliveries_rejected", 1)]);
                    tracing::warn!(code = error.code, "delivery rejected");
                } else {
                    tracing::error!(%error, "no delivery can be let in: the signing secret cannot be had");
                }
                return Ok(http::refusal(&error, &invocation.request_id));
            }
        };
        match self.accept(&body, now).await {
            Ok(outcome) => Ok(http::answer(200, &json!({ "outcome": outcome }))),
            Err(error) => {
                tracing::error!(%error, "the event could not be kept; Stripe will send it again");
                Ok(http::refusal(&error, &invocation.request_id))
            }
        }
    }
}
