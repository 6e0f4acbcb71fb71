//! Fact: a moment, to the millisecond, as it is written in records, logs and answers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Milliseconds since 1970 in UTC. Written as `2026-11-22T09:26:13.000Z`: always 24 characters, so that the order of
/// the text is the order of time, in a sort key as in a condition.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(into = "String", try_from = "String")]
#[schema(value_type = String, format = "date-time")]
pub struct Timestamp(i64);

/// A day in seconds, as UTC has them.
pub const DAY_S: i64 = 24 * 60 * 60;

impl Timestamp {
    /// From Unix milliseconds, held within the years 1970 to 9999, which is what 24 characters can write.
    pub const fn from_ms(ms: i64) -> Self {
        if ms < 0 {
            Self(0)
        } else if ms > MS_MAX {
            Self(MS_MAX)
        } else {
            Self(ms)
        }
    }

    /// From Unix seconds, the unit of every time in a Stripe object.
    pub const fn from_s(seconds: i64) -> Self {
        Self::from_ms(seconds.saturating_mul(1000))
    }

    /// Unix milliseconds.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Unix seconds, rounded down: the unit of Stripe and of DynamoDB's time to live.
    pub const fn as_s(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved by `delta_s` seconds, forward or back.
    #[must_use]
    pub const fn plus_s(self, delta_s: i64) -> Self {
        Self::from_ms(self.0.saturating_add(delta_s.saturating_mul(1000)))
    }

    /// Whole seconds from `earlier` to this moment; negative where `earlier` is later.
    pub const fn since_s(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(1000)
    }

    /// The beginning of a day in UTC, as [`Self::day`] writes it.
    ///
    /// # Errors
    /// Where it is no day.
    pub fn of_day(day: &str) -> Result<Self, jiff::Error> {
        let date: jiff::civil::Date = day.parse()?;
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC)?;
        Ok(Self::from_ms(midnight.timestamp().as_millisecond()))
    }

    /// The beginning of its day in UTC.
    #[must_use]
    pub const fn day_start(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY_S * 1000))
    }

    /// The day in UTC, as `2026-11-22`.
    pub fn day(self) -> String {
        self.to_string()[..10].to_owned()
    }

    /// The day in UTC for a person: `22 November 2026`.
    pub fn day_in_words(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).map_or_else(
            |_| self.day(),
            |moment| moment.strftime("%-d %B %Y").to_string(),
        )
    }
}

/// Within what jiff can hold: it ends on 30 December 9999.
const MS_MAX: i64 = 253_402_207_199_999;

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(out, "{moment:.3}"),
            // Unreachable: the constructors keep the value within what jiff can hold.
            Err(_) => Err(fmt::Error),
        }
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_ms(
            text.parse::<jiff::Timestamp>()?.as_millisecond(),
        ))
    }
}

impl From<Timestamp> for String {
    fn from(moment: Timestamp) -> Self {
        moment.to_string()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_text_is_the_order_of_time() {
        let moments = [0, 1, 999, 1000, 1_767_225_600_000, MS_MAX].map(Timestamp::from_ms);
        let texts = moments.map(|moment| moment.to_string());
        assert!(texts.is_sorted());
        assert!(texts.iter().all(|text| text.len() == 24), "{texts:?}");
        assert_eq!(texts[4], "2026-01-01T00:00:00.000Z");
    }

    #[test]
    fn text_is_read_back_to_the_same_moment() {
        let moment = Timestamp::from_ms(1_767_225_612_345);
        assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        assert_eq!(moment.day(), "2026-01-01");
        assert_eq!(moment.as_s(), 1_767_225_612);
        assert_eq!(moment.day_start().to_string(), "2026-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::of_day("2026-01-01").unwrap(), moment.day_start());
        assert!(Timestamp::of_day("2026-02-30").is_err());
    }
}
