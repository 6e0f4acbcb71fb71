//! Another plan, at once or from the next period on, and the plan that is kept after all.

use super::{Step, Stop, key};
use crate::action::order::{ChangePlan, Phases};
use crate::action::{Action, When};
use crate::actions::Actions;
use crate::id::{ScheduleId, SubscriptionId};
use crate::money::Money;
use crate::stripe::{NewCourse, NewPhase, NewPrice};
use crate::stripe_objects::Interval;

impl Actions<'_> {
    pub(super) async fn change_plan(
        &self,
        action: &Action,
        change: &ChangePlan,
        look_first: bool,
    ) -> Step<String> {
        let id = &change.subscription;
        match change.when {
            When::Now => {
                let is_done = look_first && self.is_on(id, change).await?;
                if !is_done {
                    let new = NewPrice {
                        item: &change.item,
                        price: &change.price,
                        prorated_at: change.prorated_at,
                    };
                    // Some time has passed since it was previewed, where somebody had to approve it.
                    let approved = action.decided_by.is_some();
                    if approved && !self.costs(id, new, change.due_now).await? {
                        return Err(Stop::Changed);
                    }
                    self.stripe
                        .change_price(&key(action, "price")?, id, new)
                        .await?;
                }
                // Only once it is paid: whoever keeps the old plan keeps what follows it.
                if let Some(schedule) = &change.schedule {
                    self.let_go(action, id, schedule).await?;
                }
            }
            When::PeriodEnd => {
                let schedule = match self.subscription(id).await?.schedule_id() {
                    Some(schedule) => schedule.clone(),
                    None => {
                        self.stripe
                            .create_schedule(&key(action, "schedule")?, id)
                            .await?
                            .value
                            .id
                    }
                };
                self.set(action, &schedule, &change.phases).await?;
            }
        }
        Ok(id.to_string())
    }

    /// Whether a change would charge this now.
    async fn costs(&self, id: &SubscriptionId, new: NewPrice<'_>, due_now: Money) -> Step<bool> {
        let preview = self.stripe.preview_price(id, new).await?.value;
        Ok(preview.due() == due_now)
    }

    pub(super) async fn keep_plan(
        &self,
        action: &Action,
        schedule: &ScheduleId,
        then: Option<&Phases>,
    ) -> Step<String> {
        match then {
            Some(phases) => self.set(action, schedule, phases).await?,
            None => {
                self.stripe
                    .release_schedule(&key(action, "release")?, schedule)
                    .await?;
            }
        }
        Ok(schedule.to_string())
    }

    async fn set(&self, action: &Action, schedule: &ScheduleId, phases: &Phases) -> Step<()> {
        let new: Vec<NewPhase<'_>> = phases
            .phases
            .iter()
            .map(|phase| NewPhase {
                price: &phase.price,
                interval: Interval::Month,
                interval_count: phase.months,
            })
            .collect();
        let key = key(action, "phases")?;
        let course = NewCourse {
            starts_at: phases.starts_at,
            phases: &new,
            to: phases.to,
        };
        self.stripe.set_phases(&key, schedule, course).await?;
        Ok(())
    }

    /// Lets a subscription go on without a schedule, unless it does already.
    pub(super) async fn let_go(
        &self,
        action: &Action,
        id: &SubscriptionId,
        schedule: &ScheduleId,
    ) -> Step<()> {
        if self.subscription(id).await?.schedule_id() == Some(schedule) {
            self.stripe
                .release_schedule(&key(action, "release")?, schedule)
                .await?;
        }
        Ok(())
    }

    async fn is_on(&self, id: &SubscriptionId, change: &ChangePlan) -> Step<bool> {
        let subscription = self.subscription(id).await?;
        Ok(subscription
            .item()
            .is_some_and(|item| item.price.id == change.price))
    }
}
