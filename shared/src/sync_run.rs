//! Fact: one night's comparison with Stripe: its steps, where it stands, and what it came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::drift::Cause;
use crate::time::Timestamp;

/// The objects that are compared, each as it is listed at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// Every customer, but for deleted ones.
    Customers,
    /// Every subscription there ever was.
    Subscriptions,
    /// The invoices that are to be paid.
    OpenInvoices,
    /// Refunds of the last weeks.
    Refunds,
    /// Disputes of the last months.
    Disputes,
}

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RunStep)]
pub enum Step {
    /// Events of the last 30 days that not every endpoint has taken.
    UndeliveredEvents,
    /// Events of the last days, taken or not: what was answered 200 and then lost.
    RecentEvents,
    /// Stripe's customers against the record.
    Customers,
    /// Stripe's subscriptions against the record.
    Subscriptions,
    /// Stripe's open invoices against the record.
    OpenInvoices,
    /// Stripe's refunds against the record.
    Refunds,
    /// Stripe's disputes against the record.
    Disputes,
    /// The subscriptions on record that Stripe did not list.
    ClaimedSubscriptions,
    /// The open invoices on record that Stripe did not list.
    ClaimedInvoices,
    /// The accounts on record that Stripe did not list and of which no news came for two days.
    StaleAccounts,
    /// Whether every plan has its price at Stripe.
    Prices,
    /// What differed, looked at once more some time later: what was on its way has arrived then.
    Suspects,
    /// Nothing is left.
    Done,
}

impl Step {
    /// The step that follows.
    pub const fn next(self) -> Self {
        match self {
            Self::UndeliveredEvents => Self::RecentEvents,
            Self::RecentEvents => Self::Customers,
            Self::Customers => Self::Subscriptions,
            Self::Subscriptions => Self::OpenInvoices,
            Self::OpenInvoices => Self::Refunds,
            Self::Refunds => Self::Disputes,
            Self::Disputes => Self::ClaimedSubscriptions,
            Self::ClaimedSubscriptions => Self::ClaimedInvoices,
            Self::ClaimedInvoices => Self::StaleAccounts,
            Self::StaleAccounts => Self::Prices,
            Self::Prices => Self::Suspects,
            Self::Suspects | Self::Done => Self::Done,
        }
    }
}

/// Where a run stands, and what it has come to so far. Kept after every page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The step under way.
    pub step: Step,
    /// Where in it the next page begins; none at its start.
    pub cursor: Option<String>,
    /// Pages taken in all steps.
    pub pages: u32,
    /// What was found.
    pub counts: Counts,
}

/// What a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RunCounts)]
pub struct Counts {
    /// Events listed by Stripe.
    pub events_seen: u64,
    /// Of these, the ones that were not on record, and were taken in.
    pub events_taken_in: u64,
    /// Events that were dead, and were brought back.
    pub events_revived: u64,
    /// Objects compared.
    pub objects_compared: u64,
    /// Objects that seemed to differ at first.
    pub suspects: u64,
    /// Objects that did differ, by cause.
    pub differences: BTreeMap<Cause, u64>,
    /// Differences that Stripe's word was applied to.
    pub repairs: u64,
}

/// A run as it is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub started_at: Timestamp,
    /// When it was done.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// How often it was taken up; also the number of the lease.
    pub attempts: u32,
    /// Who works on it; none while nobody does.
    #[serde(default)]
    pub lease_owner: Option<String>,
    /// Until when.
    #[serde(default)]
    pub lease_until: Option<Timestamp>,
    /// Where it stands.
    pub progress: Progress,
    /// Why it stopped last, where it was not for want of time.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Progress {
    /// Before the first page.
    pub fn start() -> Self {
        Self {
            step: Step::UndeliveredEvents,
            cursor: None,
            pages: 0,
            counts: Counts::default(),
        }
    }

    /// After a page: further in the step, or in the next one where this was its last.
    pub fn turn(&mut self, cursor: Option<String>) {
        self.pages = self.pages.saturating_add(1);
        if cursor.is_none() {
            self.step = self.step.next();
        }
        self.cursor = cursor;
    }
}

impl Counts {
    /// Objects that differed, of whatever cause.
    pub fn differing(&self) -> u64 {
        self.differences.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_end() {
        let mut progress = Progress::start();
        let mut steps = 0;
        while progress.step != Step::Done {
            progress.turn(Some("a page".to_owned()));
            assert_eq!(progress.pages, 2 * steps + 1);
            progress.turn(None);
            steps += 1;
            assert!(steps < 20);
        }
        assert_eq!(steps, 12);
    }
}
