//! How everything does. Asked over HTTP it says only whether, as anybody may ask; invoked directly it gives the whole report.
//!
//! It measures nothing: it reads the one row that the watch keeps, so that being asked often costs next to nothing. A row
//! that is old says that the watch does not run, and counts as failing.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::health::{Report, State};
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::store::Store;
use shared::time::Timestamp;

/// The function with its doors.
#[derive(Debug)]
pub struct Health {
    store: Store,
    clock: Clock,
}

impl Health {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            clock: platform.clock.clone(),
        })
    }
}

impl Function for Health {
    /// A request of the gateway, or anything else where it is invoked directly.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, _: Invocation) -> Result<Value, Error> {
        let report = self.store.last_report().await;
        let now = self.clock.now();
        if event.get("requestContext").is_none() {
            let report = report?;
            let is_fresh = report.as_ref().is_some_and(|report| report.is_fresh(now));
            return Ok(json!({ "report": report, "is_fresh": is_fresh }));
        }
        let report = report.unwrap_or_else(|error| {
            tracing::error!(%error, "the last report cannot be read");
            None
        });
        serde_json::to_value(public(report.as_ref(), now)).map_err(Error::internal)
    }
}

/// What anybody may know. What is degraded still does what customers need.
fn public(report: Option<&Report>, now: Timestamp) -> ApiGatewayV2httpResponse {
    let does = report.is_some_and(|report| report.is_fresh(now) && report.state != State::Failing);
    if does {
        http::answer(200, &json!({ "status": "ok" }))
    } else {
        http::answer(503, &json!({ "status": "failing" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fresh_and_not_failing_is_ok() {
        let at = Timestamp::from_s(1_767_225_600);
        let report = |state| Report {
            state,
            measured_at: at,
            parts: Vec::new(),
        };
        let late = at.plus_s(15 * 60 + 1);
        for (report, now, status) in [
            (None, at, 503),
            (Some(report(State::Ok)), at, 200),
            (Some(report(State::Degraded)), at, 200),
            (Some(report(State::Failing)), at, 503),
            (Some(report(State::Ok)), at.plus_s(15 * 60), 200),
            (Some(report(State::Ok)), late, 503),
        ] {
            assert_eq!(
                public(report.as_ref(), now).status_code,
                status,
                "{report:?}"
            );
        }
    }
}
