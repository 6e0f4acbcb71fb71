//! Fact: a completed checkout. What was bought is told by the subscription's own events; what a checkout alone tells
//! is that a founding member was won, whose price has to end by itself.

use super::{Change, News, Outcome, Question};
use crate::plan::{PLAN_KEY, Plan};
use crate::stripe_objects as seen;

pub(super) fn after(seen: &seen::CheckoutSession, news: &News<'_>) -> Result<Change, Outcome> {
    let plan = seen
        .metadata
        .get(PLAN_KEY)
        .and_then(|key| news.catalogue.offer(key))
        .map(|offer| offer.plan);
    match (&seen.subscription, plan) {
        // A checkout cannot create a schedule, so the founding price is ended by one that is set up now.
        (Some(subscription), Some(Plan::FoundingMember)) if !news.is_read() => Err(Outcome::Ask(
            Question::FoundingSchedule(subscription.clone()),
        )),
        _ => Ok(Change::default()),
    }
}
