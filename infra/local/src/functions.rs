//! The functions of the project, each started with the environment its template gives it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use shared::config::Env;
use shared::error::Error;
use shared::lambda::Platform;

use crate::runtime::{Functions, Handler, handler};
use crate::template::DeployedFunction;

/// What each function stands on, by its name.
pub(crate) type PlatformOf = Arc<dyn Fn(&str) -> Platform + Send + Sync>;

/// Starts every deployed function. `platform` gives each what it stands on.
///
/// # Errors
/// One line that names the function and what it lacks.
pub fn start(
    deployed: &BTreeMap<String, DeployedFunction>,
    functions: &mut Functions,
    platform: impl Fn(&str) -> Platform,
) -> Result<(), String> {
    for (name, function) in deployed {
        let env = Env::of(function.environment.clone());
        let handler = made(name, &env, &platform(name))
            .map_err(|error| format!("template.yaml: function {name} cannot start: {error}"))?;
        let handler = handler.ok_or_else(|| {
            format!(
                "template.yaml: function {name} is deployed but not started here; add it to infra/local/src/functions.rs"
            )
        })?;
        functions.add(name, handler, function.timeout_s);
    }
    Ok(())
}

/// Adds every deployed function; each is started by its first event, so that one that is never called costs nothing. `deployed`
/// must be known to start: a function that does not fails that event.
pub(crate) fn start_when_called(
    deployed: &BTreeMap<String, DeployedFunction>,
    functions: &mut Functions,
    platform: &PlatformOf,
) {
    for (name, function) in deployed {
        let (started, platform) = (OnceLock::new(), platform.clone());
        let (called, environment) = (name.clone(), function.environment.clone());
        let start = move || {
            let handler = made(&called, &Env::of(environment.clone()), &platform(&called));
            handler.ok().flatten()
        };
        let handler: Handler =
            Arc::new(move |event, invocation| match started.get_or_init(&start) {
                Some(handler) => handler(event, invocation),
                None => Box::pin(async { Err("the function cannot start".to_owned()) }),
            });
        functions.add(name, handler, function.timeout_s);
    }
}

fn made(name: &str, env: &Env, platform: &Platform) -> Result<Option<Handler>, Error> {
    Ok(Some(match name {
        "daily-billing-sync" => handler(daily_billing_sync::DailyBillingSync::new(env, platform)?),
        "replay-event" => handler(replay_event::ReplayEvent::new(env, platform)?),
        "retry-event" => handler(retry_event::RetryEvent::new(env, platform)?),
        "send-mail" => handler(send_mail::SendMail::new(env, platform)?),
        "start-checkout" => handler(start_checkout::StartCheckout::new(env, platform)?),
        "stripe-webhook" => handler(stripe_webhook::StripeWebhook::new(env, platform)?),
        "sweep" => handler(sweep::Sweep::new(env, platform)?),
        _ => return Ok(None),
    }))
}
