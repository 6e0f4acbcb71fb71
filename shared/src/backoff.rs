//! Fact: how long to wait before the next attempt.

/// The wait after the first failure, in seconds.
pub const FIRST_S: u64 = 30;

/// The longest wait for an event, in seconds. The sweep brings it forward once Stripe answers again.
pub const EVENT_LONGEST_S: u64 = 60 * 60;

/// The longest wait for a mail, in seconds. Trying costs nothing and is the only way to learn that an outage is over.
pub const MAIL_LONGEST_S: u64 = 5 * 60;

/// Seconds to wait after the `attempt`-th failure (from 1): 30 s, then 1, 2, 4 … minutes, at most `longest_s`. `jitter`
/// (any number, fairly drawn) takes off up to half, so that what failed together does not come back together.
pub fn wait_s(attempt: u32, longest_s: u64, jitter: u64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(16);
    let full_s = (FIRST_S << doublings).min(longest_s);
    full_s - jitter % (full_s / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_minute_to_the_longest() {
        let waits = |longest_s| {
            [1, 2, 3, 4, 8, 9, 100, u32::MAX].map(|attempt| wait_s(attempt, longest_s, 0))
        };
        assert_eq!(
            waits(EVENT_LONGEST_S),
            [30, 60, 120, 240, 3600, 3600, 3600, 3600]
        );
        assert_eq!(
            waits(MAIL_LONGEST_S),
            [30, 60, 120, 240, 300, 300, 300, 300]
        );
        assert_eq!(wait_s(0, EVENT_LONGEST_S, 0), 30);
    }

    #[test]
    fn jitter_takes_off_at_most_half() {
        for attempt in 1..20 {
            for jitter in [0, 1, 17, 1_000_003, u64::MAX] {
                let wait = wait_s(attempt, EVENT_LONGEST_S, jitter);
                let full = wait_s(attempt, EVENT_LONGEST_S, 0);
                assert!(
                    wait <= full && wait >= full / 2,
                    "{attempt} {jitter} {wait}"
                );
            }
        }
    }
}
