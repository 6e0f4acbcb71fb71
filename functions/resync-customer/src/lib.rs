//! One customer compared with Stripe at once, without waiting for the night; and where that is asked for, put right. What
//! Stripe says goes the way of any event, so that it meets what comes at the same time as any event does.

mod compare;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::audit::{Act, Outcome};
use shared::chance::Chance;
use shared::config::Env;
use shared::drift::FieldDifference;
use shared::error::Error;
use shared::front::ActingFront;
use shared::http::{self, answer};
use shared::id::CustomerId;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::policy::Operation;
use shared::queue::Queue;

use crate::compare::Found;
use crate::wire::{ObjectDifference, ResyncForm, Resynced};

/// The function with its doors.
#[derive(Debug)]
pub struct ResyncCustomer {
    acting: ActingFront,
    queue: Queue,
    catalogue: Catalogue,
    livemode: bool,
    chance: Chance,
}

impl ResyncCustomer {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            acting: ActingFront::of(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            catalogue: Catalogue::linky(),
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            chance: platform.chance.clone(),
        })
    }
}

impl Function for ResyncCustomer {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = self.resync(&request, &invocation).await;
        Ok(http::outcome(handled, "resync a customer", &invocation))
    }
}

impl ResyncCustomer {
    async fn resync(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        let admin = front.admin(request, Operation::Resync).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let form: ResyncForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let id = http::action_id(request)?;
        let stripe = self.acting.stripe.by(invocation.patience());
        // Told under the name of this order: sent twice, it is told once.
        let compared = self.compare(stripe, &customer, id.as_str()).await?;
        let differing: Vec<&Found> = compared.iter().filter(|it| !it.fields.is_empty()).collect();
        if form.apply && !differing.is_empty() {
            let fields = differing.iter().flat_map(|it| it.fields.iter().cloned());
            let told: Vec<FieldDifference> = fields.map(FieldDifference::without_names).collect();
            let act = Act {
                subject: Some(customer.to_string()),
                reason: Some(reason),
                after: json!({ "differences": told }),
                outcome: Outcome::Begun,
                action: Some(id),
                ..admin.act(Operation::Resync.as_str())
            };
            front.store.note_act(&act, front.clock.now()).await?;
            for found in &differing {
                self.apply(found).await?;
            }
        }
        let differences: Vec<ObjectDifference> = differing
            .into_iter()
            .map(|found| ObjectDifference {
                object: found.object.clone(),
                fields: found.fields.clone(),
                at_stripe: found.told.is_some(),
            })
            .collect();
        let resynced = Resynced {
            compared: compared.len(),
            applied: form.apply && differences.iter().any(|it| it.at_stripe),
            differences,
        };
        Ok(answer(200, &resynced))
    }
}
