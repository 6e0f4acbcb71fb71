//! The functions of the project, each started with the environment its template gives it.

use std::collections::BTreeMap;

use shared::config::Env;
use shared::error::Error;
use shared::lambda::Platform;

use crate::runtime::{Functions, Handler, handler};
use crate::template::DeployedFunction;

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

fn made(name: &str, env: &Env, platform: &Platform) -> Result<Option<Handler>, Error> {
    Ok(Some(match name {
        "daily-billing-sync" => handler(daily_billing_sync::DailyBillingSync::new(env, platform)?),
        "health" => handler(health::Health::new(env, platform)?),
        "replay-event" => handler(replay_event::ReplayEvent::new(env, platform)?),
        "retry-event" => handler(retry_event::RetryEvent::new(env, platform)?),
        "send-mail" => handler(send_mail::SendMail::new(env, platform)?),
        "start-checkout" => handler(start_checkout::StartCheckout::new(env, platform)?),
        "stripe-webhook" => handler(stripe_webhook::StripeWebhook::new(env, platform)?),
        "sweep" => handler(sweep::Sweep::new(env, platform)?),
        "watch-health" => handler(watch_health::WatchHealth::new(env, platform)?),
        _ => return Ok(None),
    }))
}
