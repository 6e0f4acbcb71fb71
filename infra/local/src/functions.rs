//! The functions of the project, each started with the environment its template gives it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

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

/// Adds every deployed function; each is started by its first event, so that one that is never called costs nothing, and
/// anew after it was killed, as a process is. `deployed` must be known to start: a function that does not fails that event.
pub(crate) fn start_when_called(
    deployed: &BTreeMap<String, DeployedFunction>,
    functions: &mut Functions,
    platform: &PlatformOf,
) {
    for (name, function) in deployed {
        let (process, platform) = (Process::default(), platform.clone());
        let (called, environment) = (name.clone(), function.environment.clone());
        let start = move || {
            let handler = made(&called, &Env::of(environment.clone()), &platform(&called));
            handler.ok().flatten()
        };
        let handler: Handler = Arc::new(move |event, invocation| {
            let running = process.running(&start);
            let unfinished = Unfinished(Some(process.clone()));
            Box::pin(async move {
                let handler =
                    running.ok_or_else(|| Error::internal("the function cannot start"))?;
                let outcome = handler(event, invocation).await;
                unfinished.ends();
                outcome
            })
        });
        functions.add(name, handler, function.timeout_s);
    }
}

/// A function that may have been started. A clone is the same.
#[derive(Clone, Default)]
struct Process(Arc<Mutex<Option<Handler>>>);

impl Process {
    fn running(&self, start: impl FnOnce() -> Option<Handler>) -> Option<Handler> {
        let mut handler = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if handler.is_none() {
            *handler = start();
        }
        handler.clone()
    }
}

/// An invocation under way. Where it is dropped before its end, its process was killed, and nothing is left of it.
struct Unfinished(Option<Process>);

impl Unfinished {
    fn ends(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(Process(handler)) = &self.0 {
            *handler.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

fn made(name: &str, env: &Env, platform: &Platform) -> Result<Option<Handler>, Error> {
    Ok(Some(match name {
        "acknowledge-alert" => handler(acknowledge_alert::AcknowledgeAlert::new(env, platform)?),
        "admin-approve" => handler(admin_approve::AdminApprove::new(env, platform)?),
        "admin-change-plan" => handler(admin_change_plan::AdminChangePlan::new(env, platform)?),
        "admin-note" => handler(admin_note::AdminNote::new(env, platform)?),
        "admin-read" => handler(admin_read::AdminRead::new(env, platform)?),
        "admin-refund" => handler(admin_refund::AdminRefund::new(env, platform)?),
        "admin-staff" => handler(admin_staff::AdminStaff::new(env, platform)?),
        "admin-subscription" => handler(admin_subscription::AdminSubscription::new(env, platform)?),
        "daily-billing-sync" => handler(daily_billing_sync::DailyBillingSync::new(env, platform)?),
        "daily-report" => handler(daily_report::DailyReport::new(env, platform)?),
        "describe-api" => handler(describe_api::DescribeApi::new(env, platform)?),
        "health" => handler(health::Health::new(env, platform)?),
        "mail-feedback" => handler(mail_feedback::MailFeedback::new(env, platform)?),
        "replay-event" => handler(replay_event::ReplayEvent::new(env, platform)?),
        "resync-customer" => handler(resync_customer::ResyncCustomer::new(env, platform)?),
        "retry-event" => handler(retry_event::RetryEvent::new(env, platform)?),
        "send-mail" => handler(send_mail::SendMail::new(env, platform)?),
        "send-password-reset" => {
            handler(send_password_reset::SendPasswordReset::new(env, platform)?)
        }
        "sign-in" => handler(sign_in::SignIn::new(env, platform)?),
        "start-checkout" => handler(start_checkout::StartCheckout::new(env, platform)?),
        "stripe-webhook" => handler(stripe_webhook::StripeWebhook::new(env, platform)?),
        "sweep" => handler(sweep::Sweep::new(env, platform)?),
        "verify-audit" => handler(verify_audit::VerifyAudit::new(env, platform)?),
        "watch-health" => handler(watch_health::WatchHealth::new(env, platform)?),
        _ => return Ok(None),
    }))
}
