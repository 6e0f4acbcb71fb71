//! Decisions on what others ask for: approve, reject, and for whoever asked, take it back. What is approved is the order that
//! is on record, with its frozen parameters, and is carried out by the same path as any other.

pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::actions::{Actions, status_of};
use shared::auth::Auth;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::http::{self, answer};
use shared::id::ActionId;
use shared::lambda::{Function, Invocation, Platform};
use shared::policy::Operation;
use shared::store::Store;
use shared::stripe::Stripe;

use crate::wire::{Nothing, RejectionForm};

/// The function with its doors.
#[derive(Debug)]
pub struct AdminApprove {
    store: Store,
    stripe: Stripe,
    auth: Auth,
    clock: Clock,
}

impl AdminApprove {
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

impl Function for AdminApprove {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = self.decide(&request, &invocation).await;
        Ok(http::outcome(handled, "decide on a request", &invocation))
    }
}

impl AdminApprove {
    async fn decide(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.clock.now();
        let actions = Actions {
            store: &self.store,
            stripe: self.stripe.by(invocation.patience()),
            clock: &self.clock,
        };
        let operation = match request.route_key.as_deref().unwrap_or_default() {
            // Whoever may ask may take it back.
            "POST /api/admin/actions/{id}/withdraw" => Operation::Note,
            _ => Operation::Approve,
        };
        let admin = self
            .auth
            .admin(&self.store, request, operation, now)
            .await?;
        let id: ActionId = http::path_id(request, "id")?;
        let action = match request.route_key.as_deref().unwrap_or_default() {
            "POST /api/admin/actions/{id}/approve" => {
                let Nothing {} = http::json_body(request)?;
                actions.approve(&admin, &id).await?
            }
            "POST /api/admin/actions/{id}/reject" => {
                let form: RejectionForm = http::json_body(request)?;
                actions
                    .reject(&admin, &id, http::reason(&form.reason)?)
                    .await?
            }
            "POST /api/admin/actions/{id}/withdraw" => {
                let Nothing {} = http::json_body(request)?;
                actions.withdraw(&admin, &id).await?
            }
            other => return Err(Error::internal(format!("no such route: {other}"))),
        };
        Ok(answer(status_of(&action), &action))
    }
}
