//! Fact: what somebody should know. One alert a cause: the same cause again is counted, not told anew.

pub mod kind;

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Actor;
use crate::id::{ActionId, CustomerId, DisputeId, EventId, PriceId, SubscriptionId};
use crate::outbox::Feedback;
use crate::plan::Plan;
use crate::sync_run::Counts;
use crate::time::Timestamp;

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What makes two alerts the same: the kind of trouble and what it is about, as in `dead_event#evt_1`.
    pub cause: String,
    /// For an administrator: what happened. No names and no addresses.
    pub message: String,
    /// What to do.
    pub to_do: String,
    /// How soon.
    pub severity: Severity,
    /// How it ends.
    pub ends: Ends,
    /// What has to be looked at to know that it has ended, where the cause does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// How soon somebody should act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Within days: nothing gets worse by the hour.
    Warning,
    /// Today: customers pay, or do not, for what the record does not know.
    Critical,
}

/// How an alert ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// The watch sees that its condition has ended.
    ByItself,
    /// Nothing shows that it has: whoever acknowledges it ends it.
    ByPerson,
}

impl Severity {
    /// The word in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Ends {
    /// The word in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByItself => "by_itself",
            Self::ByPerson => "by_person",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Warning => "Warning",
            Self::Critical => "Critical",
        })
    }
}

/// The kind in a cause, and what it is about.
pub fn parts_of(cause: &str) -> (&str, &str) {
    cause.split_once('#').unwrap_or((cause, ""))
}

impl Alert {
    fn new(kind: &str, subject: &str, severity: Severity, message: String, to_do: &str) -> Self {
        Self {
            cause: format!("{kind}#{subject}"),
            message,
            to_do: to_do.to_owned(),
            severity,
            ends: Ends::ByItself,
            about: None,
        }
    }

    /// A subscription has a price that is not in the catalogue.
    pub fn unmapped_price(
        price: &PriceId,
        subscription: &SubscriptionId,
        customer: &CustomerId,
    ) -> Self {
        Self {
            about: Some(format!("{customer}/{subscription}")),
            ..Self::new(
                kind::UNMAPPED_PRICE,
                price.as_ref(),
                Severity::Critical,
                format!("Subscription {subscription} has price {price}, which is no plan of ours."),
                "Move it to a plan, or add the price to the catalogue.",
            )
        }
    }

    /// A customer disputes a charge.
    pub fn dispute_opened(dispute: &DisputeId) -> Self {
        Self::new(
            kind::DISPUTE,
            dispute.as_ref(),
            Severity::Warning,
            format!("Dispute {dispute} was opened."),
            "Answer it at Stripe before its deadline.",
        )
    }

    /// A signed body is no event.
    pub fn unparsable_event(kept_as: &str, reason: &str) -> Self {
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind::UNPARSABLE_EVENT,
                kept_as,
                Severity::Critical,
                format!(
                    "Stripe signed a body that is no event we can read ({reason}). It is kept as {kept_as}."
                ),
                "Compare the endpoint's API version at Stripe with ours, then acknowledge this.",
            )
        }
    }

    /// An event of a known type cannot be applied, now or later.
    pub fn quarantined_event(event: &EventId, reason: &str) -> Self {
        Self::new(
            kind::QUARANTINED_EVENT,
            event.as_ref(),
            Severity::Critical,
            format!("Event {event} cannot be applied and will not be tried again: {reason}."),
            "Once that is mended, replay the event.",
        )
    }

    /// An event is not for this installation.
    pub fn refused_event(event: &EventId, reason: &str) -> Self {
        // By reason, not by event: a live endpoint pointed at the test system sends thousands.
        Self::new(
            kind::REFUSED_EVENT,
            reason,
            Severity::Warning,
            format!("Event {event} was refused: {reason}."),
            "Check which endpoint at Stripe sends to this address. This ends once none has come for a day.",
        )
    }

    /// An event was tried until its last attempt.
    pub fn dead_event(event: &EventId, reason: &str) -> Self {
        Self::new(
            kind::DEAD_EVENT,
            event.as_ref(),
            Severity::Critical,
            format!("Event {event} was tried until the last attempt: {reason}."),
            "Once that is mended, redrive the dead letters, or replay the event: it is then tried anew.",
        )
    }

    /// The nightly comparison found that events were missed, or that records differ from Stripe.
    pub fn sync_found(day: &str, counts: &Counts) -> Self {
        let reported: u64 = counts.differing() - counts.repairs;
        Self::new(
            kind::SYNC_FOUND,
            "differences",
            Severity::Warning,
            format!(
                "Found by the sync of {day}: events that had not come, now taken in: {}; objects that differ from Stripe: {}, \
                 of which {} repaired and {reported} left to you.",
                counts.events_taken_in,
                counts.differing(),
                counts.repairs,
            ),
            "See what differed in the run of that day; if events are missed night after night, look at the webhook endpoint \
             at Stripe. This ends with a sync that finds nothing.",
        )
    }

    /// A plan has no price at Stripe.
    pub fn price_missing(plan: Plan) -> Self {
        Self::new(
            kind::PRICE_MISSING,
            plan.key(),
            Severity::Critical,
            format!(
                "No active price at Stripe is that of {}: nobody can buy it.",
                plan.name()
            ),
            &format!(
                "Make one with the lookup key {} and the amount and interval of the catalogue.",
                plan.key()
            ),
        )
    }

    /// A mail could not be sent until its last attempt.
    pub fn dead_mail(mail: &str, reason: &str) -> Self {
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind::DEAD_MAIL,
                mail,
                Severity::Warning,
                format!("Mail {mail} was tried until the last attempt and is given up: {reason}."),
                "Mend the customer's address, tell them yourself, then acknowledge this.",
            )
        }
    }

    /// SES has told of a mail to `to`, a customer or a person, that it came back or is not wanted. One alert for whoever it is
    /// to, because the next mail there will fare no better.
    pub fn mail_feedback(to: &str, mail: &str, feedback: &Feedback) -> Self {
        let (kind, to_do) = match feedback {
            Feedback::CameBack(_) => (
                kind::RETURNED_MAIL,
                "Tell them yourself what the mail says, and see whether the address is right; where SES no longer sends there, take it \
                 off SES's suppression list. Then acknowledge this.",
            ),
            Feedback::TakenForSpam => (
                kind::MAIL_COMPLAINT,
                "SES sends them no further mail. Ask them why in another way, take them off SES's suppression list if they want \
                 mail again, then acknowledge this.",
            ),
        };
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind,
                to,
                Severity::Warning,
                format!("Mail {mail} to {to}: {feedback}."),
                to_do,
            )
        }
    }

    /// The audit log was changed.
    pub fn audit_broken(actor: &Actor, why: &str) -> Self {
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind::AUDIT_BROKEN,
                actor.as_str(),
                Severity::Critical,
                format!("The audit log of {actor} is broken: {why}."),
                "Somebody has written to the table audit_log by another way than the functions. Compare it with a restore \
                 to yesterday (point-in-time recovery), find out who could write, then acknowledge this.",
            )
        }
    }

    /// Whether Stripe did what an administrator asked for could not be found out.
    pub fn action_unknown(action: &ActionId) -> Self {
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind::ACTION_UNKNOWN,
                action.as_str(),
                Severity::Critical,
                format!("Whether Stripe did {action} could not be found out in several attempts."),
                "Look for the action's id in Stripe's dashboard, in the metadata; then acknowledge this.",
            )
        }
    }

    /// An action's first step was done and a later one refused.
    pub fn action_in_part(action: &ActionId) -> Self {
        Self {
            ends: Ends::ByPerson,
            ..Self::new(
                kind::ACTION_IN_PART,
                action.as_str(),
                Severity::Warning,
                format!("Stripe did the first part of {action} and refused the rest."),
                "Read what it says of its failure, do the rest, then acknowledge this.",
            )
        }
    }

    /// Work of a kind waits too long; `oldest_at` is since when.
    pub fn queue_age(work: &str, waiting: u64, oldest_at: Timestamp) -> Self {
        Self::new(
            kind::QUEUE_AGE,
            work,
            Severity::Critical,
            format!("Waiting {work}: {waiting}, the oldest since {oldest_at}."),
            "Look at the errors of retry-event and send-mail: what they call does not answer, or refuses.",
        )
    }

    /// Stripe made events and none has come.
    pub fn no_webhooks(last_at: Timestamp) -> Self {
        Self::new(
            kind::NO_WEBHOOKS,
            "all",
            Severity::Critical,
            format!("The last webhook came at {last_at}, and Stripe has made events since."),
            "Look at the endpoint at Stripe and its failed deliveries, then at the errors of stripe-webhook and of the API.",
        )
    }

    /// No nightly sync was done for too long.
    pub fn sync_missing(last_at: Option<Timestamp>) -> Self {
        let last = last_at.map_or("none is on record".to_owned(), |at| {
            format!("the last was done at {at}")
        });
        Self::new(
            kind::SYNC_MISSING,
            "nightly",
            Severity::Critical,
            format!("The nightly sync is overdue: {last}."),
            "Look at the errors of daily-billing-sync and at its dead letters; a message that names the day starts it.",
        )
    }

    /// The webhook endpoint at Stripe is not as it has to be.
    pub fn endpoint(wrong: &str) -> Self {
        Self::new(
            kind::ENDPOINT,
            "webhook",
            Severity::Critical,
            format!("The webhook endpoint at Stripe is not as it has to be: {wrong}."),
            "Set it right in Stripe's dashboard, as docs/deploying.md says.",
        )
    }

    /// Far more of something today than in the weeks before.
    pub fn spike(what: &str, today: u64, usual: &str) -> Self {
        Self::new(
            kind::SPIKE,
            what,
            Severity::Warning,
            format!("Today's {what}: {today}; a day in the weeks before: {usual}."),
            "Look at whose they are: a stolen card list, a mistaken batch, or a plan that disappoints.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_a_kind_and_what_it_is_about() {
        let event: EventId = "evt_1".parse().unwrap();
        let alert = Alert::dead_event(&event, "a reason");
        assert_eq!(alert.cause, "dead_event#evt_1");
        assert_eq!(parts_of(&alert.cause), (kind::DEAD_EVENT, "evt_1"));
        // A mail's id has the sign itself.
        assert_eq!(
            parts_of("dead_mail#welcome#sub_1"),
            (kind::DEAD_MAIL, "welcome#sub_1")
        );
        assert_eq!(parts_of("bare"), ("bare", ""));
    }

    #[test]
    fn the_same_trouble_has_the_same_cause_whenever_it_is_told() {
        let at = Timestamp::from_s(7);
        let age = |waiting, at| Alert::queue_age("events", waiting, at).cause;
        assert_eq!(age(1, at), age(900, at.plus_s(3600)));
        assert_eq!(
            Alert::endpoint("it is disabled").cause,
            Alert::endpoint("it is of another version").cause
        );
    }
}
