//! How a sandbox starts: what was kept is read, what the templates deploy is made, and Stripe is told of the webhook.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use serde_json::json;
use shared::chance::Chance;
use shared::lambda::Platform;
use shared::telemetry::metrics::Metrics;
use shared::time::Timestamp;
use stripe_sim::{Options, StripeSim};
use tokio::sync::{Mutex, Notify};

use super::{Sandbox, Start};
use crate::cloud::Cloud;
use crate::deliveries::Deliveries;
use crate::faults::AskedFaults;
use crate::functions;
use crate::gateway::Gateway;
use crate::grants::Grants;
use crate::runtime::{Functions, Schedules};
use crate::snapshot::{self, Snapshot};
use crate::stripe::{API_KEY, PREVIOUS_SIGNING_SECRET, Stripe};
use crate::template::{self, Deployment, Parameters};
use crate::time::SandboxTime;
use crate::travel::Travel;

impl Sandbox {
    /// Starts everything the templates deploy.
    ///
    /// # Errors
    /// One line that says what is wrong and how to mend it.
    pub fn start(start: Start) -> Result<Self, String> {
        let now = start.machine.now();
        Self::start_at(start, now)
    }

    /// [`Self::start`], with the clock at `begins` where nothing was kept.
    ///
    /// # Errors
    /// As there.
    pub fn start_at(start: Start, begins: Timestamp) -> Result<Self, String> {
        let Kept {
            clock_and_schedules,
            stripe: kept_stripe,
        } = kept(start.folder.as_deref())?;
        let now = match (&clock_and_schedules, &kept_stripe) {
            (None, None) => begins,
            // Whichever was kept last knows how late it was.
            (clock, stripe) => {
                let by_clock = clock.as_ref().map(|kept| kept.now);
                by_clock
                    .max(stripe.as_ref().map(|sim| Timestamp::from_s(sim.now_s())))
                    .unwrap_or_else(|| start.machine.now())
            }
        };
        let time = SandboxTime::starting_at(now, start.machine.clone());
        let deployment = template::read(&start.project, &parameters(&start.base_url))
            .map_err(|error| error.to_string())?;
        let (cloud, chance) = cloud(&start, &time, &deployment)?;
        let next_runs = clock_and_schedules.map_or_else(BTreeMap::new, |kept| kept.next_runs);
        let sim = kept_stripe.unwrap_or_else(|| {
            StripeSim::new(Options {
                now_s: now.as_s(),
                ..Options::default()
            })
        });
        let file = start.folder.as_deref().map(snapshot::stripe_file_in);
        let stripe = Stripe::new(sim, time.clock().clone(), file);
        // What was on its way when the process ended is sent again.
        stripe.now().give_up_in_flight();
        let signing_secret = match stripe.signing_secret() {
            Some(secret) => secret,
            None => stripe.set_up(&format!("{}/stripe/webhook", start.base_url))?,
        };
        stripe.keep();
        cloud.set_stripe(stripe.handler(&start.base_url));
        cloud.put_parameter(
            "/linky/stripe/signing-secrets",
            &format!("{signing_secret},{PREVIOUS_SIGNING_SECRET}"),
        );
        cloud.put_parameter("/linky/stripe/api-key", API_KEY);
        let mut functions = Functions::new(time.clone(), chance.clone());
        functions::start(&deployment.functions, &mut functions, |name| Platform {
            clock: time.functions_clock(),
            chance: chance.clone(),
            sleep: SharedAsyncSleep::new(TokioSleep::new()),
            http: cloud.connector_of(name),
            metrics: Metrics::summed(),
        })?;
        let functions = Arc::new(functions);
        Ok(Self {
            gateway: Gateway::new(deployment.routes.clone(), functions.clone()),
            schedules: Schedules::new(deployment.schedules.clone(), now, &next_runs),
            deliveries: Deliveries::default(),
            asked_faults: AskedFaults::default(),
            travel: Travel::default(),
            driving: Mutex::new(()),
            woken: Notify::new(),
            unsaved: AtomicBool::new(true),
            start,
            time,
            cloud,
            stripe,
            functions,
            deployment,
            signing_secret,
        })
    }
}

/// What an earlier run left in its folder.
struct Kept {
    clock_and_schedules: Option<Snapshot>,
    stripe: Option<StripeSim>,
}

fn kept(folder: Option<&Path>) -> Result<Kept, String> {
    let Some(folder) = folder else {
        return Ok(Kept {
            clock_and_schedules: None,
            stripe: None,
        });
    };
    let unreadable = |error| unreadable(folder, &error);
    let stripe = snapshot::load(&snapshot::stripe_file_in(folder)).map_err(unreadable)?;
    if stripe.is_none() && folder.join("tables.sqlite").exists() {
        return Err(format!(
            "{}: the tables are there and Stripe's account (stripe.json) is not; remove the folder to start afresh",
            folder.display()
        ));
    }
    Ok(Kept {
        clock_and_schedules: snapshot::load(&snapshot::file_in(folder)).map_err(unreadable)?,
        stripe,
    })
}

/// What the sandbox gives the templates instead of their defaults.
fn parameters(base_url: &str) -> Parameters {
    Parameters::from([
        ("PortalUrl".to_owned(), json!(base_url)),
        // Its Stripe has no limit of its own, and a journey of months through a standing clock would wait for each token.
        ("StripeCallsPerSecond".to_owned(), json!(0)),
    ])
}

fn cloud(
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
    let by_function = deployment.functions.iter();
    let by_function = by_function.map(|(name, function)| (name.clone(), function.grants.clone()));
    let grants = Grants::new(by_function.collect());
    cloud.set_guard(Arc::new(move |call| grants.denied(call)));
    for function in deployment.functions.values() {
        if let Some(from) = function.environment.get("MAIL_FROM") {
            cloud.mail().verify(address(from));
        }
        if let Some(arn) = function.environment.get("ALERT_TOPIC_ARN") {
            cloud.topics().create(arn);
        }
    }
    Ok((cloud, chance))
}

/// `billing@uselinky.app` of `Linky <billing@uselinky.app>`.
fn address(from: &str) -> &str {
    let inner = from.split_once('<').map_or(from, |(_, rest)| rest);
    inner.trim_end_matches('>')
}

fn unreadable(folder: &Path, error: &impl std::fmt::Display) -> String {
    format!(
        "{}: {error}; name another folder with --data, or remove this one",
        folder.display()
    )
}
