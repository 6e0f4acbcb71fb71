//! What a change would come to, as Stripe says now.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::action::When;
use shared::action::order::{ChangePlan, Order, Phase, Phases};
use shared::error::{Error, ErrorKind};
use shared::http::{self, answer};
use shared::id::{CustomerId, PriceId};
use shared::lambda::Invocation;
use shared::money::Money;
use shared::plan::{Offer, Plan};
use shared::policy::Operation;
use shared::stripe::{Calls, NewPrice};
use shared::stripe_objects::{Price, Subscription, SubscriptionStatus};
use shared::time::Timestamp;

use crate::AdminChangePlan;
use crate::wire::{NextCharge, PlanPreview, PreviewForm, PreviewLine};

/// A subscription that can go to another plan, as Stripe has it now.
pub(crate) struct Running {
    pub(crate) subscription: Subscription,
    pub(crate) from: Plan,
    pub(crate) item: String,
    pub(crate) period_start: Timestamp,
    pub(crate) period_end: Timestamp,
    pub(crate) price: Price,
}

/// A change with what it comes to.
pub(crate) struct Shown {
    pub(crate) order: ChangePlan,
    credited: Money,
    lines: Vec<PreviewLine>,
    effective_at: Timestamp,
    next_charge: NextCharge,
}

impl AdminChangePlan {
    pub(crate) async fn preview(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        let admin = front.admin(request, Operation::ChangePlan).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let form: PreviewForm = http::json_body(request)?;
        let actions = self.acting.actions(invocation);
        let running = self.running(actions.stripe, &customer).await?;
        let to = self.offer(&form.plan, running.from)?;
        let when = form.when.unwrap_or_else(|| self.usual(running.from, to));
        // To the second, as Stripe counts.
        let now = Timestamp::from_s(front.clock.now().as_s());
        let shown = self.shown(actions.stripe, &running, to, when, now).await?;
        let order = Order::ChangePlan(shown.order.clone());
        let verdict = actions.verdict(&admin, &customer, &order, &[]).await?;
        let (verdict, concerns, approver) = verdict.parts();
        Ok(answer(
            200,
            &PlanPreview {
                from: running.from,
                to: to.plan,
                when,
                due_now: shown.order.due_now,
                credited: shown.credited,
                lines: shown.lines,
                effective_at: shown.effective_at,
                next_charge: shown.next_charge,
                proration_date: now,
                verdict,
                concerns,
                approver,
            },
        ))
    }

    /// The customer's subscription that is alive, fit for a change.
    pub(crate) async fn running(
        &self,
        stripe: Calls<'_>,
        customer: &CustomerId,
    ) -> Result<Running, Error> {
        let account = self.acting.front.store.account(customer).await?;
        if account.customer.is_none() {
            return Err(Error::new(
                ErrorKind::NotFound,
                "no_such_user",
                "There is no such customer.",
            ));
        }
        let alive = account
            .subscription()
            .filter(|(_, kept)| kept.facts.is_alive());
        let (id, _) = alive.ok_or_else(no_subscription)?;
        let subscription = stripe.subscription(id).await?.value;
        match subscription.status {
            SubscriptionStatus::Active => {}
            SubscriptionStatus::Canceled => return Err(no_subscription()),
            SubscriptionStatus::Trialing => {
                return Err(Error::conflict(
                    "on_trial",
                    "Its next payment was put off. Change the plan once the new period has begun.",
                ));
            }
            ref other => {
                return Err(Error::conflict(
                    "not_in_good_standing",
                    format!(
                        "The subscription is {other}: see to its open payment first, then change the plan."
                    ),
                ));
            }
        }
        if subscription.cancel_at_period_end || subscription.cancel_at.is_some() {
            return Err(Error::conflict(
                "ending",
                "The subscription is going to end. Take that back first, then change the plan.",
            ));
        }
        if subscription.pause_collection.is_some() {
            return Err(Error::conflict(
                "collection_paused",
                "Its payments are not collected. Resume that first, then change the plan.",
            ));
        }
        let item = subscription.item().cloned();
        let lacking = || Error::internal(format!("subscription {id} has no item or no period"));
        let item = item.ok_or_else(lacking)?;
        Ok(Running {
            from: self.catalogue.plan_of(&item.price),
            item: item.id,
            period_start: item.current_period_start.ok_or_else(lacking)?,
            period_end: item.current_period_end.ok_or_else(lacking)?,
            price: item.price,
            subscription,
        })
    }

    /// What is sold under a name, where somebody on `from` can move to it.
    pub(crate) fn offer(&self, key: &str, from: Plan) -> Result<&Offer, Error> {
        let offer = self.catalogue.offer(key).ok_or_else(|| {
            let keys = self.catalogue.offers().iter().map(|offer| offer.plan.key());
            let keys: Vec<&str> = keys.collect();
            Error::invalid(
                "unknown_plan",
                format!("The field `plan` takes one of: {}.", keys.join(", ")),
            )
        })?;
        if offer.plan == from {
            return Err(Error::conflict(
                "same_plan",
                format!("The customer is on {} already.", from.name()),
            ));
        }
        if offer.then.is_some() {
            return Err(Error::conflict(
                "not_offered",
                format!("{} is for new customers only.", offer.plan.name()),
            ));
        }
        Ok(offer)
    }

    /// When a change is usually made: what is dearer begins now, and what is cheaper once what was paid for is used up.
    fn usual(&self, from: Plan, to: &Offer) -> When {
        let monthly = |offer: &Offer| offer.price.amount.0 / i64::from(offer.billed_every_months);
        let before = self.catalogue.offer_of(from).map(monthly);
        if before.is_some_and(|before| monthly(to) < before) {
            When::PeriodEnd
        } else {
            When::Now
        }
    }

    /// A change counted from `at`.
    pub(crate) async fn shown(
        &self,
        stripe: Calls<'_>,
        running: &Running,
        to: &Offer,
        when: When,
        at: Timestamp,
    ) -> Result<Shown, Error> {
        let prices = stripe.prices(&[to.plan.key()]).await?.value.data;
        let price = prices
            .iter()
            .find(|price| self.catalogue.plan_of(price) == to.plan);
        let price = &price
            .ok_or_else(|| {
                Error::internal(format!("no price at Stripe for plan {}", to.plan.key()))
            })?
            .id;
        let nothing = Money::new(0, to.price.currency);
        let mut shown = Shown {
            order: self.order(running, to, price, when, at, nothing),
            credited: nothing,
            lines: Vec::new(),
            effective_at: running.period_end,
            next_charge: NextCharge {
                at: running.period_end,
                amount: to.price,
            },
        };
        if when == When::PeriodEnd {
            return Ok(shown);
        }
        let new = NewPrice {
            item: &running.item,
            price,
            prorated_at: at,
        };
        let id = &running.subscription.id;
        let preview = stripe.preview_price(id, new).await?.value;
        let money = |amount| Money {
            amount,
            currency: preview.currency,
        };
        shown.order.due_now = preview.due();
        if preview.total.0 < 0 {
            shown.credited = Money::new(-preview.total.0, preview.currency);
        }
        shown.effective_at = at;
        // A plan of another interval begins a period of its own at once.
        let charged = preview.lines.data.iter().filter(|line| line.amount.0 > 0);
        let ends = charged.map(|line| line.period.end).max();
        shown.next_charge.at = ends.unwrap_or(running.period_end);
        shown.lines = preview
            .lines
            .data
            .iter()
            .map(|line| PreviewLine {
                text: line.description.clone().unwrap_or_default(),
                amount: money(line.amount),
            })
            .collect();
        Ok(shown)
    }

    fn order(
        &self,
        running: &Running,
        to: &Offer,
        price: &PriceId,
        when: When,
        at: Timestamp,
        due_now: Money,
    ) -> ChangePlan {
        let current = self.catalogue.offer_of(running.from);
        ChangePlan {
            subscription: running.subscription.id.clone(),
            item: running.item.clone(),
            from: running.from,
            to: to.plan,
            price: price.clone(),
            when,
            prorated_at: at,
            due_now,
            schedule: running.subscription.schedule_id().cloned(),
            phases: Phases {
                starts_at: running.period_start,
                phases: vec![
                    Phase {
                        price: running.price.id.clone(),
                        months: current.map_or(1, |offer| offer.billed_every_months),
                    },
                    Phase {
                        price: price.clone(),
                        months: to.billed_every_months,
                    },
                ],
                to: to.plan,
            },
        }
    }
}

pub(crate) fn no_subscription() -> Error {
    Error::conflict(
        "no_subscription",
        "This customer has no subscription that is running.",
    )
}
