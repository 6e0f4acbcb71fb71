//! The whole system in one process: the deployed functions on the local cloud, behind the gateway, with Stripe beside it.
//!
//! Whatever falls due by itself is run by [`Sandbox::run_due`]: webhooks, queues, schedules. Either the time that passes
//! calls it ([`Sandbox::run`]) or a journey through time does ([`Sandbox::travel_to`]), never both at once.

mod parts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;
use stripe_sim::{Options, StripeSim};
use tokio::sync::{Mutex, MutexGuard, Notify};

use crate::cloud::Cloud;
use crate::deliveries::Deliveries;
use crate::faults::AskedFaults;
use crate::functions;
use crate::gateway::Gateway;
use crate::runtime::{Functions, Schedules, work_off};
use crate::snapshot::{self, Snapshot};
use crate::stripe::{API_KEY, PREVIOUS_SIGNING_SECRET, Stripe};
use crate::template::{self, ACCOUNT, Deployment, REGION};
use crate::time::SandboxTime;
use crate::travel::Travel;
pub(crate) use parts::{Parts, grants_of, guard, platform, verify_senders};
use parts::{cloud, parameters};

/// How a sandbox starts.
#[derive(Debug, Clone)]
pub struct Start {
    /// The project's folder, with the templates.
    pub project: PathBuf,
    /// Where everything is kept; none for a sandbox that ends with the process.
    pub folder: Option<PathBuf>,
    /// Where people reach it: `http://127.0.0.1:4242`.
    pub base_url: String,
    /// The clock that drives it. One that stands is moved by journeys only, for tests.
    pub machine: Clock,
}

/// A running sandbox.
pub struct Sandbox {
    start: Start,
    time: SandboxTime,
    cloud: Cloud,
    stripe: Stripe,
    functions: Arc<Functions>,
    gateway: Gateway,
    schedules: Schedules,
    deployment: Arc<Deployment>,
    deliveries: Deliveries,
    asked_faults: AskedFaults,
    travel: Travel,
    signing_secret: String,
    driving: Mutex<()>,
    woken: Notify,
    unsaved: AtomicBool,
}

/// How long nobody looks whether something fell due, while nobody is acting.
const IDLE: Duration = Duration::from_millis(200);

/// Rounds at one moment: a webhook queues a message, its function queues another, and so on. More is a circle, which is
/// then left to the next moment.
const ROUNDS_MAX: usize = 1_000;

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
        let mut functions = Functions::new(time.clone(), chance.clone());
        let platform = |name: &str| platform(&time, &cloud, &chance, name);
        functions::start(&deployment.functions, &mut functions, platform)?;
        Ok(Self::of(Parts {
            schedules: Schedules::new(deployment.schedules.clone(), now, &next_runs),
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
            deliveries: Deliveries::default(),
            asked_faults: AskedFaults::default(),
            travel: Travel::default(),
            driving: Mutex::new(()),
            woken: Notify::new(),
            unsaved: AtomicBool::new(true),
            start: parts.start,
            time: parts.time,
            deployment: parts.deployment,
            signing_secret: parts.signing_secret,
            cloud,
            stripe,
            functions,
        }
    }

    /// Runs what falls due as time passes, for as long as it is polled.
    pub async fn run(&self) {
        loop {
            {
                let _driving = self.driving().await;
                self.run_due().await;
                self.save();
            }
            // Woken or not, it is time to look again.
            tokio::select! {
                () = self.woken.notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Says that somebody acted, so that what was done is kept, and what follows runs at once.
    pub fn wake(&self) {
        self.stripe.keep();
        self.unsaved.store(true, Ordering::SeqCst);
        self.woken.notify_one();
    }

    /// Runs everything due now, and what follows from it at the same moment. Returns how many webhooks and messages that
    /// were. Call it only while [`Self::driving`].
    pub async fn run_due(&self) -> usize {
        let mut done = 0;
        for _ in 0..ROUNDS_MAX {
            let now = self.time.tick();
            let mut round = self
                .deliveries
                .carry_due(&self.stripe, &self.gateway, now)
                .await;
            for (name, function) in &self.deployment.functions {
                for trigger in &function.queues {
                    round += work_off(self.cloud.queues(), &self.functions, name, trigger).await;
                }
            }
            let due = self.schedules.take_due(now);
            let worth_running = due.iter().filter(|it| self.is_worth_running(it, now));
            for schedule in worth_running {
                let event = scheduled_event(&schedule.name, now, self.functions.chance());
                // A failed run is in the log of invocations, and the next one makes up for it.
                if self
                    .functions
                    .invoke(&schedule.function, event)
                    .await
                    .is_err()
                {
                    tracing::warn!(schedule = schedule.name, "a scheduled run failed");
                }
            }
            done += round;
            if round == 0 && due.is_empty() {
                break;
            }
        }
        if done > 0 {
            self.unsaved.store(true, Ordering::SeqCst);
        }
        done
    }

    /// When something next falls due by itself, schedules aside.
    pub fn next_due(&self) -> Option<Timestamp> {
        let stripe = self.stripe.now().next_due_s().map(Timestamp::from_s);
        let queues = self.cloud.queues().next_visible_at();
        let held = self.deliveries.next_held_at();
        stripe.into_iter().chain(queues).chain(held).min()
    }

    /// Holds everyone else off from running what is due.
    pub async fn driving(&self) -> MutexGuard<'_, ()> {
        self.driving.lock().await
    }

    /// Writes the snapshot if something happened since the last one. Tables, queues and mails are kept as they change.
    pub fn save(&self) {
        let Some(folder) = &self.start.folder else {
            return;
        };
        if !self.unsaved.swap(false, Ordering::SeqCst) {
            return;
        }
        let snapshot = Snapshot {
            now: self.time.tick(),
            next_runs: self.schedules.next_runs(),
        };
        self.stripe.keep();
        if let Err(error) = snapshot::save(&snapshot::file_in(folder), &snapshot) {
            tracing::error!(folder = %folder.display(), %error, "the sandbox could not be kept");
            self.unsaved.store(true, Ordering::SeqCst);
        }
    }

    /// How it was started.
    pub(crate) fn as_started(&self) -> &Start {
        &self.start
    }

    /// Where people reach it.
    pub fn base_url(&self) -> &str {
        &self.start.base_url
    }

    /// Its time.
    pub fn time(&self) -> &SandboxTime {
        &self.time
    }

    /// Its AWS.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Its Stripe.
    pub fn stripe(&self) -> &Stripe {
        &self.stripe
    }

    /// Its functions.
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Its HTTP API.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// What is deployed in it.
    pub fn deployment(&self) -> &Arc<Deployment> {
        &self.deployment
    }

    /// What the names of its tables begin with.
    pub fn table_prefix(&self) -> &str {
        let mut functions = self.deployment.functions.values();
        let prefix = functions.find_map(|function| function.environment.get("TABLE_PREFIX"));
        prefix.map_or("", String::as_str)
    }

    /// Its schedules.
    pub fn schedules(&self) -> &Schedules {
        &self.schedules
    }

    /// The webhooks delivered.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// The faults that were asked for.
    pub(crate) fn asked_faults(&self) -> &AskedFaults {
        &self.asked_faults
    }

    /// The journey through time.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// What Stripe signs with.
    pub fn signing_secret(&self) -> &str {
        &self.signing_secret
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

fn unreadable(folder: &Path, error: &impl std::fmt::Display) -> String {
    format!(
        "{}: {error}; name another folder with --data, or remove this one",
        folder.display()
    )
}

/// What EventBridge Scheduler sends where the schedule names no input of its own.
fn scheduled_event(name: &str, now: Timestamp, chance: &Chance) -> Value {
    json!({
        "version": "0",
        "id": chance.hex128(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": format!("{}Z", &now.to_string()[..19]),
        "region": REGION,
        "resources": [format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{name}")],
        "detail": "{}",
    })
}
