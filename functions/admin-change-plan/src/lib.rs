//! Another plan for a customer: shown line by line first, then done as it was shown, now or when the period ends; and a change
//! that is to come taken back.

mod change;
mod preview;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::config::Env;
use shared::error::Error;
use shared::front::{ActingFront, no_such_route, route};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminChangePlan {
    acting: ActingFront,
    catalogue: Catalogue,
}

impl AdminChangePlan {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            acting: ActingFront::of(env, platform)?,
            catalogue: Catalogue::linky(),
        })
    }
}

impl Function for AdminChangePlan {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match route(&request) {
            "POST /api/admin/users/{id}/plan/preview" => self.preview(&request, &invocation).await,
            "POST /api/admin/users/{id}/plan" => self.change(&request, &invocation).await,
            "POST /api/admin/users/{id}/plan/keep" => self.keep(&request, &invocation).await,
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "change a plan", &invocation))
    }
}
