//! What is done at Stripe for an order, step by step, each step once.

mod plan;

use super::Actions;
use crate::action::order::Refund;
use crate::action::{Action, Order, When};
use crate::error::Error;
use crate::id::{ChargeId, ScheduleId, SubscriptionId};
use crate::money::Cents;
use crate::stripe::{ACTION_ID, Effect, IdempotencyKey, NewRefund, StripeError, StripeErrorKind};
use crate::stripe_objects::{InvoiceStatus, Subscription, SubscriptionStatus};

/// How asking Stripe ended.
pub(super) enum End {
    /// It did all of it; or the first step, and `failure` says why no more.
    Done {
        result: Option<String>,
        failure: Option<String>,
    },
    /// It refused; nothing was changed. In words for the administrator.
    Refused(String),
    /// Whether it did is not known, and the same key will not tell.
    Unknown(String),
    /// It did nothing yet, or the same key will tell.
    NotYet(Error),
}

/// Why a step was not done.
enum Stop {
    Stripe(StripeError),
    Ours(Error),
    /// What is to be paid is no longer what was shown.
    Changed,
}

impl From<StripeError> for Stop {
    fn from(error: StripeError) -> Self {
        Self::Stripe(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

type Step<T> = Result<T, Stop>;

impl Actions<'_> {
    /// Has Stripe do what is ordered. With `look_first`, what an earlier attempt did is found and not done again.
    pub(super) async fn execute(&self, action: &Action, look_first: bool) -> End {
        let done = match &action.order {
            Order::Refund(refund) => return self.refund(action, refund, look_first).await,
            Order::ChangePlan(change) => self.change_plan(action, change, look_first).await,
            Order::KeepPlan { schedule, then, .. } => {
                self.keep_plan(action, schedule, then.as_ref()).await
            }
            Order::Cancel {
                subscription,
                when,
                schedule,
            } => {
                self.cancel(action, subscription, *when, schedule.as_ref())
                    .await
            }
            Order::UndoCancel { subscription } => self.undo_cancel(action, subscription).await,
            Order::PauseCollection { subscription } => self.pause(action, subscription).await,
            Order::ResumeCollection { subscription } => self.resume(action, subscription).await,
            Order::Extend {
                subscription,
                until,
                ..
            } => self.extend(action, subscription, *until).await,
            Order::RetryPayment { invoice, .. } => {
                self.retry_payment(action, invoice, look_first).await
            }
            Order::Credit { amount } => self.credit(action, *amount, look_first).await,
        };
        match done {
            Ok(result) => End::Done {
                result: Some(result),
                failure: None,
            },
            Err(stop) => ended(stop),
        }
    }

    /// What can still be refunded from a charge, as Stripe says now.
    ///
    /// # Errors
    /// As Stripe's, as ours.
    pub async fn left_on(&self, charge: &ChargeId) -> Result<Cents, Error> {
        let charge = self.stripe.charge(charge).await?.value;
        Ok(Cents(charge.amount_captured.0 - charge.amount_refunded.0))
    }

    async fn refund(&self, action: &Action, refund: &Refund, look_first: bool) -> End {
        let made = match self.refund_made(action, refund, look_first).await {
            Ok(made) => made,
            Err(stop) => return ended(stop),
        };
        let mut failure = None;
        if let Some(subscription) = &refund.then_cancel {
            match self.cancel(action, subscription, When::Now, None).await {
                Ok(_) => {}
                Err(stop) => match ended(stop) {
                    End::Refused(words) => {
                        failure = Some(format!(
                            "The money was given back, but the subscription was not cancelled: {words}"
                        ));
                    }
                    // The refund is found again by its key, or by the action's id.
                    open => return open,
                },
            }
        }
        End::Done {
            result: Some(made),
            failure,
        }
    }

    /// The refund's id, made or found.
    async fn refund_made(
        &self,
        action: &Action,
        refund: &Refund,
        look_first: bool,
    ) -> Step<String> {
        if look_first {
            let made = self.stripe.refunds_of(&refund.charge).await?.value.data;
            let ours = made.into_iter().find(|made| {
                made.metadata
                    .get(ACTION_ID)
                    .is_some_and(|id| *id == *action.id.as_str())
            });
            if let Some(ours) = ours {
                return Ok(ours.id.to_string());
            }
        }
        let new = NewRefund {
            charge: &refund.charge,
            amount: refund.amount,
            action: &action.id,
            why: refund.why.as_str(),
        };
        let made = self
            .stripe
            .create_refund(&key(action, "refund")?, new)
            .await?;
        Ok(made.value.id.to_string())
    }

    async fn cancel(
        &self,
        action: &Action,
        id: &SubscriptionId,
        when: When,
        schedule: Option<&ScheduleId>,
    ) -> Step<String> {
        match when {
            When::Now => {
                let key = key(action, "cancel")?;
                if let Err(refused) = self.stripe.cancel_subscription(&key, id).await {
                    // Stripe keeps nothing under the key of a DELETE: one that is made again because its answer was lost is
                    // refused, for it has done what it should.
                    let is_done = refused.effect == Effect::None && self.has_ended(id).await?;
                    if !is_done {
                        return Err(refused.into());
                    }
                }
            }
            When::PeriodEnd => {
                // What a schedule holds cannot be told to end.
                if let Some(schedule) = schedule {
                    self.let_go(action, id, schedule).await?;
                }
                let key = key(action, "cancel")?;
                self.stripe.end_with_period(&key, id, true).await?;
            }
        }
        Ok(id.to_string())
    }

    async fn has_ended(&self, id: &SubscriptionId) -> Step<bool> {
        let subscription = self.stripe.subscription(id).await?.value;
        Ok(subscription.status == SubscriptionStatus::Canceled)
    }

    async fn undo_cancel(&self, action: &Action, id: &SubscriptionId) -> Step<String> {
        let key = key(action, "undo")?;
        self.stripe.end_with_period(&key, id, false).await?;
        Ok(id.to_string())
    }

    async fn pause(&self, action: &Action, id: &SubscriptionId) -> Step<String> {
        let key = key(action, "pause")?;
        self.stripe.pause_collection(&key, id).await?;
        Ok(id.to_string())
    }

    async fn resume(&self, action: &Action, id: &SubscriptionId) -> Step<String> {
        let key = key(action, "resume")?;
        self.stripe.resume_collection(&key, id).await?;
        Ok(id.to_string())
    }

    async fn extend(
        &self,
        action: &Action,
        id: &SubscriptionId,
        until: crate::time::Timestamp,
    ) -> Step<String> {
        let key = key(action, "extend")?;
        self.stripe.put_off(&key, id, until).await?;
        Ok(id.to_string())
    }

    async fn retry_payment(
        &self,
        action: &Action,
        id: &crate::id::InvoiceId,
        look_first: bool,
    ) -> Step<String> {
        if look_first && self.stripe.invoice(id).await?.value.status == Some(InvoiceStatus::Paid) {
            return Ok(id.to_string());
        }
        self.stripe.pay_invoice(&key(action, "pay")?, id).await?;
        Ok(id.to_string())
    }

    async fn credit(
        &self,
        action: &Action,
        amount: crate::money::Money,
        look_first: bool,
    ) -> Step<String> {
        if look_first {
            let made = self
                .stripe
                .balance_transactions(&action.customer)
                .await?
                .value
                .data;
            let ours = made.into_iter().find(|made| {
                made.metadata
                    .get(ACTION_ID)
                    .is_some_and(|id| *id == *action.id.as_str())
            });
            if let Some(ours) = ours {
                return Ok(ours.id);
            }
        }
        let key = key(action, "credit")?;
        let made = self
            .stripe
            .credit(&key, &action.customer, amount, &action.id)
            .await?;
        Ok(made.value.id)
    }

    async fn subscription(&self, id: &SubscriptionId) -> Step<Subscription> {
        Ok(self.stripe.subscription(id).await?.value)
    }
}

fn key(action: &Action, step: &str) -> Step<IdempotencyKey> {
    IdempotencyKey::parse(action.key(step)).map_err(|error| Stop::Ours(Error::internal(error)))
}

/// What a step that was not done means for the action.
fn ended(stop: Stop) -> End {
    let error = match stop {
        Stop::Ours(error) => return End::NotYet(error),
        Stop::Changed => {
            return End::Refused(
                "What is to be paid now is no longer what was shown. Nothing was changed: look at it again."
                    .to_owned(),
            );
        }
        Stop::Stripe(error) => error,
    };
    // Stripe keeps its failure under the key for a day, and would give it again.
    if error.kind == StripeErrorKind::Api && error.status == Some(500) {
        return End::Unknown("Stripe failed; whether it did this is being looked up.".to_owned());
    }
    if error.kind.retryable() || error.effect != Effect::None {
        return End::NotYet(error.into());
    }
    let words = error
        .message
        .as_deref()
        .unwrap_or("Stripe refused it.")
        .to_owned();
    End::Refused(words)
}
