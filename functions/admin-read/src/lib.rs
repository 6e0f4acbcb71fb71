//! What administrators look at: customers, what has happened, how the system does. Changes nothing.
//!
//! No page takes more than three calls of the tables besides the two that tell who is asking, but for the deliveries of a
//! day, which are spread over sixteen partitions; and none reads a table through.

mod history;
mod reports;
mod sentence;
mod system;
mod timeline;
mod users;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::{Front, no_such_route, route};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::mail::Links;
use shared::plan::Catalogue;
use shared::policy::Operation;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminRead {
    front: Front,
    catalogue: Catalogue,
    links: Links,
    livemode: bool,
}

impl AdminRead {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
            catalogue: Catalogue::linky(),
            links: Links::of(env)?,
            livemode: env.parsed("STRIPE_LIVEMODE")?,
        })
    }
}

impl Function for AdminRead {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        Ok(http::outcome(
            self.read(&request).await,
            "read",
            &invocation,
        ))
    }
}

impl AdminRead {
    async fn read(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.admin(request, Operation::Read).await?;
        let found = match route(request) {
            "GET /api/admin/users" => json!(self.users(request).await?),
            "GET /api/admin/users/{id}" => json!(self.user(request).await?),
            "GET /api/admin/users/{id}/money" => json!(self.money(request).await?),
            "GET /api/admin/users/{id}/timeline" => json!(self.timeline(request).await?),
            "GET /api/admin/users/{id}/mails" => json!(self.mails(request).await?),
            "GET /api/admin/users/{id}/mail" => json!(self.mail(request).await?),
            "GET /api/admin/users/{id}/actions" => json!(self.actions_on(request).await?),
            "GET /api/admin/actions" => json!(self.actions(request).await?),
            "GET /api/admin/actions/{id}" => json!(self.action(request).await?),
            "GET /api/admin/events" => json!(self.events(request).await?),
            "GET /api/admin/events/{id}" => json!(self.event(request).await?),
            "GET /api/admin/deliveries" => json!(self.deliveries(request).await?),
            "GET /api/admin/audit" => json!(self.audit(request).await?),
            "GET /api/admin/alerts" => json!(self.alerts().await?),
            "GET /api/admin/health" => json!(self.health().await?),
            "GET /api/admin/runs" => json!(self.runs().await?),
            "GET /api/admin/runs/{day}" => json!(self.run(request).await?),
            "GET /api/admin/reports" => json!(self.reports(request).await?),
            "GET /api/admin/staff" => json!(self.staff().await?),
            "GET /api/admin/policy" => json!(self.policy().await?),
            "GET /api/admin/plans" => json!(self.plans()),
            _ => return Err(no_such_route(request)),
        };
        Ok(http::tagged(request, &found))
    }
}

pub(crate) fn not_found(code: &'static str, message: &str) -> Error {
    Error::new(ErrorKind::NotFound, code, message)
}
