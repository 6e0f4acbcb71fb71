//! Fact: what a subscription gives its customer, and whether it counts as revenue, while all is paid and while not.

use crate::account::Subscription;
use crate::stripe_objects::SubscriptionStatus as Status;
use crate::time::{DAY_S, Timestamp};

/// Days of access after a payment went missing. Stripe tries again for two weeks by itself; whoever mends the card
/// within them should not have noticed.
pub const GRACE_DAYS: i64 = 14;

/// What a subscription is worth to both sides at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The customer may use what the plan gives.
    pub access: bool,
    /// When access ends unless something is done; none where nothing ends it.
    pub access_until: Option<Timestamp>,
    /// It counts in recurring revenue.
    pub revenue: bool,
    /// Whole days since a payment went missing.
    pub days_past_due: Option<i64>,
}

impl Standing {
    /// What nothing gives.
    pub const NONE: Self = Self {
        access: false,
        access_until: None,
        revenue: false,
        days_past_due: None,
    };

    /// Where a subscription stands at `now`.
    pub fn at(subscription: &Subscription, now: Timestamp) -> Self {
        let ends_at = subscription.cancel_at.or_else(|| {
            subscription
                .period_end
                .filter(|_| subscription.cancel_at_period_end)
        });
        let open = Self {
            access: true,
            access_until: ends_at,
            ..Self::NONE
        };
        match subscription.status {
            // A trial is used but not paid. A status Stripe invents tomorrow must not lock anybody out, nor be counted.
            Status::Trialing | Status::Other(_) => open,
            Status::Active => Self {
                revenue: !subscription.collection_paused,
                ..open
            },
            Status::PastDue => {
                let since = subscription.past_due_since.unwrap_or(now);
                let grace_ends = since.plus_s(GRACE_DAYS * DAY_S);
                let within_grace = now < grace_ends;
                Self {
                    access: within_grace,
                    access_until: Some(grace_ends),
                    revenue: within_grace && !subscription.collection_paused,
                    days_past_due: Some(now.since_s(since) / DAY_S),
                }
            }
            Status::Unpaid => Self {
                days_past_due: subscription
                    .past_due_since
                    .map(|since| now.since_s(since) / DAY_S),
                ..Self::NONE
            },
            Status::Incomplete | Status::IncompleteExpired | Status::Paused | Status::Canceled => {
                Self::NONE
            }
        }
    }
}
