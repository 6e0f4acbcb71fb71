//! Door: Stripe's API. The only place that names async-stripe: its builders write the requests, our transport sends
//! them, our own slim types ([`stripe_objects`](crate::stripe_objects)) read the answers.

mod acts;
mod again;
mod breaker;
mod error;
mod key;
mod pace;
mod reads;
mod retry;
#[cfg(test)]
mod tests;
mod transport;
mod writes;

use std::num::NonZeroU32;

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use serde::de::DeserializeOwned;
use stripe_client_core::RequestBuilder;

pub use self::acts::{ACTION_ID, NewPrice, NewRefund};
use self::breaker::Breaker;
pub use self::breaker::{FAILURES_MAX, OPEN_S};
pub use self::error::{ERROR_CODE, Effect, StripeError, StripeErrorKind};
pub use self::key::{IdempotencyKey, KEY_CHARS_MAX, NoIdempotencyKey};
use self::pace::Pace;
pub use self::reads::{EventQuery, PAGE_OBJECTS_MAX};
pub use self::retry::{ATTEMPTS_MAX, RETRY_AFTER_S_MAX};
use self::transport::Transport;
pub use self::transport::{ANSWER_BYTES_MAX, API_VERSION, ATTEMPT_TIMEOUT, StripeAnswer};
pub use self::writes::{NewCheckout, NewCourse, NewCustomer, NewPhase, USER_ID};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::secrets::SecretSource;
use crate::time::Timestamp;

/// What a call to Stripe gives.
pub type StripeResult<T> = Result<StripeAnswer<T>, StripeError>;

/// Stripe, as one process speaks to it.
#[derive(Debug)]
pub struct Stripe {
    transport: Transport,
}

/// What [`Stripe`] is made from.
#[derive(Debug)]
pub struct StripeSettings {
    /// Where Stripe is: `https://api.stripe.com`, or the simulator.
    pub base_url: String,
    /// The secret or restricted key of this function.
    pub api_key: SecretSource,
    /// How requests travel.
    pub http: SharedHttpConnector,
    /// How pauses and timeouts wait.
    pub sleep: SharedAsyncSleep,
    /// What deadlines are compared with.
    pub clock: Clock,
    /// Where jitter comes from.
    pub chance: Chance,
    /// Most calls a second of this process; none where nothing limits them.
    pub calls_per_s: Option<NonZeroU32>,
}

impl Stripe {
    /// Stripe with this function's key, as the environment says. Sends nothing yet.
    ///
    /// # Errors
    /// `Internal`, naming the setting that is missing or is no number.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self::new(StripeSettings {
            base_url: env
                .optional("STRIPE_API_BASE")
                .unwrap_or_else(|| "https://api.stripe.com".to_owned()),
            api_key: SecretSource::of("STRIPE_API_KEY", env, platform)?,
            http: platform.http.clone(),
            sleep: platform.sleep.clone(),
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
            calls_per_s: match env.optional("STRIPE_CALLS_PER_S") {
                Some(_) => NonZeroU32::new(env.parsed("STRIPE_CALLS_PER_S")?),
                None => None,
            },
        }))
    }

    /// Sends nothing yet.
    pub fn new(settings: StripeSettings) -> Self {
        Self {
            transport: Transport {
                base_url: settings.base_url.trim_end_matches('/').to_owned(),
                api_key: settings.api_key,
                http: settings.http,
                sleep: settings.sleep,
                clock: settings.clock,
                chance: settings.chance,
                breaker: Breaker::default(),
                pace: settings.calls_per_s.map(Pace::of),
            },
        }
    }

    /// The calls, none of which lasts past `deadline`.
    pub fn by(&self, deadline: Timestamp) -> Calls<'_> {
        Calls {
            transport: &self.transport,
            deadline,
        }
    }
}

/// The calls this system makes, one method each, in the files named for what they are about.
#[derive(Debug, Clone, Copy)]
pub struct Calls<'a> {
    transport: &'a Transport,
    deadline: Timestamp,
}

impl Calls<'_> {
    /// A request that changes nothing.
    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> StripeResult<T> {
        self.transport.send(&request, None, self.deadline).await
    }

    /// A request that changes something: once, whatever happens on the way, under the caller's key.
    async fn write<T: DeserializeOwned>(
        &self,
        key: &IdempotencyKey,
        mut request: RequestBuilder,
    ) -> StripeResult<T> {
        // A body is there even where nothing is said, so that it is always sent as a form.
        request.body = Some(in_order(request.body.as_deref().unwrap_or_default()));
        self.transport
            .send(&request, Some(key), self.deadline)
            .await
    }
}

/// A form with its fields in the order of their names. async-stripe writes metadata in the order of a hash map, which
/// differs from one process to the next; one idempotency key is to mean one request, byte for byte.
fn in_order(form: &str) -> String {
    let mut fields: Vec<&str> = form.split('&').filter(|field| !field.is_empty()).collect();
    fields.sort_by_key(|field| field.split('=').next());
    fields.join("&")
}
