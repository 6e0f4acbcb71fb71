//! The replay: events are tried anew, named one by one or by a filter, after it was told what that would change.
//!
//! A replayed event goes the way of any other: it is pending, its id is in the retry queue, and the worker decides by
//! what is on record by then. So a replay is idempotent: what took effect already is found to be the same or older.

mod backfill;
mod choose;
mod order;
mod replay;
pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::{Value, json};
use shared::audit::{Act, Outcome};
use shared::chance::Chance;
use shared::config::Env;
use shared::error::Error;
use shared::front::Front;
use shared::http;
use shared::lambda::{Function, Invocation, Platform};
use shared::plan::Catalogue;
use shared::policy::Operation;
use shared::queue::Queue;
use shared::stripe::Stripe;
use shared::time::Timestamp;

use crate::order::{Choice, Order};
use crate::wire::{ReplayForm, ReplayReport};

/// Seconds before Lambda ends the function at which no further event is begun: as long as one call to Stripe lasts with
/// all its attempts.
const RESERVE_S: i64 = 35;

/// Seconds for which an administrator waits: the gateway gives up after thirty, and one call to Stripe may take some.
const REQUEST_S: i64 = 15;

/// Events told in one answer. Each may have a dozen fields, and Lambda's answers end at six million bytes.
const TOLD_MAX: usize = 1_000;

/// The function with its doors.
#[derive(Debug)]
pub struct ReplayEvent {
    front: Front,
    queue: Queue,
    stripe: Stripe,
    livemode: bool,
    catalogue: Catalogue,
    chance: Chance,
}

impl ReplayEvent {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
            queue: Queue::new(env, platform, "RETRY_QUEUE_URL")?,
            stripe: Stripe::of(env, platform)?,
            livemode: env.parsed("STRIPE_LIVEMODE")?,
            catalogue: Catalogue::linky(),
            chance: platform.chance.clone(),
        })
    }
}

/// Until when an order is worked on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(Timestamp);

impl ReplayEvent {
    fn is_up(&self, time: Time) -> bool {
        self.front.clock.now() >= time.0
    }
}

impl Function for ReplayEvent {
    /// A request of the gateway, or an operator's order; see `wire.rs`.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, Error> {
        if event.get("requestContext").is_none() {
            let order = Order::read(event)?;
            let time = Time(invocation.deadline.plus_s(-RESERVE_S));
            let report = self.done(&order, &invocation, time).await?;
            return serde_json::to_value(report).map_err(Error::internal);
        }
        let request = serde_json::from_value(event).map_err(Error::internal)?;
        let handled = self.asked(&request, &invocation).await;
        let answer = http::outcome(handled, "replay events", &invocation);
        serde_json::to_value(answer).map_err(Error::internal)
    }
}

impl ReplayEvent {
    async fn asked(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.front.clock.now();
        let operation = Operation::ReplayEvents;
        let admin = self.front.admin(request, operation).await?;
        let form: ReplayForm = http::json_body(request)?;
        let reason = http::reason(form.reason.as_deref().unwrap_or_default())?;
        let order = Order::of(form)?;
        if order.execute {
            let act = Act {
                reason: Some(reason),
                after: json!({ "order": format!("{:?}", order.choice) }),
                outcome: Outcome::Begun,
                ..admin.act(operation.as_str())
            };
            self.front.store.note_act(&act, now).await?;
        }
        let time = Time(now.plus_s(REQUEST_S));
        Ok(http::answer(
            200,
            &self.done(&order, invocation, time).await?,
        ))
    }

    async fn done(
        &self,
        order: &Order,
        invocation: &Invocation,
        time: Time,
    ) -> Result<ReplayReport, Error> {
        let stripe = self.stripe.by(invocation.patience());
        let ids = match &order.choice {
            Choice::Named(ids) => ids.clone(),
            Choice::Matching(filter) => self.matching(filter).await?,
            Choice::Backfill(backfill) => {
                let done = self.backfill(&stripe, backfill, order.execute, time);
                return done.await;
            }
        };
        let mut events = Vec::with_capacity(ids.len());
        for id in &ids {
            if self.is_up(time) || events.len() >= TOLD_MAX {
                break;
            }
            events.push(self.replay(&stripe, id, order.execute).await?);
        }
        let left = ids.len() - events.len();
        let next = match &order.choice {
            Choice::Matching(filter) if left > 0 => match events.len().checked_sub(1) {
                Some(last) => ids.get(last).cloned(),
                None => filter.starting_after.clone(),
            },
            _ => None,
        };
        tracing::info!(
            executed = order.execute,
            events = events.len(),
            left,
            "events replayed"
        );
        Ok(ReplayReport {
            executed: order.execute,
            events,
            left,
            seen: None,
            next,
        })
    }
}
