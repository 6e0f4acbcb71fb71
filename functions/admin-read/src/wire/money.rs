//! A customer's invoices, refunds and disputes.

use serde::Serialize;
use shared::account::{Dispute, Invoice, Refund};
use shared::id::{ChargeId, DisputeId, InvoiceId, RefundId, SubscriptionId};
use shared::money::Money;
use shared::store::history::{CustomerMoney, Named};
use shared::time::Timestamp;
use utoipa::ToSchema;

/// `GET /api/admin/users/{id}/money`: the latest of each, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoneyView {
    /// Invoices.
    pub invoices: Vec<InvoiceView>,
    /// Refunds.
    pub refunds: Vec<RefundView>,
    /// Disputes.
    pub disputes: Vec<DisputeView>,
    /// Whether there are more of one of them, which Stripe has.
    pub truncated: bool,
}

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceView {
    /// Stripe's id.
    pub id: InvoiceId,
    /// The number the customer sees; none while it is a draft.
    pub number: Option<String>,
    /// Stripe's word for where it stands.
    pub status: Option<String>,
    /// The subscription it bills.
    pub subscription: Option<SubscriptionId>,
    /// Stripe's word for why it was made.
    pub billing_reason: Option<String>,
    /// What it is made of.
    pub lines: Vec<LineView>,
    /// Whether it has more lines than these.
    pub more_lines: bool,
    /// What it comes to: its lines, less discounts, with taxes.
    pub total: Money,
    /// What was asked for: the total less what the customer's balance covered.
    pub due: Money,
    /// What was paid.
    pub paid: Money,
    /// What is missing.
    pub remaining: Money,
    /// How often Stripe tried to collect it.
    pub attempts: u32,
    /// When Stripe tries again by itself.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where the customer can see and pay it.
    pub hosted_url: Option<String>,
}

/// A line of an invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// What it is for, in Stripe's words.
    pub text: String,
    /// How much, before discounts and taxes; negative where it is taken off.
    pub amount: Money,
}

/// A refund.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundView {
    /// Stripe's id.
    pub id: RefundId,
    /// The charge it gives back from.
    pub charge: Option<ChargeId>,
    /// How much.
    pub amount: Money,
    /// Stripe's word for where it stands.
    pub status: Option<String>,
    /// Stripe's word for why it was made.
    pub reason: Option<String>,
    /// Stripe's word for why it failed.
    pub failure_reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A dispute.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeView {
    /// Stripe's id.
    pub id: DisputeId,
    /// The charge that is disputed.
    pub charge: ChargeId,
    /// How much.
    pub amount: Money,
    /// Stripe's word for where it stands.
    pub status: String,
    /// Stripe's word for what the customer claims.
    pub reason: String,
    /// Until when evidence is taken.
    pub evidence_due_by: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Whether nobody can answer it any more.
    pub closed: bool,
}

impl From<CustomerMoney> for MoneyView {
    fn from(money: CustomerMoney) -> Self {
        Self {
            truncated: money.invoices.next.is_some()
                || money.refunds.next.is_some()
                || money.disputes.next.is_some(),
            invoices: money.invoices.rows.into_iter().map(Into::into).collect(),
            refunds: money.refunds.rows.into_iter().map(Into::into).collect(),
            disputes: money.disputes.rows.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Named<InvoiceId, Invoice>> for InvoiceView {
    fn from(named: Named<InvoiceId, Invoice>) -> Self {
        let facts = named.kept.facts;
        let lines = facts.lines.into_iter().map(|line| LineView {
            text: line.text,
            amount: Money {
                amount: line.cents,
                currency: facts.due.currency,
            },
        });
        Self {
            lines: lines.collect(),
            more_lines: facts.more_lines,
            total: facts.total.unwrap_or(facts.due),
            id: named.id,
            number: facts.number,
            status: facts.status.map(Into::into),
            subscription: facts.subscription,
            billing_reason: facts.billing_reason.map(Into::into),
            due: facts.due,
            paid: facts.paid,
            remaining: facts.remaining,
            attempts: facts.attempt_count,
            next_attempt_at: facts.next_attempt_at,
            created_at: facts.created_at,
            hosted_url: facts.hosted_url,
        }
    }
}

impl From<Named<RefundId, Refund>> for RefundView {
    fn from(named: Named<RefundId, Refund>) -> Self {
        let facts = named.kept.facts;
        Self {
            id: named.id,
            charge: facts.charge,
            amount: facts.amount,
            status: facts.status.map(Into::into),
            reason: facts.reason,
            failure_reason: facts.failure_reason,
            created_at: facts.created_at,
        }
    }
}

impl From<Named<DisputeId, Dispute>> for DisputeView {
    fn from(named: Named<DisputeId, Dispute>) -> Self {
        let closed = named.kept.facts.is_closed();
        let facts = named.kept.facts;
        Self {
            closed,
            id: named.id,
            charge: facts.charge,
            amount: facts.amount,
            status: facts.status.into(),
            reason: facts.reason,
            evidence_due_by: facts.evidence_due_by,
            created_at: facts.created_at,
        }
    }
}
