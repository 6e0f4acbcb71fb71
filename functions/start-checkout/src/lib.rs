//! The start of a checkout: a stranger or a customer names a plan and gets Stripe's page to pay on.
//!
//! A user is bound to one customer at Stripe before the first checkout, so that two tabs, two devices or a retry never
//! make two.

mod checkout;
mod form;
mod stuck;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::store::Store;
use shared::stripe::{self, Stripe};

/// The function with its doors.
#[derive(Debug)]
pub struct StartCheckout {
    store: Store,
    stripe: Stripe,
    catalogue: Catalogue,
    portal_url: String,
    clock: Clock,
    chance: Chance,
}

impl StartCheckout {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            stripe: Stripe::of(env, platform)?,
            catalogue: Catalogue::linky(),
            portal_url: env.required("PORTAL_URL")?.trim_end_matches('/').to_owned(),
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
        })
    }
}

impl Function for StartCheckout {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let started = async {
            let form = http::json_body::<form::Form>(&request)?.checked(&self.catalogue)?;
            let page = self
                .start(&form, invocation.patience())
                .await
                .map_err(ours)?;
            Ok(http::answer(200, &page))
        };
        Ok(http::outcome(
            started.await,
            "start a checkout",
            &invocation,
        ))
    }
}

/// What Stripe refuses here is our mistake, not the caller's: the caller has named a plan, an address and a name.
fn ours(error: Error) -> Error {
    match (error.code, error.kind) {
        (stripe::ERROR_CODE, ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Conflict) => {
            Error::internal(error.inner)
        }
        _ => error,
    }
}
