//! Fact: what Stripe tells us, parsed at the door: the envelope of an event, and the object it is about.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::id::{CustomerId, EventId};
use crate::stripe_objects::{
    Charge, CheckoutSession, Customer, Dispute, EventData, EventEnvelope, Invoice, PaymentMethod,
    Refund, Schedule, Subscription,
};
use crate::time::Timestamp;

/// One event, of a kind that is applied or of one that is only kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stripe's id: the identity under which it takes effect once.
    pub id: EventId,
    /// Stripe's name of what happened, such as `invoice.paid`.
    pub kind: String,
    /// When Stripe made it, in whole seconds: several events of one object often share one.
    pub created: Timestamp,
    /// Whether it is about real money.
    pub livemode: bool,
    /// The connected account it belongs to; none for our own.
    pub account: Option<String>,
    /// The object as it was then.
    pub subject: Subject,
    /// Where in the object's life the event stands.
    pub moment: Moment,
    /// The object as it was before an `.updated` event, so far as Stripe says.
    pub before: Option<Subject>,
}

/// The object an event is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A customer.
    Customer(Customer),
    /// A subscription.
    Subscription(Subscription),
    /// A schedule of a subscription's phases.
    Schedule(Schedule),
    /// An invoice.
    Invoice(Invoice),
    /// A charge.
    Charge(Charge),
    /// A refund.
    Refund(Refund),
    /// A dispute.
    Dispute(Dispute),
    /// A card or another means of payment.
    PaymentMethod(PaymentMethod),
    /// A checkout that was completed.
    CheckoutSession(CheckoutSession),
    /// Nothing that is kept as a record; the event itself is.
    Other,
}

/// Where in the life of its object an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The object's first event.
    First,
    /// Any between.
    Later,
    /// The object is gone; nothing comes after.
    Last,
}

/// Why a signed body is not an event that can be applied. Sending it again does not mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The body is no JSON, is nested too deep, or has no event's envelope.
    #[error("the body is no event: {0}")]
    Unparsable(String),
    /// The envelope is right, but the object of a known type lacks something that is needed.
    #[error("event {id} ({kind}): its object cannot be read: {reason}")]
    Unreadable {
        /// The event's id.
        id: EventId,
        /// The event's type.
        kind: String,
        /// Which field, and why.
        reason: String,
    },
}

/// What kind of object a type of event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
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
const APPLIED: &[(&str, Family, Moment)] = &[
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

impl Event {
    /// Reads an event from the bytes Stripe signed. Lenient: only what is read must be there, and a type or a value
    /// that is not known yet is kept as text.
    ///
    /// # Errors
    /// [`EventError`]; both kinds are permanent.
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        let envelope: EventEnvelope = serde_json::from_slice(body)
            .map_err(|error| EventError::Unparsable(error.to_string()))?;
        Self::of(envelope)
    }

    /// Reads the object in an envelope, as `GET /v1/events/{id}` answers it.
    ///
    /// # Errors
    /// [`EventError::Unreadable`].
    pub fn of(envelope: EventEnvelope) -> Result<Self, EventError> {
        let EventData {
            object,
            previous_attributes,
        } = envelope.data;
        let mut event = Self {
            id: envelope.id,
            kind: envelope.kind,
            created: envelope.created,
            livemode: envelope.livemode,
            account: envelope.account,
            subject: Subject::Other,
            moment: Moment::Later,
            before: None,
        };
        let Some((_, family, moment)) = APPLIED.iter().find(|(kind, ..)| *kind == event.kind)
        else {
            return Ok(event);
        };
        event.moment = *moment;
        event.before = previous_attributes.and_then(|previous| {
            // A past that cannot be read settles nothing, and the present may still be good.
            let mut before: Value = serde_json::from_str(object.get()).ok()?;
            restore(&mut before, previous);
            family.read(before).ok()
        });
        event.subject = family
            .read(&mut serde_json::Deserializer::from_str(object.get()))
            .map_err(|error| EventError::Unreadable {
                id: event.id.clone(),
                kind: event.kind.clone(),
                reason: error.to_string(),
            })?;
        Ok(event)
    }

    /// The customer the event concerns, where the object says.
    pub fn customer(&self) -> Option<&CustomerId> {
        let of_before = || match &self.before {
            // A card that was just detached no longer says whose it was; what it was before does.
            Some(Subject::PaymentMethod(card)) => card.customer.as_ref(),
            _ => None,
        };
        self.subject.customer().or_else(of_before)
    }
}

impl Subject {
    /// The customer the object belongs to, where it says.
    pub fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Customer(customer) => Some(&customer.id),
            Self::Subscription(subscription) => Some(&subscription.customer),
            Self::Schedule(schedule) => Some(&schedule.customer),
            Self::Invoice(invoice) => invoice.customer.as_ref(),
            Self::Charge(charge) => charge.customer.as_ref(),
            Self::PaymentMethod(card) => card.customer.as_ref(),
            Self::CheckoutSession(session) => session.customer.as_ref(),
            Self::Refund(_) | Self::Dispute(_) | Self::Other => None,
        }
    }

    /// The object's id, for the timeline.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Customer(customer) => Some(customer.id.as_ref()),
            Self::Subscription(subscription) => Some(subscription.id.as_ref()),
            Self::Schedule(schedule) => Some(schedule.id.as_ref()),
            Self::Invoice(invoice) => invoice.id.as_ref().map(AsRef::as_ref),
            Self::Charge(charge) => Some(charge.id.as_ref()),
            Self::Refund(refund) => Some(refund.id.as_ref()),
            Self::Dispute(dispute) => Some(dispute.id.as_ref()),
            Self::PaymentMethod(card) => Some(card.id.as_ref()),
            Self::CheckoutSession(session) => Some(session.id.as_ref()),
            Self::Other => None,
        }
    }
}

impl Family {
    fn read<'de, D: Deserializer<'de>>(self, object: D) -> Result<Subject, D::Error> {
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

/// Puts the former values back: `previous` has the shape of `object` but only the fields that changed. Stripe gives
/// the elements of a list in the list's order and abbreviates them in the same way.
fn restore(object: &mut Value, previous: Value) {
    match (object, previous) {
        (Value::Object(object), Value::Object(previous)) => {
            for (field, former) in previous {
                restore(object.entry(field).or_insert(Value::Null), former);
            }
        }
        (Value::Array(object), Value::Array(previous))
            if object.len() == previous.len() && previous.iter().all(Value::is_object) =>
        {
            for (element, former) in object.iter_mut().zip(previous) {
                restore(element, former);
            }
        }
        (object, previous) => *object = previous,
    }
}
