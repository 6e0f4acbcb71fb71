//! Frame: what every function behind the portal stands on.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;

use crate::actions::Actions;
use crate::auth::{Admin, Auth, Caller};
use crate::clock::Clock;
use crate::config::Env;
use crate::error::Error;
use crate::lambda::{Invocation, Platform};
use crate::policy::Operation;
use crate::store::Store;
use crate::stripe::Stripe;

/// The tables, who is asking, and the time.
#[derive(Debug)]
pub struct Front {
    /// The tables.
    pub store: Store,
    /// Tells who is asking.
    pub auth: Auth,
    /// The time.
    pub clock: Clock,
}

/// The same, for a function that has Stripe do something.
#[derive(Debug)]
pub struct ActingFront {
    /// The tables, who is asking, and the time.
    pub front: Front,
    /// Stripe.
    pub stripe: Stripe,
}

impl Front {
    /// As the environment says.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            auth: Auth::of(env)?,
            clock: platform.clock.clone(),
        })
    }

    /// The administrator who asks for `operation` and may have it done.
    ///
    /// # Errors
    /// As [`Auth::admin`] says.
    pub async fn admin(
        &self,
        request: &ApiGatewayV2httpRequest,
        operation: Operation,
    ) -> Result<Admin, Error> {
        let now = self.clock.now();
        self.auth.admin(&self.store, request, operation, now).await
    }

    /// Whoever has a session, however far the sign-in has come.
    ///
    /// # Errors
    /// As [`Auth::caller`] says.
    pub async fn caller(&self, request: &ApiGatewayV2httpRequest) -> Result<Caller, Error> {
        let now = self.clock.now();
        self.auth.caller(&self.store, request, now).await
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// As [`Auth::signed_in`] says.
    pub async fn signed_in(&self, request: &ApiGatewayV2httpRequest) -> Result<Caller, Error> {
        let now = self.clock.now();
        self.auth.signed_in(&self.store, request, now).await
    }
}

impl ActingFront {
    /// As the environment says.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
            stripe: Stripe::of(env, platform)?,
        })
    }

    /// What actions are carried out with.
    pub fn actions(&self, invocation: &Invocation) -> Actions<'_> {
        Actions {
            store: &self.front.store,
            stripe: self.stripe.by(invocation.patience()),
            clock: &self.front.clock,
        }
    }
}

/// The route of a request, as the template has it.
pub fn route(request: &ApiGatewayV2httpRequest) -> &str {
    request.route_key.as_deref().unwrap_or_default()
}

/// That a function got a request of a route that is not its own: a mistake in the template.
pub fn no_such_route(request: &ApiGatewayV2httpRequest) -> Error {
    Error::internal(format!("no such route: {}", route(request)))
}
