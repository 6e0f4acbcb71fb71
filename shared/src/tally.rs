//! Fact: what came in, day by day: by it silence and spikes are known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::{DAY_S, Timestamp};

/// Days that are kept: the weeks a spike is held against, and today.
const DAYS_KEPT: usize = 29;

/// Days by which it is known how many webhooks there used to be.
const USUAL_DAYS: i64 = 7;

/// Webhooks in those days from which on six hours without one are strange: one in six hours.
const USUAL_MIN: u64 = 28;

/// Answers to deliveries that Stripe did not send: we took those events in ourselves.
const NOT_SENT: [&str; 2] = ["found_by_sync", "replayed"];

/// Answers to deliveries of events that were on record already.
const NOT_NEW: [&str; 2] = ["duplicate", "replayed"];

/// What came in, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Since when it is counted.
    pub since: Timestamp,
    /// Until when it is counted; what came at this very moment is not in it.
    pub until: Timestamp,
    /// When the last webhook came.
    pub last_webhook_at: Option<Timestamp>,
    /// By day.
    pub days: BTreeMap<String, Day>,
}

/// What came in on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TallyDay)]
pub struct Day {
    /// Deliveries by Stripe, repeated ones included.
    pub webhooks: u64,
    /// Refunds made.
    pub refunds: u64,
    /// Disputes opened.
    pub disputes: u64,
}

/// A delivery, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Counted {
    /// What it delivered.
    pub event_kind: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// From the making of the event at Stripe to its coming in.
    pub lag_s: Option<i64>,
    /// What became of it, in one word.
    pub answer: String,
}

/// What is counted of spikes: all of it stands in [`SPIKES`].
#[derive(Debug, Clone, Copy)]
pub struct Spike {
    /// Of what.
    pub what: &'static str,
    /// So many in a day are never a spike.
    pub calm_max: u64,
    /// Times the daily mean of the weeks before.
    pub times: u64,
    of: fn(&Day) -> u64,
}

/// What is a spike. Disputes cost the account with the card networks, so fewer of them are told.
pub const SPIKES: [Spike; 2] = [
    Spike {
        what: "refunds",
        calm_max: 9,
        times: 4,
        of: |day| day.refunds,
    },
    Spike {
        what: "disputes",
        calm_max: 4,
        times: 3,
        of: |day| day.disputes,
    },
];

impl Counted {
    /// Whether Stripe sent it.
    pub fn is_webhook(&self) -> bool {
        !NOT_SENT.contains(&self.answer.as_str())
    }
}

impl Tally {
    /// Nothing yet, to be counted from `since` on.
    pub const fn starting_at(since: Timestamp) -> Self {
        Self {
            since,
            until: since,
            last_webhook_at: None,
            days: BTreeMap::new(),
        }
    }

    /// Counts what came in from [`Self::until`] up to `until`.
    pub fn count(&mut self, deliveries: &[Counted], until: Timestamp) {
        for delivery in deliveries {
            let day = self.days.entry(delivery.received_at.day()).or_default();
            if delivery.is_webhook() {
                day.webhooks += 1;
                self.last_webhook_at = self.last_webhook_at.max(Some(delivery.received_at));
            }
            if !NOT_NEW.contains(&delivery.answer.as_str()) {
                match delivery.event_kind.as_deref() {
                    Some("refund.created") => day.refunds += 1,
                    Some("charge.dispute.created") => day.disputes += 1,
                    _ => {}
                }
            }
        }
        self.until = self.until.max(until);
        while self.days.len() > DAYS_KEPT {
            self.days.pop_first();
        }
    }

    /// Whether there used to be so many webhooks before the last one that hours without any are strange.
    pub fn used_to_come(&self) -> bool {
        let Some(last_at) = self.last_webhook_at else {
            return false;
        };
        let days = (0..USUAL_DAYS).map(|ago| last_at.plus_s(-ago * DAY_S).day());
        let seen = days.filter_map(|day| self.days.get(&day));
        seen.map(|day| day.webhooks).sum::<u64>() >= USUAL_MIN
    }

    /// How many there are of something today, and how many a day there were in the weeks before, where that is a spike.
    pub fn spike(&self, spike: &Spike, now: Timestamp) -> Option<(u64, String)> {
        let today = now.day();
        let count = self.days.get(&today).map_or(0, spike.of);
        let before = self.days.range(..today).map(|(_, day)| (spike.of)(day));
        let before: u64 = before.sum();
        // Days on which nothing came have no entry and count all the same.
        let watched_days = now.since_s(self.since).div_euclid(DAY_S);
        let weeks_max = i64::try_from(DAYS_KEPT).unwrap_or(i64::MAX) - 1;
        let days = watched_days.clamp(1, weeks_max).unsigned_abs();
        let is_spike = count > spike.calm_max
            && count.saturating_mul(days) > before.saturating_mul(spike.times);
        let tenths = before * 10 / days;
        is_spike.then(|| (count, format!("{}.{}", tenths / 10, tenths % 10)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_s(1_767_225_600);

    fn came(kind: &str, at: Timestamp, answer: &str) -> Counted {
        Counted {
            event_kind: Some(kind.to_owned()),
            received_at: at,
            lag_s: Some(1),
            answer: answer.to_owned(),
        }
    }

    #[test]
    fn what_came_again_is_a_webhook_and_no_second_refund() {
        let mut tally = Tally::starting_at(START);
        let at = START.plus_s(60);
        let deliveries = [
            came("refund.created", at, "applied"),
            came("refund.created", at.plus_s(1), "duplicate"),
            came("refund.created", at.plus_s(2), "found_by_sync"),
            came("refund.created", at.plus_s(3), "replayed"),
            came("charge.dispute.created", at, "pending"),
        ];
        tally.count(&deliveries, at.plus_s(10));
        let expected = Day {
            webhooks: 3,
            refunds: 2,
            disputes: 1,
        };
        assert_eq!(tally.days[&START.day()], expected);
        assert_eq!(tally.last_webhook_at, Some(at.plus_s(1)));
        assert_eq!(tally.until, at.plus_s(10));
    }

    #[test]
    fn a_spike_is_more_than_calm_and_more_than_a_multiple_of_the_weeks_before() {
        let [refunds, _] = SPIKES;
        // Days before, refunds on each, refunds today, whether that is a spike.
        for (days, each, today, is_spike) in [
            (0, 0, 9, false),
            (0, 0, 10, true),
            (28, 0, 10, true),
            (28, 2, 10, true),
            (28, 3, 12, false),
            (28, 3, 13, true),
            (60, 3, 13, true),
            (28, 100, 400, false),
            (28, 100, 401, true),
        ] {
            let mut tally = Tally::starting_at(START);
            for day in 0..days {
                let at = START.plus_s(day * DAY_S);
                let those = vec![came("refund.created", at, "applied"); each];
                tally.count(&those, at);
            }
            let now = START.plus_s(days * DAY_S + 3600);
            tally.count(&vec![came("refund.created", now, "applied"); today], now);
            let found = tally.spike(&refunds, now);
            assert_eq!(
                found.is_some(),
                is_spike,
                "{days} {each} {today}: {found:?}"
            );
            assert!(tally.days.len() <= DAYS_KEPT);
        }
    }

    #[test]
    fn quiet_days_count_among_the_weeks_before() {
        let [_, disputes] = SPIKES;
        let mut tally = Tally::starting_at(START);
        tally.count(
            &vec![came("charge.dispute.created", START, "applied"); 28],
            START,
        );
        let now = START.plus_s(28 * DAY_S);
        tally.count(
            &vec![came("charge.dispute.created", now, "applied"); 5],
            now,
        );
        assert_eq!(
            tally.spike(&disputes, now),
            Some((5, "1.0".to_owned())),
            "one a day, not 28"
        );
    }

    #[test]
    fn webhooks_used_to_come_where_there_was_one_in_six_hours() {
        let mut tally = Tally::starting_at(START);
        assert!(!tally.used_to_come());
        let each_day = |count| vec![came("invoice.paid", START, "applied"); count];
        tally.count(&each_day(27), START);
        assert!(!tally.used_to_come());
        tally.count(&each_day(1), START);
        assert!(tally.used_to_come());
    }
}
