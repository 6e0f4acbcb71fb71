//! Fact: what somebody should know. One alert a cause: the same cause again is counted, not told anew.

use serde::{Deserialize, Serialize};

use crate::id::{DisputeId, EventId, PriceId, SubscriptionId};
use crate::plan::Plan;
use crate::sync_run::Counts;

/// Something that will not mend itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What makes two alerts the same: the kind of trouble and what it is about.
    pub cause: String,
    /// For an administrator: what happened and what to do. No names and no addresses.
    pub message: String,
}

impl Alert {
    fn new(kind: &str, subject: &str, message: String) -> Self {
        Self {
            cause: format!("{kind}#{subject}"),
            message,
        }
    }

    /// A subscription has a price that is not in the catalogue.
    pub fn unmapped_price(price: &PriceId, subscription: &SubscriptionId) -> Self {
        Self::new(
            "unmapped_price",
            price.as_ref(),
            format!(
                "Subscription {subscription} has price {price}, which is no plan of ours. Move it to a plan, or add the \
                 price to the catalogue."
            ),
        )
    }

    /// A customer disputes a charge.
    pub fn dispute_opened(dispute: &DisputeId) -> Self {
        Self::new(
            "dispute",
            dispute.as_ref(),
            format!("Dispute {dispute} was opened. Answer it at Stripe before its deadline."),
        )
    }

    /// A signed body is no event.
    pub fn unparsable_event(kept_as: &str, reason: &str) -> Self {
        Self::new(
            "unparsable_event",
            kept_as,
            format!(
                "Stripe signed a body that is no event we can read ({reason}). It is kept as {kept_as}; compare the \
                 endpoint's API version at Stripe with ours."
            ),
        )
    }

    /// An event of a known type cannot be applied, now or later.
    pub fn quarantined_event(event: &EventId, reason: &str) -> Self {
        Self::new(
            "quarantined_event",
            event.as_ref(),
            format!("Event {event} cannot be applied and will not be tried again: {reason}."),
        )
    }

    /// An event is not for this installation.
    pub fn refused_event(event: &EventId, reason: &str) -> Self {
        // By reason, not by event: a live endpoint pointed at the test system sends thousands.
        Self::new(
            "refused_event",
            reason,
            format!(
                "Event {event} was refused: {reason}. Check which endpoint at Stripe sends to this address."
            ),
        )
    }

    /// An event was tried until its last attempt.
    pub fn dead_event(event: &EventId, reason: &str) -> Self {
        Self::new(
            "dead_event",
            event.as_ref(),
            format!(
                "Event {event} was tried until the last attempt: {reason}. Once that is mended, redrive the dead letters, \
                 or send its id to the retry queue: it is then tried anew."
            ),
        )
    }

    /// The nightly comparison found that events were missed, or that records differ from Stripe.
    pub fn sync_found(day: &str, counts: &Counts) -> Self {
        let reported: u64 = counts.differing() - counts.repairs;
        Self::new(
            "sync_found",
            "differences",
            format!(
                "The sync of {day} took in {} events that had not come, and found {} objects to differ from Stripe: {} were \
                 repaired, {reported} are left to you. See what differed in the run of that day; if events are missed night \
                 after night, look at the webhook endpoint at Stripe.",
                counts.events_taken_in,
                counts.differing(),
                counts.repairs,
            ),
        )
    }

    /// A plan has no price at Stripe.
    pub fn price_missing(plan: Plan) -> Self {
        Self::new(
            "price_missing",
            plan.key(),
            format!(
                "No active price at Stripe is that of {}: nobody can buy it. Make one with the lookup key {} and the amount \
                 and interval of the catalogue.",
                plan.name(),
                plan.key()
            ),
        )
    }

    /// A mail could not be sent until its last attempt.
    pub fn dead_mail(mail: &str, reason: &str) -> Self {
        Self::new(
            "dead_mail",
            mail,
            format!("Mail {mail} was tried until the last attempt and is given up: {reason}."),
        )
    }
}
