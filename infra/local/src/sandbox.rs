//! The whole system in one process: the deployed functions on the local cloud, behind the gateway, with Stripe beside it.
//!
//! Whatever falls due by itself is run by [`Sandbox::run_due`]: webhooks, queues, schedules. Either the time that passes
//! calls it ([`Sandbox::run`]) or a journey through time does ([`Sandbox::travel_to`]), never both at once.

mod due;
mod parts;
mod start;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use shared::clock::Clock;
use tokio::sync::{Mutex, Notify};

use crate::cloud::Cloud;
use crate::deliveries::Deliveries;
use crate::faults::AskedFaults;
use crate::gateway::Gateway;
use crate::runtime::{Functions, Retries, Schedules};
use crate::snapshot::{self, Snapshot};
use crate::staff::SignInCard;
use crate::stripe::Stripe;
use crate::template::Deployment;
use crate::time::SandboxTime;
use crate::travel::Travel;
pub(crate) use parts::{Parts, grants_of, guard, make_senders, platform};

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
    retries: Retries,
    deployment: Arc<Deployment>,
    deliveries: Deliveries,
    asked_faults: AskedFaults,
    travel: Travel,
    signing_secret: String,
    driving: Mutex<()>,
    woken: Notify,
    unsaved: AtomicBool,
    staff: OnceLock<Vec<SignInCard>>,
}

impl Sandbox {
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
            retries: self.retries.waiting(),
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

    /// Where it is kept; none where it is forgotten with the process.
    pub fn folder(&self) -> Option<&Path> {
        self.start.folder.as_deref()
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

    /// With what its administrators sign in; nothing before they were made.
    pub fn staff(&self) -> &[SignInCard] {
        self.staff.get().map_or(&[], Vec::as_slice)
    }

    /// Keeps with what its administrators sign in.
    pub(crate) fn keep_staff(&self, cards: &[SignInCard]) {
        // They are made once; who comes second has the same.
        self.staff.get_or_init(|| cards.to_vec());
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

    /// What is invoked once more because it failed.
    pub fn retries(&self) -> &Retries {
        &self.retries
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
