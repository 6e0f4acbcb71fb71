//! What was measured: a name, a value and its unit, as a table for people and as JSON for programs.

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "figures are rounded for people; no money is among them"
)]

use std::time::Duration;

use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
}

impl Figure {
    /// A figure with what it was counted in; three decimals are kept.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value: (value * 1000.0).round() / 1000.0,
            unit,
        }
    }

    /// `whole` shared out among `parts`.
    pub(crate) fn mean(
        name: impl Into<String>,
        whole: u64,
        parts: u64,
        unit: &'static str,
    ) -> Self {
        Self::new(name, whole as f64 / parts.max(1) as f64, unit)
    }

    /// `part` of `whole`, in per cent.
    pub(crate) fn percent(name: impl Into<String>, part: u64, whole: u64) -> Self {
        Self::new(name, part as f64 * 100.0 / whole.max(1) as f64, "%")
    }

    /// A time in milliseconds.
    pub(crate) fn milliseconds(name: impl Into<String>, time: Duration) -> Self {
        Self::new(name, time.as_secs_f64() * 1e3, "ms")
    }

    /// A time in seconds.
    pub(crate) fn seconds(name: impl Into<String>, time: Duration) -> Self {
        Self::new(name, time.as_secs_f64(), "s")
    }

    /// A size in millions of bytes.
    pub(crate) fn megabytes(name: impl Into<String>, bytes: u64) -> Self {
        Self::new(name, bytes as f64 / 1e6, "MB")
    }

    /// `count` things in `time`, in one second.
    pub(crate) fn per_second(name: impl Into<String>, count: u64, time: Duration) -> Self {
        Self::new(name, count as f64 / time.as_secs_f64(), "1/s")
    }
}

/// The time that `percent` of `times` do not exceed. `times` must be sorted.
pub(crate) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}

/// The figures as a table.
pub(crate) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.len()).max();
    let width = width.unwrap_or_default();
    figures
        .iter()
        .map(|Figure { name, value, unit }| format!("{name:width$}  {value:>12.3}  {unit}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50), Duration::from_millis(50));
        assert_eq!(percentile(&times, 99), Duration::from_millis(99));
        assert_eq!(percentile(&times[..1], 99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }

    #[test]
    fn figures_are_a_list_of_name_value_and_unit() {
        let figures = [
            Figure::mean("a", 1, 3, "calls"),
            Figure::percent("b", 1, 8),
            Figure::milliseconds("c", Duration::from_micros(1_234)),
        ];
        assert_eq!(
            serde_json::to_value(&figures).unwrap(),
            serde_json::json!([
                {"name": "a", "value": 0.333, "unit": "calls"},
                {"name": "b", "value": 12.5, "unit": "%"},
                {"name": "c", "value": 1.234, "unit": "ms"},
            ])
        );
    }
}
