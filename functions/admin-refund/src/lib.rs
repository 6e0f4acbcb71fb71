//! Money given back from a charge: all that is left of it, or a part, several times over. Once for each action id, whatever
//! happens on the way.

mod refund;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::auth::Auth;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::store::Store;
use shared::stripe::Stripe;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminRefund {
    store: Store,
    stripe: Stripe,
    auth: Auth,
    clock: Clock,
}

impl AdminRefund {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            stripe: Stripe::of(env, platform)?,
            auth: Auth::of(env)?,
            clock: platform.clock.clone(),
        })
    }
}

impl Function for AdminRefund {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match request.route_key.as_deref().unwrap_or_default() {
            "POST /api/admin/users/{id}/refunds" => self.refund(&request, &invocation).await,
            "POST /api/admin/users/{id}/refunds/preview" => {
                self.preview(&request, &invocation).await
            }
            other => Err(Error::internal(format!("no such route: {other}"))),
        };
        Ok(http::outcome(handled, "refund", &invocation))
    }
}
