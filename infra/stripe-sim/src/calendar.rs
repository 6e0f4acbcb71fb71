//! Billing dates: whole calendar intervals counted from an anchor, so that a month that starts on the 31st ends on the
//! last day of a shorter month and comes back to the 31st after it.

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// How often a price recurs, or how long a schedule's phase lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Every {
    pub(crate) unit: Unit,
    pub(crate) count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Every {
    /// From Stripe's words: `month`, 3.
    pub(crate) fn new(interval: &str, count: i64) -> Option<Self> {
        let unit = match interval {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        };
        (1..=INTERVALS_MAX)
            .contains(&count)
            .then_some(Self { unit, count })
    }

    /// The moment `times` intervals after `anchor_s`.
    pub(crate) fn after(self, anchor_s: i64, times: i64) -> i64 {
        let amount = self.count.saturating_mul(times);
        let span = match self.unit {
            Unit::Day => Span::new().try_days(amount),
            Unit::Week => Span::new().try_weeks(amount),
            Unit::Month => Span::new().try_months(amount),
            Unit::Year => Span::new().try_years(amount),
        };
        let moment = Timestamp::from_second(anchor_s)
            .and_then(|moment| moment.to_zoned(TimeZone::UTC).checked_add(span?));
        // Past the year 9999 there is no next date: nothing that far ever falls due.
        moment.map_or(i64::MAX, |moment| moment.timestamp().as_second())
    }

    /// The first boundary later than `moment_s`, counted from `anchor_s`, which is the earliest boundary there is.
    pub(crate) fn boundary_after(self, anchor_s: i64, moment_s: i64) -> i64 {
        let longest_s = self.count.saturating_mul(match self.unit {
            Unit::Day => DAY_S,
            Unit::Week => 7 * DAY_S,
            Unit::Month => 31 * DAY_S,
            Unit::Year => 366 * DAY_S,
        });
        let mut times = (moment_s - anchor_s).max(0) / longest_s;
        loop {
            let boundary_s = self.after(anchor_s, times);
            if boundary_s > moment_s {
                return boundary_s;
            }
            times += 1;
        }
    }
}

/// Seconds in a day.
pub(crate) const DAY_S: i64 = 86_400;

/// Seconds in an hour.
pub(crate) const HOUR_S: i64 = 3_600;

/// Stripe's longest interval is three years; a schedule's phase may be somewhat longer.
const INTERVALS_MAX: i64 = 3650;

/// `22 Nov 2026`, as in the descriptions of invoice lines.
pub(crate) fn day_text(moment_s: i64) -> String {
    text(moment_s, "%-d %b %Y")
}

/// `Sun, 22 Nov 2026 09:26:13 GMT`, as in the header `date`.
pub(crate) fn http_date(moment_s: i64) -> String {
    text(moment_s, "%a, %d %b %Y %H:%M:%S GMT")
}

/// The year and the month of a moment in UTC, as a card's expiry gives them.
pub(crate) fn year_and_month(moment_s: i64) -> (i64, i64) {
    let moment = Timestamp::from_second(moment_s).unwrap_or_default();
    let date = moment.to_zoned(TimeZone::UTC);
    (i64::from(date.year()), i64::from(date.month()))
}

fn text(moment_s: i64, format: &str) -> String {
    Timestamp::from_second(moment_s)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .strftime(format)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    fn dates(anchor: &str, every: Every, times: i64) -> Vec<String> {
        (1..=times)
            .map(|n| day_text(every.after(second(anchor), n)))
            .collect()
    }

    #[test]
    fn a_month_from_the_31st_keeps_to_the_ends_of_shorter_months_and_comes_back() {
        let month = Every::new("month", 1).unwrap();
        assert_eq!(
            dates("2027-10-31T12:00:00Z", month, 6),
            [
                "30 Nov 2027",
                "31 Dec 2027",
                "31 Jan 2028",
                "29 Feb 2028",
                "31 Mar 2028",
                "30 Apr 2028"
            ]
        );
        assert_eq!(
            dates("2027-01-28T00:00:00Z", month, 2),
            ["28 Feb 2027", "28 Mar 2027"]
        );
        assert_eq!(
            dates("2027-01-29T00:00:00Z", month, 2),
            ["28 Feb 2027", "29 Mar 2027"]
        );
        assert_eq!(
            dates("2027-01-30T00:00:00Z", month, 2),
            ["28 Feb 2027", "30 Mar 2027"]
        );
    }

    #[test]
    fn three_months_and_leap_years_follow_the_calendar() {
        assert_eq!(
            dates("2026-11-30T00:00:00Z", Every::new("month", 3).unwrap(), 2),
            ["28 Feb 2027", "30 May 2027"]
        );
        assert_eq!(
            dates("2028-02-29T00:00:00Z", Every::new("year", 1).unwrap(), 4),
            ["28 Feb 2029", "28 Feb 2030", "28 Feb 2031", "29 Feb 2032"]
        );
    }

    #[test]
    fn the_next_boundary_is_strictly_later_and_never_before_the_anchor() {
        let month = Every::new("month", 1).unwrap();
        let anchor = second("2026-01-31T10:00:00Z");
        let february = second("2026-02-28T10:00:00Z");
        assert_eq!(month.boundary_after(anchor, anchor), february);
        assert_eq!(month.boundary_after(anchor, february - 1), february);
        assert_eq!(
            month.boundary_after(anchor, february),
            second("2026-03-31T10:00:00Z")
        );
        assert_eq!(month.boundary_after(anchor, anchor - DAY_S), anchor);
        assert_eq!(
            month.boundary_after(anchor, second("2036-01-31T10:00:00Z")),
            second("2036-02-29T10:00:00Z")
        );
    }

    #[test]
    fn dates_are_written_as_stripe_writes_them() {
        let moment = second("2026-11-02T09:06:03Z");
        assert_eq!(day_text(moment), "2 Nov 2026");
        assert_eq!(http_date(moment), "Mon, 02 Nov 2026 09:06:03 GMT");
    }
}
