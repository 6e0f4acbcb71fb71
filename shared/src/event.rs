//! Fact: what Stripe tells us, parsed at the door: the envelope of an event, and the object it is about.

mod kinds;
pub mod told;

use serde_json::Value;

use self::kinds::APPLIED;
pub use self::kinds::subscribed_kinds;
use crate::id::{CustomerId, EventId};
use crate::money::Money;
use crate::stripe_objects::{
    Charge, CheckoutSession, Customer, Dispute, EventData, EventEnvelope, Invoice, InvoiceStatus,
    PaymentMethod, Refund, Schedule, Subscription,
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

impl Subject {
    /// The money it is about: what was paid on an invoice or is asked for, what was refunded, what is disputed.
    pub fn amount(&self) -> Option<Money> {
        let (amount, currency) = match self {
            Self::Invoice(seen) if seen.status == Some(InvoiceStatus::Paid) => {
                (seen.amount_paid, seen.currency)
            }
            Self::Invoice(seen) => (seen.amount_due, seen.currency),
            Self::Charge(seen) => (seen.amount_refunded, seen.currency),
            Self::Refund(seen) => (seen.amount, seen.currency),
            Self::Dispute(seen) => (seen.amount, seen.currency),
            _ => return None,
        };
        Some(Money { amount, currency })
    }
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

/// Longest type of event, in characters. Stripe's longest has about 60; a longer text is no type, and must not become an
/// item too large to be kept.
pub const KIND_CHARS_MAX: usize = 100;

/// Longest reason why a body cannot be read, in characters.
const REASON_CHARS_MAX: usize = 200;

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

impl Event {
    /// Reads an event from the bytes Stripe signed. Lenient: only what is read must be there, and a type or a value
    /// that is not known yet is kept as text.
    ///
    /// # Errors
    /// [`EventError`]; both kinds are permanent.
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        let envelope: EventEnvelope =
            serde_json::from_slice(body).map_err(|error| EventError::Unparsable(reason(&error)))?;
        if envelope.kind.chars().count() > KIND_CHARS_MAX {
            return Err(EventError::Unparsable(format!(
                "its type is longer than {KIND_CHARS_MAX} characters"
            )));
        }
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
                reason: reason(&error),
            })?;
        Ok(event)
    }

    /// Why the event is not for an installation of this mode; none where it is. A live event must never change the test
    /// system nor the other way round, however it came in.
    pub const fn misdirected(&self, livemode: bool) -> Option<&'static str> {
        match (&self.account, self.livemode, livemode) {
            (Some(_), ..) => Some("it belongs to a connected account"),
            (None, true, false) => Some("it is live and this is the test system"),
            (None, false, true) => Some("it is a test and this is the live system"),
            (None, true, true) | (None, false, false) => None,
        }
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

/// What serde found wrong, without the text it found: between quotes it repeats whole values, a name or an address among
/// them, into what becomes a log line and an alert.
fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let told = match (words.find('"'), words.rfind('"')) {
        (Some(from), Some(to)) if from < to => format!("{}...{}", &words[..from], &words[to + 1..]),
        _ => words,
    };
    told.chars().take(REASON_CHARS_MAX).collect()
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(kind: &str, created: &Value) -> Vec<u8> {
        // As text, so that the place of a field is the same whatever order the maps of serde_json have.
        let kind = json!(kind);
        format!(
            r#"{{"id":"evt_1","type":{kind},"created":{created},"livemode":false,"data":{{"object":{{}}}}}}"#
        )
        .into_bytes()
    }

    #[test]
    fn a_reason_never_repeats_what_the_body_says() {
        let refused = Event::parse(&body("invoice.paid", &json!("ada \"the\" @example.com")));
        assert_eq!(
            refused,
            Err(EventError::Unparsable(
                "invalid type: string ..., expected i64 at line 1 column 72".to_owned()
            ))
        );
        let refused = Event::parse(&body("invoice.paid", &json!(1))).unwrap_err();
        assert!(refused.to_string().contains("missing field"), "{refused}");
    }

    #[test]
    fn a_type_is_taken_up_to_its_limit() {
        let longest = "x".repeat(KIND_CHARS_MAX);
        assert_eq!(
            Event::parse(&body(&longest, &json!(1))).unwrap().kind,
            longest
        );
        let longer = Event::parse(&body(&format!("{longest}x"), &json!(1)));
        assert!(matches!(longer, Err(EventError::Unparsable(_))));
    }

    #[test]
    fn an_event_of_another_mode_or_account_is_misdirected() {
        let event = Event::parse(&body("invoice.upcoming", &json!(1))).unwrap();
        let live = Event {
            livemode: true,
            ..event.clone()
        };
        let connected = Event {
            account: Some("acct_1".to_owned()),
            ..event.clone()
        };
        let of =
            |event: &Event| [false, true].map(|livemode| event.misdirected(livemode).is_some());
        assert_eq!(
            [of(&event), of(&live), of(&connected)],
            [[false, true], [true, false], [true, true]]
        );
    }
}
