//! Numbers for CloudWatch, in embedded metric format: a line of JSON on standard output that CloudWatch Logs turns into
//! metrics by itself, without a call, a library or a grant
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>,
//! read in November 2026).

use std::io::Write;

use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

use crate::clock::Clock;
use crate::time::Timestamp;

/// The namespace of all our metrics.
pub const NAMESPACE: &str = "Linky";

/// The one dimension: which function a number is of. More would multiply the metrics, and their price.
pub const DIMENSION: &str = "function";

/// The target of the events that are numbers.
pub(super) const TARGET: &str = "metric";

/// Every number there is: what alarms and dashboards can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// A delivery was refused because Stripe has not signed it, or not lately.
    DeliveryRejected,
    /// A delivery was Stripe's.
    EventReceived,
    /// How long a call to Stripe took, with its retries.
    StripeCallMs,
}

impl Metric {
    /// The name in CloudWatch.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeliveryRejected => "delivery_rejected",
            Self::EventReceived => "event_received",
            Self::StripeCallMs => "stripe_call_ms",
        }
    }

    /// The unit in CloudWatch.
    const fn unit(self) -> &'static str {
        match self {
            Self::DeliveryRejected | Self::EventReceived => "Count",
            Self::StripeCallMs => "Milliseconds",
        }
    }
}

/// One more.
pub fn count(metric: Metric) {
    record(metric, 1);
}

/// So many, or so much.
pub fn record(metric: Metric, value: i64) {
    tracing::info!(target: TARGET, metric = metric.name(), unit = metric.unit(), value);
}

/// Writes the events that are numbers as lines of embedded metric format.
#[derive(Debug)]
pub(super) struct Emf<W> {
    function: &'static str,
    clock: Clock,
    out: W,
}

impl<W> Emf<W> {
    pub(super) const fn new(function: &'static str, clock: Clock, out: W) -> Self {
        Self {
            function,
            clock,
            out,
        }
    }
}

impl<S, W> Layer<S> for Emf<W>
where
    S: Subscriber,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut number = Number::default();
        event.record(&mut number);
        let line = line(self.function, self.clock.now(), &number);
        // One write, so that lines of two threads do not mix. One that fails is lost: it must not fail what it is about,
        // and where standard output is gone nothing can be said about it either.
        drop(
            self.out
                .make_writer()
                .write_all(format!("{line}\n").as_bytes()),
        );
    }
}

#[derive(Debug, Default)]
struct Number {
    metric: String,
    unit: String,
    value: i64,
}

impl Visit for Number {
    fn record_str(&mut self, field: &Field, text: &str) {
        match field.name() {
            "metric" => text.clone_into(&mut self.metric),
            "unit" => text.clone_into(&mut self.unit),
            _ => {}
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        if field.name() == "value" {
            self.value = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// One line: the directive that names the metric and its dimension, and their values.
fn line(function: &str, now: Timestamp, number: &Number) -> Value {
    let metric = number.metric.as_str();
    json!({
        "_aws": {
            "Timestamp": now.as_ms(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [[DIMENSION]],
                "Metrics": [{"Name": metric, "Unit": number.unit}],
            }],
        },
        DIMENSION: function,
        metric: number.value,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Debug, Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_number_becomes_the_line_that_the_specification_asks_for() {
        let paper = Paper::default();
        let out = paper.clone();
        let clock = Clock::manual(Timestamp::from_ms(1_767_225_600_123));
        let emf = Emf::new("stripe-webhook", clock, move || out.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(emf), || {
            count(Metric::EventReceived);
            record(Metric::StripeCallMs, 42);
        });

        let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = written
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let line = |name: &str, unit: &str, value: i64| {
            json!({
                "_aws": {
                    "Timestamp": 1_767_225_600_123_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Linky",
                        "Dimensions": [["function"]],
                        "Metrics": [{"Name": name, "Unit": unit}],
                    }],
                },
                "function": "stripe-webhook",
                name: value,
            })
        };
        assert_eq!(
            lines,
            [
                line("event_received", "Count", 1),
                line("stripe_call_ms", "Milliseconds", 42),
            ]
        );
    }
}
