//! What every measurement stands on: the local cloud with the tables and queues of the templates, and a Stripe beside it.

use std::collections::BTreeMap;
use std::path::Path;

use local::cloud::Cloud;
use local::stripe::{API_KEY, Stripe};
use local::template::{self, Deployment, Parameters};
use shared::clock::Clock;
use stripe_sim::{Options, StripeSim};

/// The function that is measured.
pub(crate) const FUNCTION: &str = "stripe-webhook";

/// The parameter that `template.yaml` has the function read its signing secrets from.
const SIGNING_SECRETS: &str = "/linky/stripe/signing-secrets";

/// The parameter that `template.yaml` has the functions read the key to Stripe from.
const STRIPE_KEY: &str = "/linky/stripe/api-key";

/// A cloud with nothing in it yet.
pub(crate) struct Bed {
    pub(crate) cloud: Cloud,
    pub(crate) clock: Clock,
    deployment: Deployment,
}

impl Bed {
    /// A bed of what the templates in `project` deploy. `signing_secret` is what the function is to find in SSM.
    pub(crate) fn new(project: &Path, clock: Clock, signing_secret: &str) -> Result<Self, String> {
        let deployment =
            template::read(project, &Parameters::new()).map_err(|error| error.to_string())?;
        let cloud = Cloud::in_memory(clock.clone()).map_err(|error| error.to_string())?;
        for table in &deployment.tables {
            cloud
                .create_table(table)
                .map_err(|error| error.to_string())?;
        }
        for queue in &deployment.queues {
            cloud
                .create_queue(queue)
                .map_err(|error| error.to_string())?;
        }
        cloud.put_parameter(SIGNING_SECRETS, signing_secret);
        cloud.put_parameter(STRIPE_KEY, API_KEY);
        Ok(Self {
            cloud,
            clock,
            deployment,
        })
    }

    /// A function's environment as the template sets it.
    pub(crate) fn environment(&self, function: &str) -> Result<BTreeMap<String, String>, String> {
        let deployed = self.deployment.functions.get(function);
        let deployed = deployed.ok_or_else(|| format!("template.yaml deploys no {function}"))?;
        Ok(deployed.environment.clone())
    }

    /// A function's environment in a process that finds AWS and Stripe at `url`, and asks Stripe as often as it likes.
    pub(crate) fn environment_at(
        &self,
        url: &str,
        function: &str,
    ) -> Result<BTreeMap<String, String>, String> {
        let mut environment = self.environment(function)?;
        for (name, value) in [
            ("AWS_ENDPOINT_URL", url),
            ("STRIPE_API_BASE", url),
            ("STRIPE_CALLS_PER_S", "0"),
        ] {
            environment.insert(name.to_owned(), value.to_owned());
        }
        Ok(environment)
    }
}

/// A Stripe account with the four plans and our webhook endpoint, and what it signs with.
pub(crate) fn stripe(clock: &Clock) -> Result<(Stripe, String), String> {
    let sim = StripeSim::new(Options {
        now_s: clock.now().as_s(),
        ..Options::default()
    });
    let stripe = Stripe::new(sim, clock.clone(), None);
    let secret = stripe.set_up("https://api.example.com/stripe/webhook")?;
    Ok((stripe, secret))
}
