//! How a sandbox starts: what was kept is read, what the templates deploy is made, and Stripe is told of the webhook.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use shared::time::Timestamp;
use stripe_sim::{Options, StripeSim};
use tokio::sync::{Mutex, Notify};

use super::parts::{Parts, cloud, parameters, platform};
use super::{Sandbox, Start};
use crate::deliveries::Deliveries;
use crate::faults::AskedFaults;
use crate::functions;
use crate::gateway::Gateway;
use crate::runtime::{Functions, Retries, Schedules};
use crate::snapshot::{self, Snapshot};
use crate::stripe::{API_KEY, PREVIOUS_SIGNING_SECRET, Stripe};
use crate::template;
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
        let (next_runs, retries) = clock_and_schedules
            .map(|kept| (kept.next_runs, kept.retries))
            .unwrap_or_default();
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
        let mut functions = Functions::new(time.clone(), chance.clone());
        let platform = |name: &str| platform(&time, &cloud, &chance, name);
        functions::start(&deployment.functions, &mut functions, platform)?;
        Ok(Self::of(Parts {
            schedules: Schedules::new(deployment.schedules.clone(), now, &next_runs),
            retries: Retries::of(retries),
            deployment: Arc::new(deployment),
            functions,
            start,
            time,
            cloud,
            stripe,
            signing_secret,
        }))
    }

    /// The sandbox of these parts, connected with each other.
    pub(crate) fn of(parts: Parts) -> Self {
        let (cloud, stripe) = (parts.cloud, parts.stripe);
        cloud.set_stripe(stripe.handler(&parts.start.base_url));
        cloud.put_parameter(
            "/linky/stripe/signing-secrets",
            &format!("{},{PREVIOUS_SIGNING_SECRET}", parts.signing_secret),
        );
        cloud.put_parameter("/linky/stripe/api-key", API_KEY);
        let functions = Arc::new(parts.functions);
        Self {
            gateway: Gateway::new(parts.deployment.routes.clone(), functions.clone()),
            schedules: parts.schedules,
            retries: parts.retries,
            deliveries: Deliveries::default(),
            asked_faults: AskedFaults::default(),
            travel: Travel::default(),
            driving: Mutex::new(()),
            woken: Notify::new(),
            unsaved: AtomicBool::new(true),
            staff: OnceLock::new(),
            start: parts.start,
            time: parts.time,
            deployment: parts.deployment,
            signing_secret: parts.signing_secret,
            cloud,
            stripe,
            functions,
        }
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

pub(super) fn unreadable(folder: &Path, error: &impl std::fmt::Display) -> String {
    format!(
        "{}: {error}; name another folder with --data, or remove this one",
        folder.display()
    )
}
