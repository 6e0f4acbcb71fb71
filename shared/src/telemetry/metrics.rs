//! Numbers for CloudWatch, in embedded metric format: a line of JSON on standard output that CloudWatch Logs turns into
//! metrics by itself, without a call, a library or a grant
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>,
//! read in November 2026).

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::time::Timestamp;

/// The namespace of all our metrics.
pub const NAMESPACE: &str = "Linky";

/// The one dimension: which function a number is of. More would multiply the metrics, and their price.
pub const DIMENSION: &str = "function";

/// Most metrics in one line: the format's own limit.
pub const METRICS_MAX: usize = 100;

/// One number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// What is counted or measured, with its unit last: `webhook_events`, `stripe_call_ms`.
    pub name: &'static str,
    /// How many, or how much.
    pub value: i64,
    /// Of what.
    pub unit: Unit,
}

/// What a number is of, in CloudWatch's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
}

impl Unit {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
            Self::Seconds => "Seconds",
            Self::Bytes => "Bytes",
        }
    }
}

/// So many things.
pub const fn count(name: &'static str, value: i64) -> Metric {
    Metric {
        name,
        value,
        unit: Unit::Count,
    }
}

/// So many milliseconds.
pub const fn milliseconds(name: &'static str, value: i64) -> Metric {
    Metric {
        name,
        value,
        unit: Unit::Milliseconds,
    }
}

/// So many seconds.
pub const fn seconds(name: &'static str, value: i64) -> Metric {
    Metric {
        name,
        value,
        unit: Unit::Seconds,
    }
}

/// Where the numbers of one function go.
#[derive(Debug, Clone)]
pub struct Metrics(Sink);

#[derive(Debug, Clone)]
enum Sink {
    /// Standard output, as the function of this name.
    Stdout(&'static str),
    /// The sum of each number, by its name.
    Sums(Arc<Mutex<BTreeMap<&'static str, i64>>>),
}

impl Metrics {
    /// To CloudWatch, by way of standard output, as the numbers of `function`.
    pub const fn emitted(function: &'static str) -> Self {
        Self(Sink::Stdout(function))
    }

    /// Summed up in memory: for tests, and for the sandbox, whose standard output is for people.
    pub fn summed() -> Self {
        Self(Sink::Sums(Arc::default()))
    }

    /// Records numbers as of `now`. A number that cannot be written is lost: it must not fail what it is about.
    pub fn record(&self, now: Timestamp, metrics: &[Metric]) {
        match &self.0 {
            Sink::Stdout(function) => {
                for metrics in metrics.chunks(METRICS_MAX) {
                    let line = line(function, now, metrics);
                    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
                        tracing::warn!(%error, "a metric is lost");
                    }
                }
            }
            Sink::Sums(sums) => {
                let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
                for metric in metrics {
                    let sum = sums.entry(metric.name).or_default();
                    *sum = sum.saturating_add(metric.value);
                }
            }
        }
    }

    /// The sum of each number so far. Nothing where they are emitted.
    pub fn sums(&self) -> BTreeMap<&'static str, i64> {
        match &self.0 {
            Sink::Stdout(_) => BTreeMap::new(),
            Sink::Sums(sums) => sums.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

/// One line: the directive that names the metrics, the dimension, and the values. A name that comes several times has
/// its values in one list.
fn line(function: &str, now: Timestamp, metrics: &[Metric]) -> Value {
    let mut directives: Vec<Value> = Vec::new();
    let mut line = Map::new();
    line.insert(DIMENSION.to_owned(), json!(function));
    for metric in metrics {
        match line.get_mut(metric.name) {
            None => {
                line.insert(metric.name.to_owned(), json!(metric.value));
                directives.push(json!({"Name": metric.name, "Unit": metric.unit.as_str()}));
            }
            Some(Value::Array(values)) => values.push(json!(metric.value)),
            Some(value) => *value = json!([value.take(), metric.value]),
        }
    }
    let directive = json!({
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": directives,
    });
    line.insert(
        "_aws".to_owned(),
        json!({"Timestamp": now.as_ms(), "CloudWatchMetrics": [directive]}),
    );
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_the_specification_asks_for() {
        let metrics = [
            count("webhook_events", 1),
            milliseconds("handle_ms", 12),
            count("webhook_events", 3),
            count("webhook_events", 2),
        ];
        let now = Timestamp::from_ms(1_767_225_600_123);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_767_225_600_123_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "Linky",
                    "Dimensions": [["function"]],
                    "Metrics": [
                        {"Name": "webhook_events", "Unit": "Count"},
                        {"Name": "handle_ms", "Unit": "Milliseconds"},
                    ],
                }],
            },
            "function": "stripe-webhook",
            "webhook_events": [1, 3, 2],
            "handle_ms": 12,
        });
        let line = line("stripe-webhook", now, &metrics);
        assert_eq!(line, expected);
        assert!(!line.to_string().contains('\n'));
    }

    #[test]
    fn numbers_can_be_summed_and_every_clone_sums_them_together() {
        let metrics = Metrics::summed();
        let now = Timestamp::from_s(7);
        metrics.clone().record(now, &[count("events_requeued", 2)]);
        metrics.record(now, &[count("events_requeued", 3)]);
        assert_eq!(metrics.sums(), BTreeMap::from([("events_requeued", 5)]));
        let emitted = Metrics::emitted("sweep");
        emitted.record(now, &[count("events_requeued", 0)]);
        assert_eq!(emitted.sums(), BTreeMap::new());
    }
}
