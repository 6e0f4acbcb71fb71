//! Fact: a subscription, and what its changes mean: a plan begun, changed or ended, mails owed, an unknown price.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record};
use crate::alert::Alert;
use crate::dunning::Standing;
use crate::event::Subject;
use crate::figures;
use crate::id::{InvoiceId, PaymentMethodId, PriceId, ScheduleId};
use crate::money::Money;
use crate::outbox::{Mail, MailKind, TOLD_WITHIN_S};
use crate::plan::{Catalogue, Plan};
use crate::plan_change::PlanChange;
use crate::stripe_objects::{self as seen, SubscriptionStatus as Status};
use crate::time::Timestamp;

/// What is known of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where it stands.
    pub status: Status,
    /// The plan its price stands for.
    pub plan: Plan,
    /// The price itself; none where it has no items.
    pub price: Option<PriceId>,
    /// What one period costs.
    pub amount: Option<Money>,
    /// What that comes to in a month.
    pub monthly: Option<Money>,
    /// The period that is running.
    pub period_start: Option<Timestamp>,
    /// When the next one begins, and the next charge is due.
    pub period_end: Option<Timestamp>,
    /// It ends with the period.
    pub cancel_at_period_end: bool,
    /// When it is to end.
    pub cancel_at: Option<Timestamp>,
    /// When it did end.
    pub ended_at: Option<Timestamp>,
    /// When the trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// Invoices are made but not collected; the status is untouched by it.
    pub collection_paused: bool,
    /// A change that is applied once it is paid.
    pub update_pending: bool,
    /// What changes it by itself.
    pub schedule: Option<ScheduleId>,
    /// The invoice made last.
    pub latest_invoice: Option<InvoiceId>,
    /// The card it charges.
    pub default_payment_method: Option<PaymentMethodId>,
    /// When it began.
    pub started_at: Timestamp,
    /// Since when a payment is missing; ours, Stripe does not say.
    pub past_due_since: Option<Timestamp>,
}

impl Subscription {
    fn seen(seen: &seen::Subscription, catalogue: &Catalogue) -> Self {
        // Linky sells one item a subscription. Of several, made by hand at Stripe, the first one names the plan.
        let item = seen.item();
        Self {
            status: seen.status.clone(),
            plan: item.map_or(Plan::Unmapped, |item| catalogue.plan_of(&item.price)),
            price: item.map(|item| item.price.id.clone()),
            amount: item.and_then(|item| {
                Some(Money {
                    amount: item.price.unit_amount?,
                    currency: item.price.currency,
                })
            }),
            monthly: item.and_then(|item| item.price.monthly()),
            period_start: item.and_then(|item| item.current_period_start),
            period_end: item.and_then(|item| item.current_period_end),
            cancel_at_period_end: seen.cancel_at_period_end,
            cancel_at: seen.cancel_at,
            ended_at: seen.ended_at,
            trial_end: seen.trial_end,
            collection_paused: seen.pause_collection.is_some(),
            update_pending: seen.has_pending_update,
            schedule: seen.schedule_id().cloned(),
            latest_invoice: seen.latest_invoice.clone(),
            default_payment_method: seen.default_payment_method.clone(),
            started_at: seen.start_date,
            past_due_since: None,
        }
    }

    /// It has begun and has not ended: there is something to cancel, and no second one to be sold. A status Stripe
    /// invents tomorrow counts as alive, so that nobody is sold a second one by mistake.
    pub const fn is_alive(&self) -> bool {
        match self.status {
            Status::Trialing
            | Status::Active
            | Status::PastDue
            | Status::Unpaid
            | Status::Paused
            | Status::Other(_) => true,
            Status::Incomplete | Status::IncompleteExpired | Status::Canceled => false,
        }
    }

    /// The plan the customer has by it: none before it has begun and after it has ended.
    /// Whether what it gives is a plan of ours, or nothing any more.
    pub(super) fn is_mapped(&self) -> bool {
        self.plan_held() != Some(Plan::Unmapped)
    }

    fn plan_held(&self) -> Option<Plan> {
        self.is_alive().then_some(self.plan)
    }

    /// What it brings in a month, in cents of [`figures::CURRENCY`].
    pub(super) fn mrr_cents(&self) -> i64 {
        // That a payment has been late for too long is no event; what Stripe does about it is one.
        let standing = Standing::at(self, self.past_due_since.unwrap_or(self.started_at));
        let monthly = self.monthly.filter(|it| it.currency == figures::CURRENCY);
        let brings_in = monthly.filter(|_| standing.revenue);
        brings_in.map_or(0, |monthly| monthly.amount.0)
    }
}

/// Room for the Unix seconds of any period, so that a stage always outweighs them.
const SECONDS_BITS: u32 = 40;

impl Facts for Subscription {
    fn of(subject: &Subject, catalogue: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Subscription(seen) => Some(Self::seen(seen, catalogue)),
            _ => None,
        }
    }

    /// A subscription begins, lives from period to period, and ends.
    fn progress(&self) -> u64 {
        let stage = match self.status {
            Status::Incomplete => 0,
            Status::Trialing
            | Status::Active
            | Status::PastDue
            | Status::Unpaid
            | Status::Paused
            | Status::Other(_) => 1,
            Status::IncompleteExpired | Status::Canceled => 2,
        };
        let period_s = self.period_start.map_or(0, Timestamp::as_s).unsigned_abs();
        (stage << SECONDS_BITS) | period_s
    }

    fn is_final(&self) -> bool {
        matches!(self.status, Status::IncompleteExpired | Status::Canceled)
    }

    fn at_stripe(&self) -> Self {
        Self {
            past_due_since: None,
            ..self.clone()
        }
    }
}

pub(super) fn after(
    stored: Option<&Kept<Subscription>>,
    seen: &seen::Subscription,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let mut facts = Subscription::seen(seen, news.catalogue);
    let replaces = news.replaces(stored, &facts)?;
    let held_before = stored.and_then(|kept| kept.facts.plan_held());
    let held_now = facts.plan_held();
    if matches!(facts.status, Status::PastDue | Status::Unpaid) {
        facts.past_due_since = stored
            .and_then(|kept| kept.facts.past_due_since)
            .or(Some(news.version.at));
    }
    let mut alerts = Vec::new();
    if let (Some(Plan::Unmapped), Some(price)) = (held_now, &facts.price)
        && held_before != held_now
    {
        alerts.push(Alert::unmapped_price(price, &seen.id, &seen.customer));
    }
    let plan_change = (held_before != held_now).then(|| PlanChange {
        customer: seen.customer.clone(),
        subscription: seen.id.clone(),
        from: held_before,
        to: held_now,
        at: news.version.at,
        event: news.event.id.clone(),
    });
    let is_new = news.version.at.since_s(seen.start_date) <= TOLD_WITHIN_S;
    let mails = mail_about(held_before, held_now)
        // The record may begin long after the subscription did: then nobody is welcomed.
        .filter(|kind| is_new || !matches!(kind, MailKind::Welcome { .. }))
        .map(|kind| {
            Mail::owed(
                kind,
                seen.customer.clone(),
                seen.id.as_ref(),
                &news.event.id,
            )
        })
        .into_iter()
        .collect();
    let record = Record::Subscription(
        seen.id.clone(),
        news.keep(facts, Some(seen.customer.clone())),
    );
    Ok(Change {
        plan_change,
        mails,
        alerts,
        ..Change::of(record, replaces)
    })
}

/// What the customer is told of a plan begun or changed. Of an unmapped price nothing: its name would mean nothing.
fn mail_about(before: Option<Plan>, now: Option<Plan>) -> Option<MailKind> {
    match (before, now) {
        (_, None | Some(Plan::Unmapped)) | (Some(Plan::Unmapped), _) => None,
        (None, Some(plan)) => Some(MailKind::Welcome { plan }),
        (Some(from), Some(to)) if from != to => Some(MailKind::PlanChanged { from, to }),
        (Some(_), Some(_)) => None,
    }
}
