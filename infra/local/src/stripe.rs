//! Stripe in the sandbox: the simulator, plugged into the local cloud, on the sandbox's clock.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use shared::clock::Clock;
use shared::event::subscribed_kinds;
use shared::plan::Catalogue;
use stripe_sim::{API_VERSION, Fault, Moment, Request, StripeSim};

use crate::cloud::{Kept500, StripeHandler, StripeRequest, StripeResponse};
use crate::snapshot;

/// The key that the sandbox's functions call Stripe with. It opens nothing anywhere else.
pub const API_KEY: &str = "rk_test_sandbox";

/// The secret before the endpoint's present one. The functions hold both, as while one is being rolled.
pub const PREVIOUS_SIGNING_SECRET: &str = "whsec_sandbox_previous";

/// Where Stripe serves its hosted checkout page. The sandbox serves its own.
const HOSTED_CHECKOUT: &str = "https://checkout.stripe.com/c/pay/";

/// Where Stripe serves the billing portal. The sandbox serves its own.
const HOSTED_PORTAL: &str = "https://billing.stripe.com/p/session/";

/// The one Stripe account of a sandbox. A clone is the same account.
#[derive(Clone)]
pub struct Stripe {
    sim: Arc<Mutex<StripeSim>>,
    clock: Clock,
    file: Option<Arc<PathBuf>>,
    keeping_put_off: Arc<AtomicBool>,
}

impl Stripe {
    /// An account on `clock`, kept in `file` if one is given.
    pub fn new(sim: StripeSim, clock: Clock, file: Option<PathBuf>) -> Self {
        Self {
            sim: Arc::new(Mutex::new(sim)),
            clock,
            file: file.map(Arc::new),
            keeping_put_off: Arc::default(),
        }
    }

    /// Writes the account to its file. Done before anybody is told what has changed: the tables are kept at once, and an
    /// account that fell behind them would give the same ids to other things.
    pub fn keep(&self) {
        let Some(file) = &self.file else {
            return;
        };
        if self.keeping_put_off.load(Ordering::SeqCst) {
            return;
        }
        if let Err(error) = snapshot::save(file, &*self.now()) {
            tracing::error!(file = %file.display(), %error, "Stripe's account could not be kept");
        }
    }

    /// Whether [`Self::keep`] does nothing for now: while what is under way would be begun anew after a crash.
    pub fn put_off_keeping(&self, put_off: bool) {
        self.keeping_put_off.store(put_off, Ordering::SeqCst);
    }

    /// The simulator, with its clock at the sandbox's time. Hold it briefly: every call to Stripe waits meanwhile.
    pub fn now(&self) -> MutexGuard<'_, StripeSim> {
        let mut sim = self.sim.lock().unwrap_or_else(PoisonError::into_inner);
        sim.advance_to(self.clock.now().as_s());
        sim
    }

    /// Answers calls of the functions. Hosted pages are those that the sandbox serves at `base_url`.
    pub fn handler(&self, base_url: &str) -> StripeHandler {
        let stripe = self.clone();
        let checkout = format!("{base_url}/pay/");
        let portal = format!("{base_url}/portal/");
        Arc::new(move |call: StripeRequest| {
            let api_key = call.header("authorization");
            let mut sim = stripe.now();
            if let Some(kept_500) = call.kept_500 {
                sim.fail(failing(&call, kept_500));
            }
            let response = sim.handle(&Request {
                method: &call.method,
                path: &call.path,
                query: &call.query,
                body: &call.body,
                idempotency_key: call.header("idempotency-key"),
                api_key: api_key.and_then(|value| value.strip_prefix("Bearer ")),
                stripe_version: call.header("stripe-version"),
            });
            // A call that is a repetition is answered with what is kept, and must not leave its fault to another.
            if call.kept_500.is_some() {
                sim.mend();
            }
            drop(sim);
            if call.method != "GET" {
                stripe.keep();
            }
            let body = response.body.to_string();
            StripeResponse {
                status: response.status,
                headers: response.headers,
                body: body
                    .replace(HOSTED_CHECKOUT, &checkout)
                    .replace(HOSTED_PORTAL, &portal),
            }
        })
    }

    /// One call as the owner of the account.
    ///
    /// # Errors
    /// Stripe's own words where it refuses.
    pub fn call(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Result<Value, String> {
        let form = serde_urlencoded::to_string(form).map_err(|error| error.to_string())?;
        let (query, body) = if method == "GET" {
            (form.as_str(), "")
        } else {
            ("", form.as_str())
        };
        let response = self.now().handle(&Request {
            method,
            path,
            query,
            body,
            idempotency_key: None,
            api_key: Some(API_KEY),
            stripe_version: Some(API_VERSION),
        });
        if response.status == 200 {
            return Ok(response.body);
        }
        let words = response.body["error"]["message"].as_str();
        Err(words
            .unwrap_or("Stripe refused without saying why")
            .to_owned())
    }

    /// What the webhook endpoint's deliveries are signed with; none before [`Self::set_up`].
    pub fn signing_secret(&self) -> Option<String> {
        let sim = self.now();
        let endpoint = sim.objects("webhook_endpoint").next()?;
        sim.endpoint_secret(endpoint["id"].as_str()?)
            .map(str::to_owned)
    }

    /// Makes an empty account Linky's, as `docs/deploying.md` says: a product and a price for each plan, and the webhook
    /// endpoint, which is sent the types of event that change a record. Returns the endpoint's signing secret.
    ///
    /// # Errors
    /// Stripe's own words where it refuses.
    pub fn set_up(&self, webhook_url: &str) -> Result<String, String> {
        for offer in Catalogue::linky().offers() {
            let product = self.call("POST", "/v1/products", &[("name", offer.plan.name())])?;
            let amount = offer.price.amount.0.to_string();
            let months = offer.billed_every_months.to_string();
            self.call(
                "POST",
                "/v1/prices",
                &[
                    ("product", product["id"].as_str().unwrap_or_default()),
                    ("lookup_key", offer.plan.key()),
                    ("currency", "usd"),
                    ("unit_amount", &amount),
                    ("recurring[interval]", "month"),
                    ("recurring[interval_count]", &months),
                ],
            )?;
        }
        let mut endpoint = vec![("url", webhook_url), ("api_version", API_VERSION)];
        endpoint.extend(subscribed_kinds().map(|kind| ("enabled_events[]", kind)));
        let endpoint = self.call("POST", "/v1/webhook_endpoints", &endpoint)?;
        let secret = endpoint["secret"].as_str();
        secret
            .map(str::to_owned)
            .ok_or_else(|| "the webhook endpoint was made without a signing secret".to_owned())
    }
}

/// The simulator's fault that strikes `call` and no other.
fn failing(call: &StripeRequest, kept_500: Kept500) -> Fault {
    Fault {
        method: call.method.clone(),
        path_start: call.path.clone(),
        status: 500,
        moment: match kept_500 {
            Kept500::Before => Moment::BeforeTheEffect,
            Kept500::After => Moment::AfterTheEffect,
        },
        times: 1,
    }
}
