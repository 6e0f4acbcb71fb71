//! Fact: how long whoever guessed wrong has to wait: not at all at first, then longer and longer.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Wrong guesses that cost nothing: people mistype.
const FREE: u32 = 4;

/// The longest wait, in seconds.
const WAIT_S_MAX: i64 = 15 * 60;

/// Seconds without a guess after which the wrong ones are forgotten.
const FORGOTTEN_S: i64 = 24 * 60 * 60;

/// Wrong guesses by one address, or at one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How many there were in a row.
    pub wrong: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl Attempts {
    /// These and one more, at `now`.
    #[must_use]
    pub fn and_one(before: Option<Self>, now: Timestamp) -> Self {
        let before = before.filter(|before| now < before.forgotten_at());
        Self {
            wrong: before.map_or(0, |before| before.wrong).saturating_add(1),
            last_at: now,
        }
    }

    /// Until when no further guess is looked at; none where one may be made.
    pub fn wait_until(&self, now: Timestamp) -> Option<Timestamp> {
        let over = self.wrong.checked_sub(FREE)?;
        let wait_s = WAIT_S_MAX.min(1_i64 << over.min(20));
        let until = self.last_at.plus_s(wait_s);
        (over > 0 && now < until && now < self.forgotten_at()).then_some(until)
    }

    /// From when on they count no more.
    pub const fn forgotten_at(&self) -> Timestamp {
        self.last_at.plus_s(FORGOTTEN_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_a_quarter_of_an_hour_and_is_forgotten_after_a_day() {
        let start = Timestamp::from_s(1_767_225_600);
        let mut attempts = None;
        let mut waits = Vec::new();
        for _ in 0..16 {
            let now = Attempts::and_one(attempts, start);
            let until = now.wait_until(start);
            waits.push(until.map_or(0, |until| until.since_s(start)));
            attempts = Some(now);
        }
        assert_eq!(
            waits,
            [
                0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900
            ]
        );
        let tomorrow = start.plus_s(FORGOTTEN_S);
        assert_eq!(attempts.unwrap().wait_until(tomorrow), None);
        assert_eq!(Attempts::and_one(attempts, tomorrow).wrong, 1);
    }
}
