//! Fact: the figures of a day, and what stands on the books at its end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CURRENCY, Figure, Held, Movement};
use crate::money::{Currency, Money};
use crate::plan::Plan;
use crate::tally::Counted;
use crate::time::Timestamp;

/// What was counted on a day in UTC: the day on which we learnt of it, so that a day that is closed never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayFigures {
    /// The day, as `2026-11-26`.
    pub day: String,
    /// Until when it is counted.
    pub counted_until: Timestamp,
    /// Whether it is over and counted to its end.
    pub closed: bool,
    /// What all cents here are of.
    pub currency: Currency,
    /// What all subscriptions bring in a month, at the end of the day.
    pub mrr_cents: i64,
    /// Who is on which plan at the end of the day, and what that brings in a month.
    #[schema(value_type = BTreeMap<String, Book>)]
    pub plans: Books,
    /// By what monthly revenue changed.
    #[schema(value_type = BTreeMap<String, Sum>)]
    pub movements: BTreeMap<Movement, Sum>,
    /// What became of founding members.
    pub founding: Founding,
    /// Invoices paid and not paid.
    pub payments: Payments,
    /// Refunds made.
    pub refunds: Sum,
    /// Disputes opened that take money.
    pub disputes: Sum,
    /// How the webhook did.
    pub webhooks: Webhooks,
}

/// What stands on the books of every plan that anybody is on.
pub type Books = BTreeMap<Plan, Book>;

/// What stands on the books of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Book {
    /// Subscriptions that are alive: one a customer, as nobody is sold a second one.
    pub customers: i64,
    /// What they bring in a month.
    pub mrr_cents: i64,
}

/// How many, and how much in all. Cents are negative where it is less by them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FigureSum)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// How much.
    pub cents: i64,
}

/// What became of founding members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FoundingFigures)]
pub struct Founding {
    /// Became one.
    pub begun: u64,
    /// Went on to another plan.
    pub converted: u64,
    /// Ended.
    pub left: u64,
}

/// Invoices paid and not paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaymentFigures)]
pub struct Payments {
    /// Paid.
    pub paid: Sum,
    /// A payment failed for the first time.
    pub failed: Sum,
    /// Paid, after a payment had failed. Among those paid, too.
    pub recovered: Sum,
}

/// How the webhook did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookFigures)]
pub struct Webhooks {
    /// Deliveries by Stripe, repeated ones included.
    pub deliveries: u64,
    /// What became of them, in one word each.
    pub answers: BTreeMap<String, u64>,
    /// From the making of an event to its coming in: half of them took no longer. None where nothing came.
    pub lag_p50_s: Option<i64>,
    /// The same of 95 in a hundred.
    pub lag_p95_s: Option<i64>,
}

impl Sum {
    fn add(&mut self, amount: Money) {
        self.count += 1;
        if amount.currency == CURRENCY {
            self.cents += amount.amount.0;
        }
    }
}

impl DayFigures {
    /// The figures of a day: what stood on the books before it, and what came in of it until `counted_until`.
    pub fn of(
        day: String,
        before: &Books,
        figures: &[Figure],
        deliveries: &[Counted],
        counted_until: Timestamp,
        closed: bool,
    ) -> Self {
        let mut counted = Self {
            day,
            counted_until,
            closed,
            currency: CURRENCY,
            mrr_cents: 0,
            plans: before.clone(),
            movements: BTreeMap::new(),
            founding: Founding::default(),
            payments: Payments::default(),
            refunds: Sum::default(),
            disputes: Sum::default(),
            webhooks: Webhooks::of(deliveries),
        };
        for figure in figures {
            counted.count(figure);
        }
        counted.plans.retain(|_, book| *book != Book::default());
        counted.mrr_cents = counted.plans.values().map(|book| book.mrr_cents).sum();
        counted
    }

    fn count(&mut self, figure: &Figure) {
        match *figure {
            Figure::Revenue {
                before,
                after,
                returning,
            } => self.count_revenue(before, after, returning),
            Figure::Paid { amount, recovered } => {
                self.payments.paid.add(amount);
                if recovered {
                    self.payments.recovered.add(amount);
                }
            }
            Figure::Failed { amount } => self.payments.failed.add(amount),
            Figure::Refunded { amount } => self.refunds.add(amount),
            Figure::Disputed { amount } => self.disputes.add(amount),
        }
    }

    fn count_revenue(&mut self, before: Held, after: Held, returning: bool) {
        for (held, times) in [(before, -1), (after, 1)] {
            if let Some(plan) = held.plan {
                let book = self.plans.entry(plan).or_default();
                book.customers += times;
                book.mrr_cents += times * held.mrr_cents;
            }
        }
        if let Some(movement) = Movement::of(before, after, returning) {
            let sum = self.movements.entry(movement).or_default();
            sum.count += 1;
            sum.cents += after.mrr_cents - before.mrr_cents;
        }
        match (before.plan, after.plan) {
            (from, to) if from == to => {}
            (Some(Plan::FoundingMember), Some(_)) => self.founding.converted += 1,
            (Some(Plan::FoundingMember), None) => self.founding.left += 1,
            (_, Some(Plan::FoundingMember)) => self.founding.begun += 1,
            _ => {}
        }
    }
}

impl Webhooks {
    fn of(deliveries: &[Counted]) -> Self {
        let mut answers: BTreeMap<String, u64> = BTreeMap::new();
        let mut lags = Vec::new();
        for delivery in deliveries.iter().filter(|it| it.is_webhook()) {
            *answers.entry(delivery.answer.clone()).or_default() += 1;
            lags.extend(delivery.lag_s);
        }
        lags.sort_unstable();
        let percentile = |percent: usize| {
            let place = (lags.len() * percent).div_ceil(100).max(1) - 1;
            lags.get(place).copied()
        };
        Self {
            deliveries: answers.values().sum(),
            lag_p50_s: percentile(50),
            lag_p95_s: percentile(95),
            answers,
        }
    }
}
