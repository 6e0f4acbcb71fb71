//! What a sandbox is put together from, each part as the templates deploy it.

use std::sync::Arc;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use serde_json::json;
use shared::chance::Chance;
use shared::lambda::Platform;
use shared::telemetry::metrics::Metrics;

use super::Start;
use super::start::unreadable;
use crate::cloud::Cloud;
use crate::grants::Grants;
use crate::runtime::{Functions, Retries, Schedules};
use crate::stripe::Stripe;
use crate::template::{Deployment, Parameters};
use crate::time::SandboxTime;

/// What a sandbox is put together from.
pub(crate) struct Parts {
    pub(crate) start: Start,
    pub(crate) time: SandboxTime,
    pub(crate) cloud: Cloud,
    pub(crate) stripe: Stripe,
    pub(crate) functions: Functions,
    pub(crate) schedules: Schedules,
    pub(crate) retries: Retries,
    pub(crate) deployment: Arc<Deployment>,
    pub(crate) signing_secret: String,
}

/// What the function `name` stands on in the sandbox.
pub(crate) fn platform(time: &SandboxTime, cloud: &Cloud, chance: &Chance, name: &str) -> Platform {
    Platform {
        clock: time.functions_clock(),
        chance: chance.clone(),
        sleep: SharedAsyncSleep::new(TokioSleep::new()),
        http: cloud.connector_of(name),
        metrics: Metrics::summed(),
    }
}

/// What the sandbox gives the templates instead of their defaults.
pub(super) fn parameters(base_url: &str) -> Parameters {
    Parameters::from([
        ("AccountUrl".to_owned(), json!(base_url)),
        ("PortalUrl".to_owned(), json!(base_url)),
        // Its Stripe has no limit of its own, and a journey of months through a standing clock would wait for each token.
        ("StripeCallsPerSecond".to_owned(), json!(0)),
    ])
}

pub(super) fn cloud(
    start: &Start,
    time: &SandboxTime,
    deployment: &Deployment,
) -> Result<(Cloud, Chance), String> {
    let clock = time.clock().clone();
    let (cloud, chance) = match &start.folder {
        Some(folder) => (
            Cloud::in_folder(clock, folder).map_err(|error| unreadable(folder, &error))?,
            Chance::system(),
        ),
        None => (
            Cloud::in_memory(clock).map_err(|error| error.to_string())?,
            Chance::seeded(1),
        ),
    };
    for table in &deployment.tables {
        cloud
            .create_table(table)
            .map_err(|error| format!("infra/data.yaml: {error}"))?;
    }
    for queue in &deployment.queues {
        cloud
            .create_queue(queue)
            .map_err(|error| format!("template.yaml: {error}"))?;
    }
    guard(&cloud, &Arc::new(grants_of(deployment)));
    make_senders(&cloud, deployment);
    Ok((cloud, chance))
}

/// What the roles of all functions allow.
pub(crate) fn grants_of(deployment: &Deployment) -> Grants {
    let by_function = deployment.functions.iter();
    let by_function = by_function.map(|(name, function)| (name.clone(), function.grants.clone()));
    Grants::new(by_function.collect())
}

/// Has the cloud refuse what the roles do not allow.
pub(crate) fn guard(cloud: &Cloud, grants: &Arc<Grants>) {
    let grants = grants.clone();
    cloud.set_guard(Arc::new(move |call| grants.denied(call)));
}

/// Has SES accept the senders that are deployed, and SNS have the topics.
pub(crate) fn make_senders(cloud: &Cloud, deployment: &Deployment) {
    for function in deployment.functions.values() {
        if let Some(from) = function.environment.get("MAIL_FROM") {
            cloud.mail().verify(address(from));
        }
        if let Some(arn) = function.environment.get("ALERT_TOPIC_ARN") {
            cloud.topics().create(arn);
        }
    }
}

/// `billing@uselinky.app` of `Linky <billing@uselinky.app>`.
fn address(from: &str) -> &str {
    let inner = from.split_once('<').map_or(from, |(_, rest)| rest);
    inner.trim_end_matches('>')
}
