//! Fact: the types of event that change a record, and what each carries.

use serde::{Deserialize, Deserializer};

use super::{Moment, Subject};

/// What kind of object a type of event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Customer,
    Subscription,
    Schedule,
    Invoice,
    Charge,
    Refund,
    Dispute,
    PaymentMethod,
    CheckoutSession,
}

/// The types of event that change a record. Every other type is kept and has no effect.
pub(super) const APPLIED: &[(&str, Family, Moment)] = &[
    (
        "checkout.session.completed",
        Family::CheckoutSession,
        Moment::Last,
    ),
    ("customer.created", Family::Customer, Moment::First),
    ("customer.updated", Family::Customer, Moment::Later),
    ("customer.deleted", Family::Customer, Moment::Last),
    (
        "customer.subscription.created",
        Family::Subscription,
        Moment::First,
    ),
    (
        "customer.subscription.updated",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "customer.subscription.deleted",
        Family::Subscription,
        Moment::Last,
    ),
    (
        "customer.subscription.paused",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "customer.subscription.resumed",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "customer.subscription.trial_will_end",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "customer.subscription.pending_update_applied",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "customer.subscription.pending_update_expired",
        Family::Subscription,
        Moment::Later,
    ),
    (
        "subscription_schedule.created",
        Family::Schedule,
        Moment::First,
    ),
    (
        "subscription_schedule.updated",
        Family::Schedule,
        Moment::Later,
    ),
    (
        "subscription_schedule.released",
        Family::Schedule,
        Moment::Last,
    ),
    (
        "subscription_schedule.canceled",
        Family::Schedule,
        Moment::Last,
    ),
    (
        "subscription_schedule.completed",
        Family::Schedule,
        Moment::Last,
    ),
    (
        "subscription_schedule.aborted",
        Family::Schedule,
        Moment::Last,
    ),
    ("invoice.created", Family::Invoice, Moment::First),
    ("invoice.finalized", Family::Invoice, Moment::Later),
    ("invoice.paid", Family::Invoice, Moment::Later),
    ("invoice.payment_failed", Family::Invoice, Moment::Later),
    (
        "invoice.payment_action_required",
        Family::Invoice,
        Moment::Later,
    ),
    ("invoice.voided", Family::Invoice, Moment::Later),
    (
        "invoice.marked_uncollectible",
        Family::Invoice,
        Moment::Later,
    ),
    ("charge.refunded", Family::Charge, Moment::Later),
    ("refund.created", Family::Refund, Moment::First),
    ("refund.updated", Family::Refund, Moment::Later),
    ("refund.failed", Family::Refund, Moment::Later),
    ("charge.dispute.created", Family::Dispute, Moment::First),
    ("charge.dispute.updated", Family::Dispute, Moment::Later),
    ("charge.dispute.closed", Family::Dispute, Moment::Later),
    (
        "charge.dispute.funds_withdrawn",
        Family::Dispute,
        Moment::Later,
    ),
    (
        "charge.dispute.funds_reinstated",
        Family::Dispute,
        Moment::Later,
    ),
    (
        "payment_method.attached",
        Family::PaymentMethod,
        Moment::First,
    ),
    (
        "payment_method.updated",
        Family::PaymentMethod,
        Moment::Later,
    ),
    (
        "payment_method.automatically_updated",
        Family::PaymentMethod,
        Moment::Later,
    ),
    (
        "payment_method.detached",
        Family::PaymentMethod,
        Moment::Last,
    ),
];

/// The types of event the endpoint at Stripe is to send: those that are applied, and one that is told in the timeline
/// only. `invoice.upcoming` has no invoice id, so there is no record it could change.
pub fn subscribed_kinds() -> impl Iterator<Item = &'static str> {
    APPLIED
        .iter()
        .map(|(kind, ..)| *kind)
        .chain(std::iter::once("invoice.upcoming"))
}

impl Family {
    pub(super) fn read<'de, D: Deserializer<'de>>(self, object: D) -> Result<Subject, D::Error> {
        Ok(match self {
            Self::Customer => Subject::Customer(Deserialize::deserialize(object)?),
            Self::Subscription => Subject::Subscription(Deserialize::deserialize(object)?),
            Self::Schedule => Subject::Schedule(Deserialize::deserialize(object)?),
            Self::Invoice => Subject::Invoice(Deserialize::deserialize(object)?),
            Self::Charge => Subject::Charge(Deserialize::deserialize(object)?),
            Self::Refund => Subject::Refund(Deserialize::deserialize(object)?),
            Self::Dispute => Subject::Dispute(Deserialize::deserialize(object)?),
            Self::PaymentMethod => Subject::PaymentMethod(Deserialize::deserialize(object)?),
            Self::CheckoutSession => Subject::CheckoutSession(Deserialize::deserialize(object)?),
        })
    }
}
