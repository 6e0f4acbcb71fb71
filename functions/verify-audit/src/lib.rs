//! The audit log looked through, chain by chain, entry by entry: for an administrator who asks, for an operator, and every
//! night, when what all chains come to is kept and logged, so that a log that was rewritten as a whole is found as well.

mod night;
mod walk;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::Value;
use shared::config::Env;
use shared::error::Error;
use shared::front::Front;
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::policy::Operation;

use crate::walk::Place;
use crate::wire::VerifyQuery;

/// Entries looked at for one request of the portal, which then asks on and shows how far it has come.
const ENTRIES_A_REQUEST: u64 = 2_000;

/// The function with its doors.
#[derive(Debug)]
pub struct VerifyAudit {
    front: Front,
}

impl VerifyAudit {
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

impl Function for VerifyAudit {
    /// A request of the gateway; anything else is the schedule, or an operator.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, Error> {
        if event.get("requestContext").is_none() {
            return serde_json::to_value(self.night().await?).map_err(Error::internal);
        }
        let request = serde_json::from_value(event).map_err(Error::internal)?;
        let answer = http::outcome(self.asked(&request).await, "verify the log", &invocation);
        serde_json::to_value(answer).map_err(Error::internal)
    }
}

impl VerifyAudit {
    async fn asked(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.admin(request, Operation::Read).await?;
        let query: VerifyQuery = http::query(request)?;
        let from = match query.cursor.as_deref() {
            Some(cursor) => Place::parsed(cursor)?,
            None => Place::default(),
        };
        let walked = self.walk(from, ENTRIES_A_REQUEST).await?;
        Ok(http::answer(200, &walked.verified()?))
    }
}
