//! What coupons take off amounts, to the cent.

use serde_json::Value;

use crate::fields::Fields;

/// What each coupon takes off each amount, one after the other: a percentage of what the ones before left, rounded half
/// up; a fixed sum of no more than what is left, spread in proportion, with the odd cents on the last.
pub(super) fn reductions(coupons: &[Value], amounts: &[i64]) -> Vec<Vec<i64>> {
    let mut left = amounts.to_vec();
    coupons
        .iter()
        .map(|coupon| {
            let off = match coupon.int_at("amount_off") {
                Some(sum) => spread(sum, &left),
                None => left
                    .iter()
                    .map(|amount| part(*amount, hundredths(coupon), 10_000))
                    .collect(),
            };
            for (left, off) in left.iter_mut().zip(&off) {
                *left -= off;
            }
            off
        })
        .collect()
}

fn spread(sum: i64, left: &[i64]) -> Vec<i64> {
    let whole: i64 = left.iter().sum();
    let sum = sum.min(whole);
    let last = left.iter().rposition(|amount| *amount > 0);
    let mut given = 0;
    left.iter()
        .enumerate()
        .map(|(at, amount)| {
            let off = if Some(at) == last {
                sum - given
            } else {
                part(*amount, sum, whole).min(sum - given)
            };
            given += off;
            off
        })
        .collect()
}

/// `amount × share ÷ whole`, rounded half up.
fn part(amount: i64, share: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let scaled = 2 * i128::from(amount) * i128::from(share) + i128::from(whole);
    i64::try_from(scaled.div_euclid(2 * i128::from(whole))).unwrap_or(amount)
}

/// A coupon's percentage in hundredths of a percent: 25.5 is 2550.
fn hundredths(coupon: &Value) -> i64 {
    parse_hundredths(&coupon.at("percent_off").to_string()).unwrap_or_default()
}

/// A percentage as it is written, in hundredths of a percent.
pub(crate) fn parse_hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || fraction.len() > 2 || whole.len() > 3 {
        return None;
    }
    let number = |digits: &str| digits.parse::<u32>().ok().map(i64::from);
    let tenths = if fraction.len() == 1 { 10 } else { 1 };
    Some(number(whole)? * 100 + number(fraction)? * tenths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn percentages_are_taken_of_what_the_coupons_before_left() {
        let half = json!({"amount_off": null, "percent_off": 50});
        let odd = json!({"amount_off": null, "percent_off": 33.33});
        // 7500 − 3750 = 3750; 3750 × 33.33 % = 1249.875.
        assert_eq!(
            reductions(&[half, odd], &[7_500]),
            [vec![3_750], vec![1_250]]
        );
        let all = json!({"amount_off": null, "percent_off": 100});
        assert_eq!(reductions(&[all.clone(), all], &[1]), [vec![1], vec![0]]);
    }

    #[test]
    fn a_sum_is_spread_to_the_cent_and_never_more_than_there_is() {
        let ten = json!({"amount_off": 1_000, "percent_off": null});
        // A third each of 1000: 333, 333 and what is left.
        let thirds = [2_500, 2_500, 2_500];
        assert_eq!(
            reductions(std::slice::from_ref(&ten), &thirds),
            [vec![333, 333, 334]]
        );
        assert_eq!(
            reductions(std::slice::from_ref(&ten), &[300, 0, 200]),
            [vec![300, 0, 200]]
        );
        assert_eq!(reductions(&[ten], &[0]), [vec![0]]);
    }

    #[test]
    fn a_percentage_is_read_to_the_hundredth() {
        let read = [
            "25.5", "100", "0.01", "33.33", "50.0", "1.", "12.345", "x", "1000",
        ];
        assert_eq!(
            read.map(parse_hundredths),
            [
                Some(2_550),
                Some(10_000),
                Some(1),
                Some(3_333),
                Some(5_000),
                None,
                None,
                None,
                None
            ]
        );
    }
}
