//! What administrators have done to a subscription: end it, now or with its period, and take that back; stop collecting and
//! begin again; put the next payment off, try an open one now; put money to the customer's balance.

mod order;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::actions::{Actions, Submission, payload_hash, status_of};
use shared::auth::Auth;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::http::{self, answer};
use shared::id::CustomerId;
use shared::lambda::{Function, Invocation, Platform};
use shared::money::Cents;
use shared::store::Store;
use shared::stripe::Stripe;

use crate::wire::SubscriptionForm;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminSubscription {
    store: Store,
    stripe: Stripe,
    auth: Auth,
    clock: Clock,
}

impl AdminSubscription {
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

impl Function for AdminSubscription {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = self.act(&request, &invocation).await;
        Ok(http::outcome(handled, "act on a subscription", &invocation))
    }
}

impl AdminSubscription {
    async fn act(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.clock.now();
        // Who may act at all is told first; the operation itself is only known once the body is read.
        let form = http::json_body::<SubscriptionForm>(request);
        let operation = form
            .as_ref()
            .map_or(order::ANY, |form| form.order.operation());
        let admin = self
            .auth
            .admin(&self.store, request, operation, now)
            .await?;
        let form = form?;
        let id = http::action_id(request)?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let reason = http::reason(&form.reason)?;
        let actions = Actions {
            store: &self.store,
            stripe: self.stripe.by(invocation.patience()),
            clock: &self.clock,
        };
        let payload_hash = payload_hash(&customer, &form)?;
        if let Some(known) = actions.known(&id, &payload_hash).await? {
            return Ok(answer(status_of(&known), &known));
        }
        let submission = Submission {
            id,
            payload_hash,
            order: self.order(actions.stripe, &customer, &form.order).await?,
            customer,
            reason,
            concerns: Vec::new(),
            left: Cents::ZERO,
        };
        let action = actions.submit(&admin, submission).await?;
        Ok(answer(status_of(&action), &action))
    }
}
