//! Frame: what a function tells its operators: lines of log, and numbers ([`count`], [`record`]).
//!
//! Both are events of `tracing`, so that neither has to be handed from function to function. On Lambda a log line is a
//! JSON object and a number a line in CloudWatch's embedded metric format. Elsewhere log lines are for eyes, and numbers
//! are left out unless `LOG_LEVEL` names them (`info,metric=info`).

mod metrics;

use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

pub use self::metrics::{DIMENSION, Metric, NAMESPACE, count, record};
use self::metrics::{Emf, TARGET};
use crate::clock::Clock;
use crate::config::Env;
use crate::error::Error;

/// Starts telemetry for this process, which is the function `name`. Lines are written from `LOG_LEVEL` on, `info` where
/// it is not set. Where telemetry was started before nothing changes: the sandbox does so before its functions start.
///
/// # Errors
/// `Internal` where `LOG_LEVEL` is neither a level nor a list such as `info,shared=debug`.
pub fn start(name: &'static str, env: &Env) -> Result<(), Error> {
    let level = env
        .optional("LOG_LEVEL")
        .unwrap_or_else(|| "info".to_owned());
    let started = if env.optional("AWS_LAMBDA_FUNCTION_NAME").is_some() {
        let filter = filter(&format!("{level},{TARGET}=off"))?;
        let lines = fmt::layer().json().flatten_event(true).with_filter(filter);
        let numbers = Emf::new(name, Clock::System, std::io::stdout)
            .with_filter(filter_fn(|event| event.target() == TARGET));
        let subscriber = tracing_subscriber::registry().with(lines).with(numbers);
        tracing::subscriber::set_global_default(subscriber)
    } else {
        let lines = fmt::layer().compact().with_target(false);
        let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter(&level)?));
        tracing::subscriber::set_global_default(subscriber)
    };
    if started.is_err() {
        tracing::debug!(function = name, "telemetry was started before");
    }
    Ok(())
}

/// Hushed below `warn`, unless `LOG_LEVEL` names them: lines of theirs may repeat what a person sent.
const HUSHED: &str =
    "aws_smithy_runtime=warn,aws_smithy_runtime_api=warn,hyper=warn,h2=warn,rustls=warn";

fn filter(level: &str) -> Result<EnvFilter, Error> {
    // What is given comes last, because the last directive about a module counts.
    EnvFilter::try_new(format!("{HUSHED},{TARGET}=off,{}", level.trim())).map_err(|_| {
        Error::internal(
            "environment variable LOG_LEVEL is no level, nor a list such as info,shared=debug",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_level_is_a_word_or_a_list_and_anything_else_is_named() {
        for level in ["error", "info", "DEBUG", "info,shared=debug", " warn "] {
            assert!(filter(level).is_ok(), "{level}");
        }
        for level in ["info,shared=loud", "a b=c"] {
            assert!(
                filter(level).unwrap_err().inner.contains("LOG_LEVEL"),
                "{level}"
            );
        }
    }

    #[test]
    fn the_sdk_is_hushed_unless_it_is_named() {
        let filter = |level| filter(level).unwrap().to_string();
        assert!(filter("debug").contains("aws_smithy_runtime=warn"));
        assert!(filter("debug").contains("metric=off"));
        assert!(filter("hyper=trace,metric=info").contains("hyper=trace"));
        assert!(!filter("hyper=trace").contains("hyper=warn"));
    }

    #[test]
    fn a_second_start_changes_nothing_and_a_wrong_level_stops_the_first() {
        let env =
            |level: &str| Env::of(BTreeMap::from([("LOG_LEVEL".to_owned(), level.to_owned())]));
        assert!(start("sweep", &env("loud=very")).is_err());
        assert_eq!(start("sweep", &env("error")), Ok(()));
        assert_eq!(start("send-mail", &env("error")), Ok(()));
    }
}
