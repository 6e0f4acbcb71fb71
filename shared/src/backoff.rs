//! Fact: how long to wait before the next attempt.

/// The wait after the first failure, in seconds.
pub const FIRST_S: u64 = 30;

/// The longest wait, in seconds: an outage that is over is noticed within the hour.
pub const LONGEST_S: u64 = 60 * 60;

/// Seconds to wait after the `attempt`-th failure (from 1): 30 s, then 1, 2, 4 … minutes, at most an hour. `jitter`
/// (any number, fairly drawn) takes off up to half, so that what failed together does not come back together.
pub fn wait_s(attempt: u32, jitter: u64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(16);
    let full_s = (FIRST_S << doublings).min(LONGEST_S);
    full_s - jitter % (full_s / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_minute_to_an_hour() {
        let waits: Vec<_> = [1, 2, 3, 4, 8, 9, 100, u32::MAX]
            .map(|attempt| wait_s(attempt, 0))
            .into();
        assert_eq!(waits, [30, 60, 120, 240, 3600, 3600, 3600, 3600]);
        assert_eq!(wait_s(0, 0), 30);
    }

    #[test]
    fn jitter_takes_off_at_most_half() {
        for attempt in 1..20 {
            for jitter in [0, 1, 17, 1_000_003, u64::MAX] {
                let wait = wait_s(attempt, jitter);
                let full = wait_s(attempt, 0);
                assert!(
                    wait <= full && wait >= full / 2,
                    "{attempt} {jitter} {wait}"
                );
            }
        }
    }
}
