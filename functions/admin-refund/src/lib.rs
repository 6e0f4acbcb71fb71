//! Money given back from a charge: all that is left of it, or a part, several times over. Once for each action id, whatever
//! happens on the way.

mod charges;
mod refund;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::config::Env;
use shared::error::Error;
use shared::front::{ActingFront, no_such_route, route};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};

/// The function with its doors.
#[derive(Debug)]
pub struct AdminRefund {
    acting: ActingFront,
}

impl AdminRefund {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            acting: ActingFront::of(env, platform)?,
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
        let handled = match route(&request) {
            "GET /api/admin/users/{id}/charges" => self.charges(&request, &invocation).await,
            "POST /api/admin/users/{id}/refunds" => self.refund(&request, &invocation).await,
            "POST /api/admin/users/{id}/refunds/preview" => {
                self.preview(&request, &invocation).await
            }
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "refund", &invocation))
    }
}
