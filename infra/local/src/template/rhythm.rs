//! When a schedule runs: `rate(...)` and `cron(...)` as EventBridge Scheduler writes them, in UTC.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use shared::time::Timestamp;

/// When a schedule runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many seconds.
    Every(i64),
    /// At the minutes of a cron expression.
    Cron(Box<Cron>),
}

impl Rhythm {
    /// Reads a `ScheduleExpression`; none where it is not understood.
    pub(super) fn parse(expression: &str) -> Option<Self> {
        let (kind, rest) = expression.split_once('(')?;
        let inside = rest.strip_suffix(')')?;
        match kind {
            "rate" => every(inside),
            "cron" => cron(inside),
            _ => None,
        }
    }

    /// The first run after `moment`, for one that has a rhythm of its own from there on; none where a cron expression
    /// names no moment any more.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Every(seconds) => Some(moment.plus_s(*seconds)),
            Self::Cron(cron) => {
                let moment = jiff::Timestamp::from_millisecond(moment.as_ms()).ok()?;
                let moment = moment.to_zoned(jiff::tz::TimeZone::UTC);
                let next = cron.find_next_occurrence(&moment, false).ok()?;
                Some(Timestamp::from_ms(next.timestamp().as_millisecond()))
            }
        }
    }
}

fn every(rate: &str) -> Option<Rhythm> {
    let (count, unit) = rate.split_once(' ')?;
    let unit_s = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => return None,
    };
    let count: i64 = count.parse().ok().filter(|count| *count > 0)?;
    Some(Rhythm::Every(count * unit_s))
}

/// Six fields, the last of them the year; days of the week are counted from Sunday, 1; `?` in one of the two days.
fn cron(fields: &str) -> Option<Rhythm> {
    let [_, _, day, _, weekday, _] = fields.split(' ').collect::<Vec<_>>().try_into().ok()?;
    if (day == "?") == (weekday == "?") {
        return None;
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Required)
        .year(Year::Required)
        .alternative_weekdays(true)
        .sloppy_ranges(true)
        .build();
    parser
        .parse(&format!("0 {fields}"))
        .ok()
        .map(|cron| Rhythm::Cron(Box::new(cron)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, after: &str) -> String {
        let rhythm = Rhythm::parse(expression).unwrap();
        let next = rhythm.next_after(after.parse().unwrap()).unwrap();
        next.to_string().replace(":00.000Z", "")
    }

    #[test]
    fn expressions_name_the_moments_that_aws_documents_for_them() {
        let friday = "2026-11-27T02:00:00Z";
        for (expression, after, moment) in [
            ("rate(1 minute)", friday, "2026-11-27T02:01"),
            ("rate(2 hours)", friday, "2026-11-27T04:00"),
            ("cron(0 2 * * ? *)", friday, "2026-11-28T02:00"),
            (
                "cron(0 2 * * ? *)",
                "2026-11-27T01:59:59Z",
                "2026-11-27T02:00",
            ),
            ("cron(15 10 ? * 6L *)", friday, "2026-11-27T10:15"),
            (
                "cron(0 18 ? * MON-FRI *)",
                "2026-11-27T18:00:00Z",
                "2026-11-30T18:00",
            ),
            ("cron(0/15 * * * ? *)", friday, "2026-11-27T02:15"),
            ("cron(0 8 1 * ? *)", friday, "2026-12-01T08:00"),
            ("cron(0 10 ? * 1 *)", friday, "2026-11-29T10:00"),
            ("cron(0 0 29 2 ? *)", friday, "2028-02-29T00:00"),
        ] {
            assert_eq!(next(expression, after), moment, "{expression}");
        }
    }

    #[test]
    fn what_aws_would_refuse_is_refused() {
        for expression in [
            "rate(0 minutes)",
            "rate(minute)",
            "cron(0 2 * * *)",
            "cron(0 2 * * * *)",
            "cron(0 2 ? * ? *)",
            "cron(60 2 * * ? *)",
            "every day",
            "at(2026-11-27T02:00:00)",
        ] {
            assert_eq!(Rhythm::parse(expression), None, "{expression}");
        }
        let over = Rhythm::parse("cron(0 2 * * ? 2020)").unwrap();
        assert_eq!(
            over.next_after("2026-11-27T02:00:00Z".parse().unwrap()),
            None
        );
    }
}
