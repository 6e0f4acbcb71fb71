//! From the form to the order, as the subscription stands at Stripe now.

use shared::action::{Order, When};
use shared::error::{Error, ErrorKind};
use shared::id::{CustomerId, SubscriptionId};
use shared::money::{Currency, Money};
use shared::policy::{EXTEND_DAYS_MAX, Operation};
use shared::stripe::Calls;
use shared::stripe_objects::{InvoiceStatus, Subscription, SubscriptionStatus};
use shared::time::DAY_S;

use crate::AdminSubscription;
use crate::wire::OrderForm;

/// What stands for an operation that could not be read: the least that any of them needs.
pub(crate) const ANY: Operation = Operation::Cancel;

/// The largest credit, in cents: as much as ten years of the dearest plan would be a mistake.
const CREDIT_CENTS_MAX: i64 = 1_000_000;

impl OrderForm {
    pub(crate) const fn operation(&self) -> Operation {
        match self {
            Self::Cancel {
                refund_cents: Some(_),
                ..
            } => Operation::Refund,
            Self::Cancel { .. } => Operation::Cancel,
            Self::UndoCancel {} => Operation::UndoCancel,
            Self::PauseCollection {} => Operation::PauseCollection,
            Self::ResumeCollection {} => Operation::ResumeCollection,
            Self::Extend { .. } => Operation::Extend,
            Self::RetryPayment {} => Operation::RetryPayment,
            Self::Credit { .. } => Operation::Credit,
        }
    }
}

impl AdminSubscription {
    /// The order with frozen parameters.
    ///
    /// # Errors
    /// `NotFound` where there is no such customer or no subscription, `Conflict` where there is nothing to do.
    pub(crate) async fn order(
        &self,
        stripe: Calls<'_>,
        customer: &CustomerId,
        form: &OrderForm,
    ) -> Result<Order, Error> {
        if let OrderForm::Credit { amount_cents } = form {
            if !(1..=CREDIT_CENTS_MAX).contains(&amount_cents.0) {
                return Err(Error::invalid(
                    "invalid_amount",
                    format!(
                        "The field `amount_cents` needs a whole number from 1 to {CREDIT_CENTS_MAX}."
                    ),
                ));
            }
            self.known_customer(customer).await?;
            let amount = Money {
                amount: *amount_cents,
                currency: Currency::USD,
            };
            return Ok(Order::Credit { amount });
        }
        let (id, at_stripe) = self.subscription(stripe, customer).await?;
        match form {
            OrderForm::Cancel {
                when: When::Now,
                refund_cents: Some(cents),
            } => self.ended_with_refund(stripe, id, &at_stripe, *cents).await,
            OrderForm::Cancel {
                refund_cents: Some(_),
                ..
            } => Err(Error::invalid(
                "invalid_choice",
                "What ends with its period is used up: leave out `refund_cents`, or end it now.",
            )),
            OrderForm::Cancel { when, .. } => {
                if *when == When::PeriodEnd && at_stripe.cancel_at_period_end {
                    return Err(nothing("It ends with its period already."));
                }
                Ok(Order::Cancel {
                    schedule: at_stripe
                        .schedule_id()
                        .filter(|_| *when == When::PeriodEnd)
                        .cloned(),
                    subscription: id,
                    when: *when,
                })
            }
            OrderForm::UndoCancel {} if at_stripe.cancel_at_period_end => {
                Ok(Order::UndoCancel { subscription: id })
            }
            OrderForm::UndoCancel {} => Err(nothing("It does not end with its period.")),
            OrderForm::PauseCollection {} if at_stripe.pause_collection.is_none() => {
                Ok(Order::PauseCollection { subscription: id })
            }
            OrderForm::PauseCollection {} => {
                Err(nothing("Its payments are not collected already."))
            }
            OrderForm::ResumeCollection {} if at_stripe.pause_collection.is_some() => {
                Ok(Order::ResumeCollection { subscription: id })
            }
            OrderForm::ResumeCollection {} => Err(nothing("Its payments are collected already.")),
            OrderForm::Extend { days } => extended(id, &at_stripe, *days),
            OrderForm::RetryPayment {} => self.open_invoice(stripe, &at_stripe).await,
            OrderForm::Credit { .. } => Err(Error::internal("a credit needs no subscription")),
        }
    }

    async fn known_customer(&self, customer: &CustomerId) -> Result<(), Error> {
        let account = self.acting.front.store.account(customer).await?;
        match account.customer {
            Some(kept) if !kept.facts.deleted => Ok(()),
            _ => Err(no_such_user()),
        }
    }

    /// The customer's subscription that is alive, by the record, as Stripe has it now.
    pub(crate) async fn subscription(
        &self,
        stripe: Calls<'_>,
        customer: &CustomerId,
    ) -> Result<(SubscriptionId, Subscription), Error> {
        let account = self.acting.front.store.account(customer).await?;
        if account.customer.is_none() {
            return Err(no_such_user());
        }
        let alive = account
            .subscription()
            .filter(|(_, kept)| kept.facts.is_alive());
        let (id, _) = alive.ok_or_else(no_subscription)?;
        let at_stripe = stripe.subscription(id).await?.value;
        if at_stripe.status == SubscriptionStatus::Canceled {
            return Err(no_subscription());
        }
        Ok((id.clone(), at_stripe))
    }

    /// What is to be tried: the subscription's latest invoice, if it is open.
    async fn open_invoice(
        &self,
        stripe: Calls<'_>,
        subscription: &Subscription,
    ) -> Result<Order, Error> {
        let none = || nothing("It has no open invoice.");
        let latest = subscription.latest_invoice.as_ref().ok_or_else(none)?;
        let invoice = stripe.invoice(latest).await?.value;
        if invoice.status != Some(InvoiceStatus::Open) {
            return Err(none());
        }
        Ok(Order::RetryPayment {
            invoice: latest.clone(),
            amount: Money {
                amount: invoice.amount_remaining,
                currency: invoice.currency,
            },
        })
    }
}

/// The next payment, put off by so many days from when it would be due.
fn extended(id: SubscriptionId, subscription: &Subscription, days: u32) -> Result<Order, Error> {
    if !(1..=EXTEND_DAYS_MAX).contains(&days) {
        return Err(Error::invalid(
            "invalid_days",
            format!("The field `days` needs a whole number from 1 to {EXTEND_DAYS_MAX}."),
        ));
    }
    if subscription.schedule.is_some() {
        return Err(Error::conflict(
            "scheduled",
            "Its plan is going to change by itself, and both cannot hold. Change the plan first, or take that back.",
        ));
    }
    let due = subscription.item().and_then(|item| item.current_period_end);
    let due = due.ok_or_else(|| Error::internal(format!("{id} has no period")))?;
    Ok(Order::Extend {
        subscription: id,
        days,
        until: due.plus_s(i64::from(days) * DAY_S),
    })
}

fn nothing(words: &str) -> Error {
    Error::conflict("nothing_to_do", words)
}

fn no_subscription() -> Error {
    Error::conflict(
        "no_subscription",
        "This customer has no subscription that is running.",
    )
}

fn no_such_user() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "no_such_user",
        "There is no such customer.",
    )
}
