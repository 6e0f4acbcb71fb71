//! The test bed: a sandbox whose clock stands until a test moves it, and what a test does to it: what a customer does in
//! a browser, what Stripe sends, and what is on record afterwards.
//!
//! Nothing here is a fake. The functions are the deployed ones, with the environment of `template.yaml`; every call of
//! AWS or of Stripe goes through the real SDK and the real transport, over the connector that can fail it.

pub mod agreement;
pub mod api;
mod control;
pub mod customers;
mod digest;
pub mod history;
pub mod process;
pub mod simulate;
pub mod staff;
mod tables;
pub mod triggers;
pub mod watch;
mod webhook;

use std::path::Path;
use std::sync::Arc;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use axum::body::Bytes;
use http::{Request, Response};
use local::browser::Browser;
use local::checkout;
use local::sandbox::{Sandbox, Start};
use serde_json::{Value, json};
use shared::account::Account;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::id::CustomerId;
use shared::lambda::Platform;
use shared::store::Store;
use shared::telemetry::metrics::Metrics;
use shared::time::Timestamp;
use stripe_sim::TestCard;

pub use digest::Digest;

/// Most of what a test does is to make and to drop what is small: JSON, requests, futures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Midnight of 1 January 2026 in UTC: where every test begins.
pub const START_S: i64 = 1_767_225_600;

/// From where customers come to the tests.
const HOME: &str = "203.0.113.7";

/// A day in seconds.
pub const DAY_S: i64 = 24 * 60 * 60;

/// A sandbox in memory, and the doors to look into it.
pub struct World {
    /// The whole system.
    pub sandbox: Arc<Sandbox>,
    /// What is on record, by the real store.
    pub store: Store,
}

/// What a customer has after signing up.
#[derive(Debug, Clone)]
pub struct SignedUp {
    /// Stripe's id of the customer.
    pub customer: CustomerId,
    /// Stripe's id of the checkout.
    pub session: String,
}

impl World {
    /// A fresh one, with nobody in it.
    ///
    /// # Panics
    /// Where the sandbox does not start: the templates are wrong then.
    pub fn new() -> Self {
        let start = Timestamp::from_s(START_S);
        Self::at(Clock::manual(start), start)
    }

    /// A fresh one in which the demo book that ends at `end` may begin.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn before_the_demo(end: Timestamp) -> Self {
        Self::at(Clock::manual(end), local::demo::begins(end))
    }

    /// A fresh one whose clock runs with the machine's, for processes that have no other.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn in_real_time() -> Self {
        Self::at(Clock::System, Clock::System.now())
    }

    fn at(machine: Clock, begins: Timestamp) -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let start = Start {
            project,
            folder: None,
            base_url: "http://127.0.0.1:4242".to_owned(),
            machine,
        };
        let sandbox = Sandbox::start_at(start, begins)
            .unwrap_or_else(|wrong| panic!("the sandbox does not start: {wrong}"));
        Self::of(sandbox)
    }

    /// A sandbox with the doors to look into it.
    pub fn of(sandbox: Sandbox) -> Self {
        Self {
            store: store_of(&sandbox),
            sandbox: Arc::new(sandbox),
        }
    }

    /// The time in the sandbox.
    pub fn now(&self) -> Timestamp {
        self.sandbox.time().tick()
    }

    /// Sends a request through the gateway.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body.into())
            .unwrap_or_else(|error| panic!("{error}"));
        Answer::of(&self.sandbox.gateway().handle(request, HOME).await)
    }

    /// Starts a checkout, as the page for signing up does.
    pub async fn start_checkout(&self, body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.request("POST", "/checkout", &headers, body.to_string())
            .await
    }

    /// Signs `email` up for `plan` and pays with a good card, then lets everything that follows happen.
    pub async fn sign_up(&self, email: &str, plan: &str) -> SignedUp {
        let signed_up = self.open_checkout(email, plan).await;
        self.pay(&signed_up.session, TestCard::Good);
        self.settle().await;
        signed_up
    }

    /// Starts a checkout without paying.
    pub async fn open_checkout(&self, email: &str, plan: &str) -> SignedUp {
        let form = json!({ "email": email, "name": "Ada Lovelace", "plan": plan });
        let answer = self.start_checkout(&form).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        self.followed(&answer.body).await
    }

    /// Whoever is signed in at a browser starts a checkout without paying.
    pub async fn order(&self, browser: &Browser<'_>, email: &str, plan: &str) -> SignedUp {
        let form = json!({ "email": email, "name": "Ada Lovelace", "plan": plan });
        let page = browser.post("/checkout", &form).await;
        assert_eq!(page.status, 200, "{page:?}");
        self.followed(&page.body).await
    }

    /// Whoever is signed in at a browser buys a plan, and everything that follows happens.
    pub async fn buy(&self, browser: &Browser<'_>, email: &str, plan: &str) -> SignedUp {
        let bought = self.order(browser, email, plan).await;
        self.pay(&bought.session, TestCard::Good);
        self.settle().await;
        bought
    }

    /// Where the page leads that was answered.
    async fn followed(&self, answer: &Value) -> SignedUp {
        let url = answer["checkout_url"].as_str().unwrap_or_default();
        let session = checkout::session(self.sandbox.gateway(), HOME, url).await;
        let session = session.unwrap_or_else(|| panic!("{url} leads nowhere"));
        let customer = self.at_stripe(&session)["customer"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        SignedUp {
            customer: CustomerId::parse(customer).unwrap_or_else(|error| panic!("{error}")),
            session,
        }
    }

    /// Pays a checkout on Stripe's page.
    pub fn pay(&self, session: &str, card: TestCard) {
        let paid = self.sandbox.stripe().now().complete_checkout(session, card);
        paid.unwrap_or_else(|error| panic!("the checkout was not paid: {error:?}"));
    }

    /// Lets everything happen that is due now.
    pub async fn settle(&self) {
        let _driving = self.sandbox.driving().await;
        self.sandbox.run_due().await;
    }

    /// Moves the clock on and lets everything on the way happen at its time.
    pub async fn advance_s(&self, seconds: i64) {
        let to = self.now().plus_s(seconds);
        self.sandbox
            .travel_to(to)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// An object as the simulated Stripe has it.
    pub fn at_stripe(&self, id: &str) -> Value {
        self.sandbox
            .stripe()
            .now()
            .object(id)
            .cloned()
            .unwrap_or(Value::Null)
    }

    /// What is on record under a customer.
    pub async fn account(&self, customer: &CustomerId) -> Account {
        self.store
            .account(customer)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// What a function of the test's own stands on.
    pub fn platform(&self) -> Platform {
        platform_of(&self.sandbox)
    }

    /// Subjects of all mails sent, oldest first.
    pub fn subjects(&self) -> Vec<String> {
        let mails = self.sandbox.cloud().mail().mails();
        mails.into_iter().map(|mail| mail.subject).collect()
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// The store as the functions have it, for looking at what they wrote.
fn store_of(sandbox: &Sandbox) -> Store {
    let environment = &sandbox.deployment().functions["sweep"].environment;
    let env = Env::of(environment.clone());
    Store::new(&env, &platform_of(sandbox)).unwrap_or_else(|error| panic!("{error}"))
}

fn platform_of(sandbox: &Sandbox) -> Platform {
    Platform {
        clock: sandbox.time().clock().clone(),
        chance: Chance::seeded(2),
        sleep: SharedAsyncSleep::new(TokioSleep::new()),
        http: sandbox.cloud().connector_of("test"),
        metrics: Metrics::summed(),
    }
}

/// An answer of the HTTP API.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null where it is none.
    pub body: Value,
}

impl Answer {
    fn of(response: &Response<Bytes>) -> Self {
        Self {
            status: response.status().as_u16(),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    /// The code of a refusal.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}
