//! A sandbox at one moment, from which any number can begin: for tests that run by the thousand from one place.

use std::sync::Arc;

use shared::chance::Chance;
use shared::lambda::Platform;
use shared::time::Timestamp;
use stripe_sim::StripeSim;

use crate::cloud::{Cloud, Image};
use crate::functions::{PlatformOf, start_when_called};
use crate::grants::Grants;
use crate::runtime::{Functions, Retries, Schedules};
use crate::sandbox::{Parts, Sandbox, Start, grants_of, guard, make_senders, platform};
use crate::stripe::Stripe;
use crate::template::Deployment;
use crate::time::SandboxTime;

/// The moment: what is deployed, the tables, Stripe's account and the clock. Queues and the mailbox begin empty, and the
/// functions cold.
#[derive(Clone)]
pub struct Stage {
    start: Start,
    now: Timestamp,
    deployment: Arc<Deployment>,
    grants: Arc<Grants>,
    tables: Image,
    stripe: StripeSim,
    signing_secret: String,
}

/// Gives a function something else to stand on than it would have in the sandbox.
pub type Replace = Arc<dyn Fn(&str, Platform) -> Platform + Send + Sync>;

impl Stage {
    /// The moment at which `sandbox` is.
    ///
    /// # Errors
    /// Where its tables cannot be copied.
    pub fn of(sandbox: &Sandbox) -> Result<Self, String> {
        let tables = sandbox.cloud().image().map_err(|error| error.to_string())?;
        let stripe = sandbox.stripe().now().clone();
        Ok(Self {
            start: sandbox.as_started().clone(),
            now: sandbox.time().clock().now(),
            grants: Arc::new(grants_of(sandbox.deployment())),
            deployment: sandbox.deployment().clone(),
            signing_secret: sandbox.signing_secret().to_owned(),
            tables,
            stripe,
        })
    }

    /// What is deployed, to be changed for every sandbox that begins from now on.
    pub fn deployment_mut(&mut self) -> &mut Deployment {
        Arc::make_mut(&mut self.deployment)
    }

    /// A sandbox in memory that begins at this moment, draws what is random from `seed`, and gives its functions what `replace`
    /// makes of what they would stand on.
    ///
    /// # Errors
    /// Where the tables cannot be read back.
    pub fn begin(&self, seed: u64, replace: &Replace) -> Result<Sandbox, String> {
        let time = SandboxTime::starting_at(self.now, self.start.machine.clone());
        let chance = Chance::seeded(seed);
        let clock = time.clock().clone();
        let cloud = Cloud::of_image(clock.clone(), &self.tables, seed);
        let cloud = cloud.map_err(|error| error.to_string())?;
        for queue in &self.deployment.queues {
            let made = cloud.create_queue(queue);
            made.map_err(|error| error.to_string())?;
        }
        guard(&cloud, &self.grants);
        make_senders(&cloud, &self.deployment);
        let mut functions = Functions::new(time.clone(), chance.clone());
        let platform_of: PlatformOf = {
            let (time, cloud, replace) = (time.clone(), cloud.clone(), replace.clone());
            Arc::new(move |name| replace(name, platform(&time, &cloud, &chance, name)))
        };
        start_when_called(&self.deployment.functions, &mut functions, &platform_of);
        Ok(Sandbox::of(Parts {
            stripe: Stripe::new(self.stripe.clone(), clock, None),
            schedules: Schedules::new(
                self.deployment.schedules.clone(),
                self.now,
                &std::collections::BTreeMap::new(),
            ),
            retries: Retries::of(Vec::new()),
            start: self.start.clone(),
            deployment: self.deployment.clone(),
            signing_secret: self.signing_secret.clone(),
            time,
            cloud,
            functions,
        }))
    }
}
