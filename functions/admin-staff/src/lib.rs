//! Who administers, in which role, within which limits: for owners. There is always one owner left who can sign in.
//!
//! The first owner is made by the operator of the installation, who invokes this function directly; over HTTP nobody can be
//! made one but by an owner.

mod first;
mod limits;
mod staff;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::Value;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::{Front, no_such_route, route};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::store::transaction::{Part, Refusal};

/// The function with its doors.
#[derive(Debug)]
pub struct AdminStaff {
    front: Front,
    portal_url: String,
}

impl AdminStaff {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
            portal_url: env.required("PORTAL_URL")?.trim_end_matches('/').to_owned(),
        })
    }
}

impl Function for AdminStaff {
    /// A request of the gateway, or an operator's order.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, Error> {
        if event.get("requestContext").is_none() {
            return self.order(event, &invocation).await;
        }
        let request = serde_json::from_value(event).map_err(Error::internal)?;
        let handled = self.requested(&request).await;
        let answer = http::outcome(handled, "manage staff", &invocation);
        serde_json::to_value(answer).map_err(Error::internal)
    }
}

impl AdminStaff {
    async fn requested(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        match route(request) {
            "POST /api/admin/staff" => self.invite(request).await,
            "POST /api/admin/staff/{id}/role" => self.change_role(request).await,
            "POST /api/admin/staff/{id}/disable" => {
                self.change_by(request, "disable", staff::disabled).await
            }
            "POST /api/admin/staff/{id}/enable" => {
                self.change_by(request, "enable", staff::enabled).await
            }
            "POST /api/admin/staff/{id}/reset-authenticator" => {
                self.reset_authenticator(request).await
            }
            "POST /api/admin/policy" => self.change_limits(request).await,
            _ => Err(no_such_route(request)),
        }
    }
}

/// What is said where something else came between, or would leave no owner.
fn refused(refusal: Refusal) -> Error {
    let parts = match refusal {
        Refusal::Failed(error) => return error,
        Refusal::Conditions(parts) => parts,
    };
    let is_for = |wanted: Part| parts.iter().any(|(part, _)| *part == wanted);
    if is_for(Part::Owners) {
        Error::conflict(
            "last_owner",
            "This is the last owner. Make somebody else an owner first.",
        )
    } else if is_for(Part::Claim) {
        Error::conflict(
            "address_taken",
            "There is an administrator with this address already.",
        )
    } else {
        Error::conflict(
            "changed_meanwhile",
            "This was changed by somebody else at the same moment. Look again, then decide.",
        )
    }
}

fn no_such_admin() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "no_such_administrator",
        "There is no such administrator.",
    )
}
