//! The start of a checkout: a stranger or a customer names a plan and gets a page that leads to Stripe's, to pay on.
//!
//! A user is bound to one customer at Stripe before the first checkout, so that two tabs, two devices or a retry never
//! make two. Somebody who has an account checks out with its session only. Whoever types such an address without it gets an
//! answer like everybody's, and the owner a mail.

mod checkout;
mod form;
mod lead;
mod stuck;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::auth::SIGNED_OUT;
use shared::chance::Chance;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::{Front, no_such_route, route};
use shared::http;
use shared::id::PersonId;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::stripe::{self, Stripe};

/// The function with its doors.
#[derive(Debug)]
pub struct StartCheckout {
    front: Front,
    stripe: Stripe,
    catalogue: Catalogue,
    portal_url: String,
    chance: Chance,
}

impl StartCheckout {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
            stripe: Stripe::of(env, platform)?,
            catalogue: Catalogue::linky(),
            portal_url: env.required("PORTAL_URL")?.trim_end_matches('/').to_owned(),
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
        let handled = match route(&request) {
            "POST /checkout" => self.sell(&request, &invocation).await,
            "GET /checkout/pages/{page}" => self.lead(&request).await,
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "start a checkout", &invocation))
    }
}

impl StartCheckout {
    async fn sell(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let order = http::json_body::<form::Form>(request)?.checked(&self.catalogue)?;
        let signed_in = self.signed_in(request).await?;
        let page = self
            .start(&order, signed_in.as_ref(), invocation.patience())
            .await
            .map_err(ours)?;
        Ok(http::answer(200, &page))
    }

    /// Who sits at a page of ours with a session. Everybody else is a stranger, who may buy as well; but whose session has
    /// ended is told so, and can sign in again.
    async fn signed_in(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<Option<PersonId>, Error> {
        if self.front.auth.is_own_page(request).is_err() {
            return Ok(None);
        }
        match self.front.signed_in(request).await {
            Ok(caller) => Ok(Some(caller.credential.person)),
            Err(error) if error.code == SIGNED_OUT => Ok(None),
            Err(error) => Err(error),
        }
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
