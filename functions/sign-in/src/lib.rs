//! Signing in: the password, the code of an authenticator app, and the sessions that come of it, for customers and
//! administrators.
//!
//! An answer never tells whether an address is known: not by its words, nor by its code, nor by its time. Every token is
//! new after each step, so that one that was planted before is worth nothing afterwards.

mod authenticator;
mod password;
mod sessions;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::auth::{Caller, set_cookie};
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::{Front, no_such_route, route};
use shared::http::{self, answer};
use shared::lambda::{Function, Invocation, Platform};
use shared::random;
use shared::secret::Secret;
use shared::session::{Session, Stage, token_hash};
use shared::store::transaction::Refusal;

use crate::wire::SessionView;

/// The function with its doors.
#[derive(Debug)]
pub struct SignIn {
    front: Front,
}

impl SignIn {
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

impl Function for SignIn {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match route(&request) {
            "POST /api/sign-in" => self.password(&request).await,
            "POST /api/sign-in/second-factor" => self.second_factor(&request).await,
            "POST /api/sign-out" => self.sign_out(&request).await,
            "GET /api/session" => self.session(&request).await,
            "POST /api/session/step-up" => self.step_up(&request).await,
            "GET /api/sessions" => self.sessions(&request).await,
            "DELETE /api/sessions/{id}" => self.revoke(&request).await,
            "POST /api/authenticator" => self.offer_authenticator(&request).await,
            "POST /api/authenticator/confirm" => self.confirm_authenticator(&request).await,
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "sign in", &invocation))
    }
}

impl SignIn {
    /// The caller's session at `stage`, under a new token. It goes on with the lifetime that it has.
    fn renewed(&self, caller: &Caller, stage: Stage) -> Result<(Secret, Session), Error> {
        let now = self.front.clock.now();
        let session = Session {
            stage,
            seen_at: now,
            stepped_up_at: Some(now),
            ..caller.session.clone()
        };
        Ok((random::token()?, session))
    }
}

/// The answer that tells of a session and has the browser keep its token.
fn answer_with(token: &Secret, view: &SessionView) -> ApiGatewayV2httpResponse {
    let mut response = answer(200, view);
    response.cookies.push(set_cookie(Some(token.reveal())));
    response
}

/// What is said where something else came between: of two at once one has won.
fn raced(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Failed(error) => error,
        Refusal::Conditions(_) => Error::new(
            ErrorKind::Conflict,
            "signed_in_meanwhile",
            "Something else happened to this account at the same moment. Please try again.",
        ),
    }
}

/// Where the session of a token is kept.
fn kept_under(token: &Secret) -> String {
    token_hash(token.reveal())
}
