//! Frame: what a function tells its operators: lines of log, and numbers.

pub mod metrics;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, for CloudWatch: its fields can be searched for.
    Json,
    /// For eyes, in the sandbox.
    Readable,
}

/// Why logging did not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TelemetryError {
    /// `LOG_LEVEL` is no level and no list of `module=level`.
    #[error(
        "LOG_LEVEL is none of error, warn, info, debug, trace, nor a list such as info,shared=debug"
    )]
    Level,
    /// Another part of this process has started it before.
    #[error("logging has been started before")]
    Started,
}

/// Starts logging for this process, to standard output: what is at `level` or above, the SDK's own lines only from
/// `warn` on, because they hold addresses and bodies below that.
pub fn start(format: Format, level: &str) -> Result<(), TelemetryError> {
    let lines = match format {
        // The invocation is the only span there is, so a list of all spans would say it twice.
        Format::Json => layer()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
        Format::Readable => layer().compact().with_target(false).boxed(),
    };
    let subscriber = registry().with(filter(level)?).with(lines);
    let started = tracing::subscriber::set_global_default(subscriber);
    started.map_err(|_| TelemetryError::Started)
}

/// Modules whose lines below `warn` may repeat what a person sent.
const HUSHED: &str =
    "aws_smithy_runtime=warn,aws_smithy_runtime_api=warn,hyper=warn,h2=warn,rustls=warn";

/// `Targets` and not the richer `EnvFilter`, which brings an engine for regular expressions into every binary.
fn filter(level: &str) -> Result<Targets, TelemetryError> {
    let level = level.trim();
    if level.is_empty() {
        return Err(TelemetryError::Level);
    }
    // What is given comes last, so that whoever names a hushed module hears it.
    format!("error,{HUSHED},{level}")
        .parse()
        .map_err(|_| TelemetryError::Level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_a_word_or_a_list_and_anything_else_is_named() {
        for level in ["error", "info", "DEBUG", "info,shared=debug", " warn "] {
            assert!(filter(level).is_ok(), "{level}");
        }
        for level in ["", " ", "info,shared=loud", "a b=c"] {
            assert_eq!(filter(level).unwrap_err(), TelemetryError::Level, "{level}");
        }
    }

    #[test]
    fn the_sdk_is_hushed_unless_it_is_named() {
        let filter = |level| filter(level).unwrap().to_string();
        assert!(filter("debug").contains("aws_smithy_runtime=warn"));
        assert!(filter("hyper=trace").contains("hyper=trace"));
        assert!(!filter("hyper=trace").contains("hyper=warn"));
    }

    #[test]
    fn logging_starts_once() {
        assert_eq!(start(Format::Json, "error"), Ok(()));
        assert_eq!(
            start(Format::Readable, "error"),
            Err(TelemetryError::Started)
        );
    }
}
