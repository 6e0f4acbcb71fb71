//! An alert taken on by somebody: from then on it is told only when it ends. One whose end nothing shows ends with it.

pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::audit::Act;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::Front;
use shared::http::{self, answer};
use shared::lambda::{Function, Invocation, Platform};
use shared::policy::Operation;
use shared::store::alerts::AlertView;
use shared::store::transaction::Refusal;

use crate::wire::AcknowledgeForm;

/// The function with its doors.
#[derive(Debug)]
pub struct AcknowledgeAlert {
    front: Front,
}

impl AcknowledgeAlert {
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

impl Function for AcknowledgeAlert {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = self.acknowledge(&request).await;
        Ok(http::outcome(handled, "acknowledge an alert", &invocation))
    }
}

impl AcknowledgeAlert {
    async fn acknowledge(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let admin = self
            .front
            .admin(request, Operation::AcknowledgeAlert)
            .await?;
        let form: AcknowledgeForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let store = &self.front.store;
        let seen = match form.cause.as_str() {
            "" => None,
            cause => store.alert_of(cause).await?,
        };
        let seen = seen.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "no_such_alert",
                "There is no such alert.",
            )
        })?;
        let act = Act {
            subject: Some(seen.cause.clone()),
            reason: Some(reason),
            before: json!({ "opened_at": seen.opened_at, "times": seen.times }),
            ..admin.act(Operation::AcknowledgeAlert.as_str())
        };
        let now = self.front.clock.now();
        let taken = store
            .commit_act(&act, now, |transaction| {
                transaction.acknowledge(store, &seen, admin.id.as_str(), now);
                Ok(())
            })
            .await;
        match taken {
            Ok(()) => {}
            Err(Refusal::Failed(error)) => return Err(error),
            Err(Refusal::Conditions(_)) => {
                return Err(Error::conflict(
                    "alert_not_open",
                    "The alert is not open any more, or somebody else has taken it on.",
                ));
            }
        }
        let row = store.alert_of(&seen.cause).await?;
        Ok(answer(200, &row.map(AlertView::from)))
    }
}
