//! Setting a new password by a link in a mail: asked for by whoever says it is theirs, or by an administrator for a customer,
//! who never sees the link nor sets the password.
//!
//! Whoever asks gets the same answer in the same time, whether or not there is such an account. The link is made when the
//! mail is sent, so that it is kept nowhere; the newest is good once, for half an hour.

mod ask;
mod confirm;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::config::Env;
use shared::error::Error;
use shared::front::{Front, no_such_route, route};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};

/// The function with its doors.
#[derive(Debug)]
pub struct SendPasswordReset {
    front: Front,
}

impl SendPasswordReset {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
        })
    }
}

impl Function for SendPasswordReset {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match route(&request) {
            "POST /api/password-resets" => self.ask(&request).await,
            "POST /api/password-resets/confirm" => self.confirm(&request).await,
            "POST /api/admin/users/{id}/password-reset" => self.ask_for(&request).await,
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "reset a password", &invocation))
    }
}
