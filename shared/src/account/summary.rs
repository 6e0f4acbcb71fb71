//! Fact: what a list of customers shows of each, kept beside the records it is made from and written with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Record, Subscription, Write};
use crate::figures::{Figure, Held};
use crate::id::{CustomerId, SubscriptionId};
use crate::money::Money;
use crate::plan::Plan;
use crate::stripe_objects::SubscriptionStatus as Status;
use crate::time::Timestamp;

/// A customer in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Whose.
    pub customer: CustomerId,
    /// The name, as Stripe has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address, as Stripe has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Deleted at Stripe.
    pub deleted: bool,
    /// When the customer was made at Stripe, as far as it is known: never later than anything of theirs.
    pub created_at: Timestamp,
    /// The subscriptions that are alive, and the one that counts where none is.
    pub subscriptions: BTreeMap<SubscriptionId, Subscribed>,
    /// A subscription has brought in something.
    #[serde(default)]
    pub has_earned: bool,
    /// Counts its changes; 0 before it was first written.
    pub revision: u64,
}

/// A subscription, as far as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscribed {
    /// Where it stands.
    pub status: Status,
    /// The plan.
    pub plan: Plan,
    /// What one period costs.
    pub amount: Option<Money>,
    /// What it brings in a month, in cents of [`figures::CURRENCY`](crate::figures::CURRENCY).
    #[serde(default)]
    pub mrr_cents: i64,
    /// When the next period begins.
    pub period_end: Option<Timestamp>,
    /// When it is going to end, or has ended.
    pub ends_at: Option<Timestamp>,
    /// Invoices are not collected.
    pub collection_paused: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// It has begun and has not ended.
    pub alive: bool,
}

/// Why somebody should look at a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// A payment is missing.
    PastDue,
    /// The price is no plan of ours.
    Unmapped,
    /// It is going to end.
    Ending,
    /// Payments are not collected.
    CollectionPaused,
}

impl Attention {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::PastDue,
        Self::Unmapped,
        Self::Ending,
        Self::CollectionPaused,
    ];

    /// The word in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PastDue => "past_due",
            Self::Unmapped => "unmapped",
            Self::Ending => "ending",
            Self::CollectionPaused => "collection_paused",
        }
    }
}

impl From<&Subscription> for Subscribed {
    fn from(facts: &Subscription) -> Self {
        let at_period_end = facts.period_end.filter(|_| facts.cancel_at_period_end);
        Self {
            status: facts.status.clone(),
            plan: facts.plan,
            amount: facts.amount,
            mrr_cents: facts.mrr_cents(),
            period_end: facts.period_end,
            ends_at: facts.ended_at.or(facts.cancel_at).or(at_period_end),
            collection_paused: facts.collection_paused,
            started_at: facts.started_at,
            alive: facts.is_alive(),
        }
    }
}

impl Subscribed {
    /// What the customer has by it, and what it brings in.
    pub fn held(&self) -> Held {
        Held {
            plan: self.alive.then_some(self.plan),
            mrr_cents: self.mrr_cents,
        }
    }
}

impl Summary {
    /// The subscription that counts: of those that are alive the one begun last, else the one begun last.
    pub fn subscription(&self) -> Option<(&SubscriptionId, &Subscribed)> {
        let all = self.subscriptions.iter();
        all.max_by_key(|(_, it)| (it.alive, it.started_at))
    }

    /// What it counts as in the reports that this followed on `before`: what is on this row is what stands on the books. One
    /// event changes one subscription.
    pub(super) fn revenue_since(&self, before: Option<&Self>) -> Option<Figure> {
        let held_in = |summary: Option<&Self>, id: &SubscriptionId| {
            let subscribed = summary.and_then(|it| it.subscriptions.get(id));
            subscribed.map_or_else(Held::default, Subscribed::held)
        };
        let were = before.into_iter().flat_map(|it| it.subscriptions.keys());
        let mut ids = self.subscriptions.keys().chain(were);
        ids.find_map(|id| {
            let (was, is) = (held_in(before, id), held_in(Some(self), id));
            (was != is).then(|| Figure::Revenue {
                before: was,
                after: is,
                returning: before.is_some_and(|it| it.has_earned),
            })
        })
    }

    /// The words by which it is found, each under what it is: in lower case, nothing where there is none.
    pub fn words(&self) -> [(&'static str, Option<String>); 3] {
        let name = self.name.as_deref();
        let surname = name.and_then(|name| name.trim().rsplit_once(char::is_whitespace));
        [
            ("name", name.and_then(search_word)),
            ("surname", surname.and_then(|(_, last)| search_word(last))),
            ("email", self.email.as_deref().and_then(search_word)),
        ]
    }

    /// Whether other words find it than before.
    pub(super) fn is_found_otherwise_than(&self, before: Option<&Self>) -> bool {
        let words = |it: &Self| it.words().map(|(_, word)| word);
        words(self) != before.map(words).unwrap_or_default()
    }

    /// The status by which it is listed; `none` without a subscription.
    pub fn status(&self) -> &str {
        self.subscription()
            .map_or("none", |(_, it)| it.status.as_str())
    }

    /// The plan by which it is listed; none where no subscription is alive.
    pub fn plan(&self) -> Option<Plan> {
        let (_, it) = self.subscription()?;
        it.alive.then_some(it.plan)
    }

    /// Why somebody should look at it, the most pressing first.
    pub fn attention(&self) -> Vec<Attention> {
        let Some((_, it)) = self.subscription().filter(|(_, it)| it.alive) else {
            return Vec::new();
        };
        let mut attention = Vec::new();
        if matches!(it.status, Status::PastDue | Status::Unpaid) {
            attention.push(Attention::PastDue);
        }
        if it.plan == Plan::Unmapped {
            attention.push(Attention::Unmapped);
        }
        if it.ends_at.is_some() {
            attention.push(Attention::Ending);
        }
        if it.collection_paused {
            attention.push(Attention::CollectionPaused);
        }
        attention
    }

    /// What becomes of it by the records that are written; none where they do not show in it.
    /// `created_at` is when the object was made that they are about.
    pub(super) fn after(
        stored: Option<&Self>,
        created_at: Timestamp,
        writes: &[Write],
    ) -> Option<Self> {
        let mut next: Option<Self> = None;
        for write in writes {
            let customer = write.record.customer()?;
            let summary = next.get_or_insert_with(|| match stored {
                Some(stored) => stored.clone(),
                None => Self::of(customer.clone(), created_at),
            });
            match &write.record {
                Record::Customer(kept) => {
                    summary.name.clone_from(&kept.facts.name);
                    summary.email.clone_from(&kept.facts.email);
                    summary.deleted = kept.facts.deleted;
                }
                Record::Subscription(id, kept) => {
                    let subscribed = Subscribed::from(&kept.facts);
                    summary.has_earned |= subscribed.mrr_cents > 0;
                    summary.subscriptions.insert(id.clone(), subscribed);
                    summary.forget_ended();
                }
                _ => return None,
            }
        }
        let mut next = next?;
        next.created_at = next.created_at.min(created_at);
        (stored != Some(&next)).then_some(next)
    }

    const fn of(customer: CustomerId, created_at: Timestamp) -> Self {
        Self {
            customer,
            name: None,
            email: None,
            deleted: false,
            created_at,
            subscriptions: BTreeMap::new(),
            has_earned: false,
            revision: 0,
        }
    }

    /// Drops what has ended, but for the one that counts.
    fn forget_ended(&mut self) {
        let counts = self.subscription().map(|(id, _)| id.clone());
        self.subscriptions
            .retain(|id, it| it.alive || Some(id) == counts.as_ref());
    }
}

/// Longest word that is searched for, in characters.
const WORD_CHARS_MAX: usize = 100;

/// A text as it is searched for: in lower case, and not longer than anybody types. None where nothing is left.
pub fn search_word(text: &str) -> Option<String> {
    let word: String = text.trim().to_lowercase();
    let word: String = word.chars().take(WORD_CHARS_MAX).collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        Summary::of("cus_1".parse().unwrap(), Timestamp::from_s(100))
    }

    fn subscribed(status: Status, started_s: i64) -> Subscribed {
        Subscribed {
            alive: matches!(status, Status::Active | Status::PastDue),
            status,
            plan: Plan::Prospector,
            amount: None,
            mrr_cents: 0,
            period_end: None,
            ends_at: None,
            collection_paused: false,
            started_at: Timestamp::from_s(started_s),
        }
    }

    #[test]
    fn one_that_is_alive_counts_before_a_later_one_that_has_ended() {
        let mut summary = summary();
        assert_eq!((summary.status(), summary.plan()), ("none", None));
        let id = |number: u8| format!("sub_{number}").parse::<SubscriptionId>().unwrap();
        summary
            .subscriptions
            .insert(id(1), subscribed(Status::PastDue, 1));
        summary
            .subscriptions
            .insert(id(2), subscribed(Status::Canceled, 2));
        summary.forget_ended();
        assert_eq!(summary.status(), "past_due");
        assert_eq!(summary.attention(), [Attention::PastDue]);
        assert_eq!(summary.subscriptions.len(), 1);
        summary
            .subscriptions
            .insert(id(1), subscribed(Status::Canceled, 1));
        summary
            .subscriptions
            .insert(id(2), subscribed(Status::Canceled, 2));
        summary.forget_ended();
        assert_eq!(summary.subscription().unwrap().0, &id(2));
        assert_eq!((summary.status(), summary.plan()), ("canceled", None));
        assert!(summary.attention().is_empty());
    }
}
