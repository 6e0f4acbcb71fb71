//! The change itself, bound to what was shown; and one that is to come, taken back.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::action::When;
use shared::action::order::{Order, Phase, Phases};
use shared::actions::{Submission, payload_hash, status_of};
use shared::error::Error;
use shared::http::{self, answer};
use shared::id::CustomerId;
use shared::lambda::Invocation;
use shared::money::Cents;
use shared::plan::Plan;
use shared::policy::Operation;
use shared::stripe::Calls;
use shared::stripe_objects::Reference;
use shared::time::Timestamp;

use crate::AdminChangePlan;
use crate::preview::Running;
use crate::wire::{ChangeForm, KeepForm};

/// Seconds for which a preview can be acted on: as long as somebody may take to approve it.
const PREVIEW_S: i64 = 24 * 60 * 60;

impl AdminChangePlan {
    pub(crate) async fn change(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        let admin = front.admin(request, Operation::ChangePlan).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let form: ChangeForm = http::json_body(request)?;
        let id = http::action_id(request)?;
        let reason = http::reason(&form.reason)?;
        let actions = self.acting.actions(invocation);
        let payload_hash = payload_hash(&customer, &form)?;
        if let Some(known) = actions.known(&id, &payload_hash).await? {
            return Ok(answer(status_of(&known), &known));
        }
        let running = self.running(actions.stripe, &customer).await?;
        let to = self.offer(&form.plan, running.from)?;
        is_fresh(&form, &running, front.clock.now())?;
        let at = form.proration_date;
        let shown = self
            .shown(actions.stripe, &running, to, form.when, at)
            .await?;
        if shown.order.due_now.amount != form.due_now_cents {
            return Err(stale());
        }
        let submission = Submission {
            id,
            payload_hash,
            customer,
            order: Order::ChangePlan(shown.order),
            reason,
            concerns: Vec::new(),
            left: Cents::ZERO,
        };
        let action = actions.submit(&admin, submission).await?;
        Ok(answer(status_of(&action), &action))
    }

    pub(crate) async fn keep(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        let admin = front.admin(request, Operation::ChangePlan).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let form: KeepForm = http::json_body(request)?;
        let id = http::action_id(request)?;
        let reason = http::reason(&form.reason)?;
        let actions = self.acting.actions(invocation);
        let payload_hash = payload_hash(&customer, &form)?;
        if let Some(known) = actions.known(&id, &payload_hash).await? {
            return Ok(answer(status_of(&known), &known));
        }
        let running = self.running(actions.stripe, &customer).await?;
        let submission = Submission {
            id,
            payload_hash,
            customer,
            order: self.kept(actions.stripe, &running).await?,
            reason,
            concerns: Vec::new(),
            left: Cents::ZERO,
        };
        let action = actions.submit(&admin, submission).await?;
        Ok(answer(status_of(&action), &action))
    }

    /// What takes a change back that is to come. What a plan turns into by itself stays.
    async fn kept(&self, stripe: Calls<'_>, running: &Running) -> Result<Order, Error> {
        let nothing = || {
            Error::conflict(
                "nothing_to_do",
                "No change of plan is to come that could be taken back.",
            )
        };
        let schedule = match &running.subscription.schedule {
            None => return Err(nothing()),
            Some(Reference::Object(schedule)) => schedule.as_ref().clone(),
            Some(Reference::Id(id)) => stripe.schedule(id).await?.value,
        };
        let to = schedule.metadata.get(shared::plan::PLAN_KEY);
        let to = to.and_then(|key| Plan::of_key(key));
        let offer = self.catalogue.offer_of(running.from);
        let then = match offer.and_then(|offer| offer.then) {
            None => None,
            Some(then) if to.is_none_or(|to| to == then.plan) => return Err(nothing()),
            Some(then) => {
                let key = then.plan.key();
                let prices = stripe.prices(&[key]).await?.value.data;
                let price = prices
                    .iter()
                    .find(|price| self.catalogue.plan_of(price) == then.plan);
                let price = price
                    .ok_or_else(|| Error::internal(format!("no price at Stripe for plan {key}")))?;
                Some(Phases {
                    starts_at: running.period_start,
                    phases: vec![
                        Phase {
                            price: running.price.id.clone(),
                            months: then.after_months,
                        },
                        Phase {
                            price: price.id.clone(),
                            months: 1,
                        },
                    ],
                    to: then.plan,
                })
            }
        };
        Ok(Order::KeepPlan {
            subscription: running.subscription.id.clone(),
            schedule: schedule.id,
            then,
        })
    }
}

/// Refuses what was previewed in another period, or too long ago.
fn is_fresh(form: &ChangeForm, running: &Running, now: Timestamp) -> Result<(), Error> {
    let at = form.proration_date;
    let age_s = now.since_s(at);
    let in_period = at >= running.period_start && at < running.period_end;
    // What is changed with the period is not counted from any moment, but was shown in this period.
    let fresh = (0..=PREVIEW_S).contains(&age_s) && in_period && at.as_ms() % 1000 == 0;
    if fresh && (form.when == When::Now || form.due_now_cents == Cents::ZERO) {
        Ok(())
    } else {
        Err(stale())
    }
}

fn stale() -> Error {
    Error::conflict(
        "preview_stale",
        "What was shown is no longer what it would come to. Nothing was changed: look at the preview again.",
    )
}
