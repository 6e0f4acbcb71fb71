//! How much an account may send: so many recipients in any 24 hours and so many mails a second (the developer guide's
//! pages on sending quotas and their errors, read November 2026). Pure: the time comes in as an argument.

use std::collections::VecDeque;

use shared::time::Timestamp;

use super::{Refusal, SentMail};

/// What an account may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Recipients in any 24 hours.
    pub per_day: u32,
    /// Mails in any second.
    pub per_s: u32,
}

/// What SES gives an account that leaves its own sandbox.
impl Default for Quota {
    fn default() -> Self {
        Self {
            per_day: 50_000,
            per_s: 14,
        }
    }
}

/// An account's quota, and what it has used of it.
#[derive(Debug, Default)]
pub(super) struct Pace {
    quota: Quota,
    /// When mails were sent within the last 24 hours, and to how many.
    sent: VecDeque<(Timestamp, usize)>,
}

const DAY_S: i64 = 86_400;

impl Pace {
    /// The pace of an account that has sent `mails`.
    pub(super) fn after(mails: &[SentMail]) -> Self {
        let sent = mails.iter();
        let sent = sent.map(|mail| (mail.sent_at, mail.destinations.len()));
        Self {
            quota: Quota::default(),
            sent: sent.collect(),
        }
    }

    pub(super) fn quota(&self) -> Quota {
        self.quota
    }

    pub(super) fn set_quota(&mut self, quota: Quota) {
        self.quota = quota;
    }

    /// Whether one more mail may be sent at `now`. One that is refused uses up nothing.
    pub(super) fn check(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let refuse = |words: &str| Err(Refusal("Throttling", words.to_owned()));
        if self.sent_today(now) >= self.quota.per_day as usize {
            return refuse("Daily message quota exceeded.");
        }
        let a_second_ago = now.plus_s(-1);
        let latest = self.sent.iter().rev();
        let latest = latest.take_while(|(at, _)| *at > a_second_ago).count();
        if latest >= self.quota.per_s as usize {
            return refuse("Maximum sending rate exceeded.");
        }
        Ok(())
    }

    pub(super) fn sent(&mut self, now: Timestamp, recipients: usize) {
        self.sent.push_back((now, recipients));
    }

    /// Recipients in the 24 hours before `now`.
    pub(super) fn sent_today(&mut self, now: Timestamp) -> usize {
        let yesterday = now.plus_s(-DAY_S);
        while self.sent.front().is_some_and(|(at, _)| *at <= yesterday) {
            self.sent.pop_front();
        }
        self.sent.iter().map(|(_, recipients)| recipients).sum()
    }
}
