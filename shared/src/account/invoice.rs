//! Fact: an invoice, what was paid on it, and what the customer is told when that fails or is mended.

use serde::{Deserialize, Serialize};

use super::place::Facts;
use super::{Change, Kept, News, Outcome, Record, Totals};
use crate::event::Subject;
use crate::figures::Figure;
use crate::id::{InvoiceId, SubscriptionId};
use crate::money::{Cents, Money};
use crate::outbox::{Mail, MailKind};
use crate::plan::Catalogue;
use crate::stripe_objects::{self as seen, BillingReason, InvoiceStatus};
use crate::time::Timestamp;

/// What is known of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Where it stands. Stripe always says for an invoice that is made.
    pub status: Option<InvoiceStatus>,
    /// The number the customer sees; none while it is a draft.
    pub number: Option<String>,
    /// The subscription it bills.
    pub subscription: Option<SubscriptionId>,
    /// Why it was made.
    pub billing_reason: Option<BillingReason>,
    /// What was asked for.
    pub due: Money,
    /// What was paid.
    pub paid: Money,
    /// What is missing.
    pub remaining: Money,
    /// How often Stripe tried to collect it.
    pub attempt_count: u32,
    /// When Stripe tries again by itself.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where the customer can pay it.
    pub hosted_url: Option<String>,
    /// When a payment of it first failed, as far as we were told in time; ours, Stripe does not say.
    pub failed_at: Option<Timestamp>,
    /// What it comes to: its lines, less discounts, with taxes. What the customer's balance covered is not taken off.
    #[serde(default)]
    pub total: Option<Money>,
    /// What it is made of, as many lines as Stripe tells of.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// It has more lines than that.
    #[serde(default)]
    pub more_lines: bool,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is for, in Stripe's words.
    pub text: String,
    /// How much, before discounts and taxes, in the invoice's currency; negative where it is taken off.
    pub cents: Cents,
}

impl From<&seen::Invoice> for Invoice {
    fn from(seen: &seen::Invoice) -> Self {
        let money = |amount| Money {
            amount,
            currency: seen.currency,
        };
        Self {
            status: seen.status.clone(),
            number: seen.number.clone(),
            subscription: seen.subscription.clone(),
            billing_reason: seen.billing_reason.clone(),
            due: money(seen.amount_due),
            paid: money(seen.amount_paid),
            remaining: money(seen.amount_remaining),
            attempt_count: seen.attempt_count,
            next_attempt_at: seen.next_payment_attempt,
            created_at: seen.created,
            hosted_url: seen.hosted_invoice_url.clone(),
            failed_at: None,
            total: Some(money(seen.total)),
            lines: seen.lines.data.iter().map(Line::from).collect(),
            more_lines: seen.lines.has_more,
        }
    }
}

impl From<&seen::InvoiceLine> for Line {
    fn from(seen: &seen::InvoiceLine) -> Self {
        let text = seen.description.clone();
        Self {
            text: text.unwrap_or_default(),
            cents: seen.amount,
        }
    }
}

impl Facts for Invoice {
    fn of(subject: &Subject, _: &Catalogue) -> Option<Self> {
        match subject {
            Subject::Invoice(seen) => Some(Self::from(seen)),
            _ => None,
        }
    }

    /// An invoice is drafted, opened, tried, and then settled in one of three ways, of which paid comes last: an
    /// uncollectible one can still be paid.
    fn progress(&self) -> u64 {
        let stage = match self.status {
            Some(InvoiceStatus::Draft) => 0,
            Some(InvoiceStatus::Open | InvoiceStatus::Other(_)) | None => 1,
            Some(InvoiceStatus::Uncollectible) => 2,
            Some(InvoiceStatus::Void | InvoiceStatus::Paid) => 3,
        };
        (stage << u32::BITS) | u64::from(self.attempt_count)
    }

    fn at_stripe(&self) -> Self {
        Self {
            failed_at: None,
            ..self.clone()
        }
    }
}

pub(super) fn after(
    stored: Option<&Kept<Invoice>>,
    id: &InvoiceId,
    seen: &seen::Invoice,
    news: &News<'_>,
) -> Result<Change, Outcome> {
    let mut facts = Invoice::from(seen);
    let replaces = news.replaces(stored, &facts)?;
    // Told by the state, not by the type of the event: so it is noticed in whatever way the news comes.
    let attempts_before = stored.map_or(0, |kept| kept.facts.attempt_count);
    let failed_now =
        facts.status == Some(InvoiceStatus::Open) && facts.attempt_count > attempts_before;
    facts.failed_at = stored
        .and_then(|kept| kept.facts.failed_at)
        .or(failed_now.then_some(news.version.at));
    let paid_before_cents = stored.map_or(0, |kept| kept.facts.paid.amount.0);
    let paid_cents = facts.paid.amount.0 - paid_before_cents;
    let totals = (paid_cents != 0).then_some(Totals {
        paid_cents,
        ..Totals::nothing(seen.currency)
    });
    let is_renewal = facts.billing_reason != Some(BillingReason::SubscriptionCreate);
    let was_paid = stored.is_some_and(|kept| kept.facts.status == Some(InvoiceStatus::Paid));
    let figure = if facts.status == Some(InvoiceStatus::Paid) {
        let failed = facts.failed_at.is_some() || facts.attempt_count > 1;
        (!was_paid && facts.paid.amount > Cents::ZERO).then_some(Figure::Paid {
            amount: facts.paid,
            recovered: is_renewal && failed,
        })
    } else {
        let failed_before = stored.is_some_and(|kept| kept.facts.failed_at.is_some());
        (failed_now && is_renewal && !failed_before).then_some(Figure::Failed {
            amount: facts.remaining,
        })
    };
    let mails = match (&seen.customer, mail_about(stored, &facts, failed_now)) {
        (Some(customer), Some(kind)) => vec![Mail::owed(
            kind,
            customer.clone(),
            id.as_ref(),
            &news.event.id,
        )],
        _ => Vec::new(),
    };
    let record = Record::Invoice(id.clone(), news.keep(facts, seen.customer.clone()));
    Ok(Change {
        mails,
        totals,
        figure,
        ..Change::of(record, replaces)
    })
}

/// What the customer is told. Nothing of a first payment: whoever is at the checkout sees on the page that it failed.
fn mail_about(
    stored: Option<&Kept<Invoice>>,
    facts: &Invoice,
    failed_now: bool,
) -> Option<MailKind> {
    if facts.billing_reason == Some(BillingReason::SubscriptionCreate) {
        return None;
    }
    let was_failing = stored.is_some_and(|kept| {
        kept.facts.failed_at.is_some() && kept.facts.status != Some(InvoiceStatus::Paid)
    });
    if failed_now {
        Some(MailKind::PaymentFailed {
            amount: facts.remaining,
            attempt: facts.attempt_count,
            next_attempt_at: facts.next_attempt_at,
        })
    } else if was_failing && facts.status == Some(InvoiceStatus::Paid) {
        Some(MailKind::PaymentRecovered { amount: facts.paid })
    } else {
        None
    }
}
