//! Decisions on what others ask for: approve, reject, and for whoever asked, take it back. What is approved is the order that
//! is on record, with its frozen parameters, and is carried out by the same path as any other.

pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::actions::status_of;
use shared::config::Env;
use shared::error::Error;
use shared::front::{ActingFront, no_such_route, route};
use shared::http::{self, answer};
use shared::id::ActionId;
use shared::lambda::{Function, Invocation, Platform};
use shared::policy::Operation;

use crate::wire::{Nothing, RejectionForm};

/// The function with its doors.
#[derive(Debug)]
pub struct AdminApprove {
    acting: ActingFront,
}

impl AdminApprove {
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
        let actions = self.acting.actions(invocation);
        let operation = match route(request) {
            "POST /api/admin/actions/{id}/withdraw" => Operation::Withdraw,
            _ => Operation::Approve,
        };
        let admin = self.acting.front.admin(request, operation).await?;
        let id: ActionId = http::path_id(request, "id")?;
        let action = match route(request) {
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
            _ => return Err(no_such_route(request)),
        };
        Ok(answer(status_of(&action), &action))
    }
}
