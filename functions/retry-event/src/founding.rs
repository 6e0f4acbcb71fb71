//! The schedule that ends the founding price. Stripe takes two calls for it: the schedule is made from the subscription,
//! then given its phases. A crash between them leaves a schedule of one phase, which the next attempt sees and mends.

use shared::error::Error;
use shared::id::{ScheduleId, SubscriptionId};
use shared::plan::{Offer, Plan, Succession};
use shared::stripe::{Calls, IdempotencyKey, NewCourse, NewPhase, StripeErrorKind};
use shared::stripe_objects::{Interval, Price, Reference, Schedule, Subscription};

use crate::RetryEvent;

impl RetryEvent {
    /// Sees to it that a founding member's subscription turns into the next plan by itself. Does nothing where it is
    /// set up already, or where there is nothing left to end.
    pub(crate) async fn set_up_founding(
        &self,
        stripe: &Calls<'_>,
        id: &SubscriptionId,
        attempt: u32,
    ) -> Result<(), Error> {
        let Some((founding, succession)) = self.founding_offer() else {
            return Ok(());
        };
        let subscription = stripe.subscription(id).await?.value;
        if subscription.ended_at.is_some() || !self.is_on(&subscription, founding.plan) {
            return Ok(());
        }
        let schedule = match subscription.schedule {
            Some(Reference::Object(schedule)) => *schedule,
            Some(Reference::Id(id)) => stripe.schedule(&id).await?.value,
            None => self.create(stripe, id, attempt).await?,
        };
        if schedule.phases.len() > 1 {
            return Ok(());
        }
        self.set_phases(stripe, id, attempt, &schedule, founding, succession)
            .await
    }

    /// Makes the schedule. Stripe refuses a second one: where an attempt took effect after it was given up, the next one
    /// finds its schedule.
    async fn create(
        &self,
        stripe: &Calls<'_>,
        id: &SubscriptionId,
        attempt: u32,
    ) -> Result<Schedule, Error> {
        let made = stripe
            .create_schedule(&key(id, "create", attempt)?, id)
            .await;
        match made {
            Ok(answer) => Ok(answer.value),
            Err(error) if error.kind == StripeErrorKind::InvalidRequest => {
                Err(Error::unavailable(error).while_doing("make a schedule"))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn set_phases(
        &self,
        stripe: &Calls<'_>,
        subscription: &SubscriptionId,
        attempt: u32,
        schedule: &Schedule,
        founding: &Offer,
        succession: Succession,
    ) -> Result<(), Error> {
        let Some(first) = schedule.phases.first() else {
            return Err(Error::internal(format!(
                "schedule {} has no phase",
                schedule.id
            )));
        };
        let keys = [founding.plan.key(), succession.plan.key()];
        let prices = stripe.prices(&keys).await?.value.data;
        let price_of = |plan: Plan| -> Result<&Price, Error> {
            prices
                .iter()
                .find(|price| self.catalogue.plan_of(price) == plan)
                .ok_or_else(|| {
                    Error::internal(format!("no price at Stripe for plan {}", plan.key()))
                })
        };
        let phases = [
            NewPhase {
                price: &price_of(founding.plan)?.id,
                interval: Interval::Month,
                interval_count: succession.after_months,
            },
            // One period of the plan that follows; after it the schedule lets go, and the price stays.
            NewPhase {
                price: &price_of(succession.plan)?.id,
                interval: Interval::Month,
                interval_count: 1,
            },
        ];
        let key = key(subscription, "phases", attempt)?;
        let course = NewCourse {
            starts_at: first.start_date,
            phases: &phases,
            to: succession.plan,
        };
        let set: Schedule = stripe.set_phases(&key, &schedule.id, course).await?.value;
        let id: &ScheduleId = &set.id;
        tracing::info!(subscription.id = %subscription, schedule.id = %id, "founding schedule set up");
        Ok(())
    }

    fn founding_offer(&self) -> Option<(&Offer, Succession)> {
        let offer = self.catalogue.offer_of(Plan::FoundingMember)?;
        Some((offer, offer.then?))
    }

    fn is_on(&self, subscription: &Subscription, plan: Plan) -> bool {
        subscription
            .item()
            .is_some_and(|item| self.catalogue.plan_of(&item.price) == plan)
    }
}

/// A step's key. Of one attempt, because Stripe keeps a 500 under a key for a day; that nothing came of the attempt before
/// was read from Stripe just now.
fn key(subscription: &SubscriptionId, step: &str, attempt: u32) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::parse(format!("founding-schedule:{subscription}:{step}:{attempt}"))
        .map_err(Error::internal)
}
