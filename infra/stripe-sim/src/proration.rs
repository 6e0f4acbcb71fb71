//! What part of a price belongs to what is left of its period, to the second and to the cent.

/// The share of `amount` that the time from `at_s` to `end_s` is of the whole period, rounded half up to the smallest
/// unit. Outside the period it is all of it or nothing.
pub(crate) fn share(amount: i64, at_s: i64, start_s: i64, end_s: i64) -> i64 {
    if end_s <= start_s || at_s >= end_s {
        return 0;
    }
    let left = i128::from(end_s - at_s.max(start_s));
    let whole = i128::from(end_s - start_s);
    let scaled = 2 * i128::from(amount) * left + whole;
    i64::try_from(scaled.div_euclid(2 * whole)).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DAY_S;

    #[test]
    fn the_share_is_that_of_the_seconds_left() {
        // $75 with 10 of 30 days left; $199 with 17 of 31 left: 199 × 17 / 31 = 109.129.
        assert_eq!(share(7_500, 20 * DAY_S, 0, 30 * DAY_S), 2_500);
        assert_eq!(share(19_900, 14 * DAY_S, 0, 31 * DAY_S), 10_913);
        // One second of a day's $1: 0.00116 cents. Half a cent rounds up.
        assert_eq!(share(100, DAY_S - 1, 0, DAY_S), 0);
        assert_eq!(share(1, DAY_S / 2, 0, DAY_S), 1);
    }

    #[test]
    fn outside_the_period_it_is_all_or_nothing() {
        assert_eq!(share(7_500, -5, 0, 100), 7_500);
        assert_eq!(share(7_500, 100, 0, 100), 0);
        assert_eq!(share(7_500, 0, 100, 100), 0);
    }
}
