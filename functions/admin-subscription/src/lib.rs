//! What administrators have done to a subscription: end it, now or with its period, and take that back; stop collecting and
//! begin again; put the next payment off, try an open one now; put money to the customer's balance.

mod order;
mod unused;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::actions::{Submission, payload_hash, status_of};
use shared::config::Env;
use shared::error::Error;
use shared::front::{ActingFront, no_such_route, route};
use shared::http::{self, answer};
use shared::id::CustomerId;
use shared::lambda::{Function, Invocation, Platform};
use shared::money::Cents;
use shared::policy::Concern;

use crate::wire::SubscriptionForm;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminSubscription {
    acting: ActingFront,
}

impl AdminSubscription {
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

impl Function for AdminSubscription {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match route(&request) {
            "POST /api/admin/users/{id}/subscription" => self.act(&request, &invocation).await,
            "GET /api/admin/users/{id}/subscription/unused" => {
                self.show_unused(&request, &invocation).await
            }
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "act on a subscription", &invocation))
    }
}

impl AdminSubscription {
    async fn act(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        // Who may act at all is told first; the operation itself is only known once the body is read.
        let form = http::json_body::<SubscriptionForm>(request);
        let operation = form
            .as_ref()
            .map_or(order::ANY, |form| form.order.operation());
        let admin = self.acting.front.admin(request, operation).await?;
        let form = form?;
        let id = http::action_id(request)?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let reason = http::reason(&form.reason)?;
        let actions = self.acting.actions(invocation);
        let payload_hash = payload_hash(&customer, &form)?;
        if let Some(known) = actions.known(&id, &payload_hash).await? {
            return Ok(answer(status_of(&known), &known));
        }
        let order = self.order(actions.stripe, &customer, &form.order).await?;
        let (concerns, left) = match order.charge() {
            Some(charge) => {
                let charge = actions.stripe.charge(charge).await?.value;
                let disputed = charge.disputed.then_some(Concern::Disputed);
                let left = charge.amount_captured.0 - charge.amount_refunded.0;
                (disputed.into_iter().collect(), Cents(left))
            }
            None => (Vec::new(), Cents::ZERO),
        };
        let submission = Submission {
            id,
            payload_hash,
            order,
            customer,
            reason,
            concerns,
            left,
        };
        let action = actions.submit(&admin, submission).await?;
        Ok(answer(status_of(&action), &action))
    }
}
