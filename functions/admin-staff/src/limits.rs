//! Changing the limits of a role.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::audit::Act;
use shared::error::Error;
use shared::http::{self, answer};
use shared::policy::{Limits, Operation};

use crate::wire::{LimitsForm, LimitsSet};
use crate::{AdminStaff, refused};

impl AdminStaff {
    pub(crate) async fn change_limits(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.front.clock.now();
        let operation = Operation::ChangeLimits;
        let owner = self.front.admin(request, operation).await?;
        let form: LimitsForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let role = form.role;
        let limits = Limits {
            per_action_cents: form.per_action_cents,
            per_day_cents: form.per_day_cents,
            extend_days: form.extend_days,
        };
        let before = self.front.store.policy().await?;
        let policy = before.policy.with(role, limits);
        let policy =
            policy.map_err(|error| Error::invalid("invalid_limits", format!("{error}.")))?;
        let act = Act {
            subject: Some(format!("limits#{role}")),
            reason: Some(reason),
            before: json!(before.policy.limits(role)),
            after: json!(limits),
            ..owner.act(operation.as_str())
        };
        let changed = self.front.store.commit_act(&act, now, |transaction| {
            transaction.policy(&self.front.store, &before, &policy)
        });
        changed.await.map_err(refused)?;
        Ok(answer(200, &LimitsSet { limits: policy }))
    }
}
