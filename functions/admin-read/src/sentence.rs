//! How things stand with a customer, in a plain sentence or two.

use shared::account::{Invoice, Subscription};
use shared::dunning::Standing;
use shared::stripe_objects::SubscriptionStatus as Status;
use shared::time::{DAY_S, Timestamp};

use crate::wire::PendingChange;

/// How things stand at `now`; `invoice` is the one made last.
pub(crate) fn sentence(
    subscription: Option<&Subscription>,
    pending_change: Option<&PendingChange>,
    invoice: Option<&Invoice>,
    now: Timestamp,
) -> String {
    let Some(facts) = subscription else {
        return "Has never had a subscription.".to_owned();
    };
    let plan = facts.plan.name();
    let on = |moment: Option<Timestamp>| {
        moment.map_or_else(|| "a day not known".to_owned(), Timestamp::day_in_words)
    };
    let standing = Standing::at(facts, now);
    let mut parts = vec![match facts.status {
        Status::Active => format!("Active on {plan}."),
        Status::Trialing => format!("On trial of {plan} until {}.", on(facts.trial_end)),
        Status::PastDue => past_due(&standing, invoice, now),
        Status::Unpaid => {
            "Unpaid: Stripe has given up collecting, and there is no access.".to_owned()
        }
        Status::Paused => {
            "Paused: the trial ended without a card, and there is no access.".to_owned()
        }
        Status::Incomplete => "Not begun: the first payment has not gone through.".to_owned(),
        Status::IncompleteExpired => {
            "Never begun: the first payment did not go through.".to_owned()
        }
        Status::Canceled => format!("{plan} ended on {}.", on(facts.ended_at)),
        Status::Other(ref status) => format!("Stripe calls this subscription {status}."),
    }];
    if facts.is_alive() {
        let ends = facts.cancel_at_period_end || facts.cancel_at.is_some();
        if ends {
            parts.push(format!(
                "Ends on {}, and nothing is charged before.",
                on(facts.cancel_at.or(facts.period_end))
            ));
        } else if let Some(change) = pending_change {
            let amount = change
                .amount
                .map_or_else(String::new, |amount| format!(" for {amount}"));
            parts.push(format!(
                "Becomes {}{amount} on {}.",
                change.to.name(),
                change.at.day_in_words()
            ));
        } else if facts.status == Status::Active {
            let amount = facts
                .amount
                .map_or_else(String::new, |amount| format!(" of {amount}"));
            parts.push(format!("Next charge{amount} on {}.", on(facts.period_end)));
        }
        if facts.collection_paused {
            parts.push("Collection is paused: invoices are made but not charged.".to_owned());
        }
        if facts.update_pending {
            parts.push("A change waits for its payment.".to_owned());
        }
    }
    parts.join(" ")
}

fn past_due(standing: &Standing, invoice: Option<&Invoice>, now: Timestamp) -> String {
    let since = match standing.days_past_due.unwrap_or_default() {
        0 => "Past due since today".to_owned(),
        1 => "Past due for 1 day".to_owned(),
        days => format!("Past due for {days} days"),
    };
    let tries = match invoice.and_then(|invoice| invoice.next_attempt_at) {
        Some(next) if next.since_s(now) < DAY_S => "Stripe tries again within a day".to_owned(),
        Some(next) => format!("Stripe tries again on {}", next.day_in_words()),
        None => "Stripe does not try again".to_owned(),
    };
    let access = match standing.access_until {
        Some(until) if standing.access => format!("access until {}", until.day_in_words()),
        _ => "access has ended".to_owned(),
    };
    format!("{since}; {tries}; {access}.")
}
