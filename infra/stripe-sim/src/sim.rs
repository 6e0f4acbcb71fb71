//! The simulator itself: its state, its clock, and the one way in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::billing::dunning::Dunning;
use crate::calendar::{DAY_S, http_date};
use crate::cards::TestCard;
use crate::clocks::{Clocks, Home};
use crate::error::StripeError;
use crate::events::{Cause, Events};
use crate::expand::expand;
use crate::faults::{Fault, Moment};
use crate::idempotency::{Kept, Keys};
use crate::ids::Ids;
use crate::params::Params;
use crate::rate::Rate;
use crate::request::{Request, Response};
use crate::resources::checkout_sessions::SessionPlan;
use crate::router;
use crate::store::Store;
use crate::tasks::Tasks;
use crate::webhooks::{Deliveries, Secrets};

/// How a simulator starts, and the settings of its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Where its clock stands at first, in Unix seconds.
    pub now_s: i64,
    /// The seed of every identifier.
    pub seed: u64,
    /// The account's API version, in which events are written.
    pub api_version: String,
    /// Whether its objects say that their money is real.
    pub livemode: bool,
    /// Seconds from one failed payment to the next try. Empty for no retries.
    pub retry_gaps_s: Vec<i64>,
    /// What becomes of the subscription when the last retry has failed.
    pub after_retries: AfterRetries,
    /// Where the hosted pages stand: the start of a checkout session's `url`.
    pub pages_base: String,
    /// How long a renewal invoice stays a draft.
    pub draft_s: i64,
    /// How long before a renewal `invoice.upcoming` is sent.
    pub announce_s: i64,
    /// Calls taken in one second, after which Stripe answers 429: 100 in live mode, 25 in a sandbox
    /// (docs.stripe.com/rate-limits). None for no limit.
    #[serde(default)]
    pub rate_per_s: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // 1 January 2026.
            now_s: 1_767_225_600,
            seed: 1,
            api_version: API_VERSION.to_owned(),
            livemode: false,
            retry_gaps_s: vec![3 * DAY_S, 5 * DAY_S, 7 * DAY_S],
            after_retries: AfterRetries::Cancel,
            pages_base: "https://checkout.stripe.com".to_owned(),
            draft_s: 3_600,
            announce_s: 7 * DAY_S,
            rate_per_s: None,
        }
    }
}

/// The version of Stripe's API that the simulator speaks.
pub const API_VERSION: &str = "2026-09-30.endive";

/// The account's setting for subscriptions whose payment could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AfterRetries {
    /// The subscription is cancelled.
    Cancel,
    /// The subscription becomes `unpaid`: its invoices stay drafts.
    MarkUnpaid,
    /// The subscription stays `past_due`.
    LeavePastDue,
}

/// A Stripe account and the Stripe around it: no input or output, its own clock, its own identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StripeSim {
    pub(crate) options: Options,
    pub(crate) now_s: i64,
    pub(crate) ids: Ids,
    pub(crate) store: Store,
    pub(crate) tasks: Tasks,
    /// Which test card a payment method is.
    pub(crate) cards: BTreeMap<String, TestCard>,
    /// Payment methods that were taken off a customer and may not be used again.
    pub(crate) detached: BTreeSet<String>,
    /// Payment intents whose customer has authenticated and which their server is to confirm again.
    #[serde(default)]
    pub(crate) authenticated: BTreeSet<String>,
    /// What each checkout session will subscribe its customer to.
    pub(crate) sessions: BTreeMap<String, SessionPlan>,
    /// The retries of invoices that failed.
    pub(crate) dunning: BTreeMap<String, Dunning>,
    /// The secrets of webhook endpoints, which Stripe shows once.
    pub(crate) endpoint_secrets: BTreeMap<String, Secrets>,
    pub(crate) deliveries: Deliveries,
    pub(crate) events: Events,
    pub(crate) keys: Keys,
    pub(crate) faults: Vec<Fault>,
    #[serde(default)]
    pub(crate) rate: Rate,
    /// What falls due for the customers of each test clock.
    #[serde(default)]
    pub(crate) clocks: Clocks,
    /// Where the account's own time stands while a clock's stands in its place: only within a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home: Option<Home>,
    /// A copy made for a preview tells nobody what happens in it.
    pub(crate) silent: bool,
    /// The call being answered, which the events it causes name.
    pub(crate) cause: Option<Cause>,
}

impl StripeSim {
    /// An empty account.
    pub fn new(options: Options) -> Self {
        Self {
            now_s: options.now_s,
            ids: Ids::new(options.seed),
            options,
            store: Store::default(),
            tasks: Tasks::default(),
            cards: BTreeMap::new(),
            detached: BTreeSet::new(),
            authenticated: BTreeSet::new(),
            sessions: BTreeMap::new(),
            dunning: BTreeMap::new(),
            endpoint_secrets: BTreeMap::new(),
            deliveries: Deliveries::default(),
            events: Events::default(),
            keys: Keys::default(),
            faults: Vec::new(),
            rate: Rate::default(),
            clocks: Clocks::default(),
            home: None,
            silent: false,
            cause: None,
        }
    }

    /// Where the clock stands, in Unix seconds.
    pub fn now_s(&self) -> i64 {
        self.now_s
    }

    /// When the next thing happens by itself: a renewal, a finalisation, a retry, a phase, an expiry, a delivery.
    pub fn next_due_s(&self) -> Option<i64> {
        [self.next_task_s(), self.next_delivery_s()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Moves the clock, never back, and runs everything due on the way, each at its own time. Deliveries wait to be
    /// taken: to see them at their own time, move the clock by [`Self::next_due_s`].
    pub fn advance_to(&mut self, now_s: i64) {
        self.run_tasks(now_s);
        self.now_s = self.now_s.max(now_s);
        self.keys.prune(self.now_s);
        self.forget_old_events();
    }

    /// An object as it stands now. Events are found by [`Self::event`].
    pub fn object(&self, id: &str) -> Option<&Value> {
        self.store.get(id).map(|object| &**object)
    }

    /// Every object of a kind (its field `object`, such as `subscription`), oldest first.
    pub fn objects(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Value> {
        self.store.all(kind, None).map(|object| &**object)
    }

    /// The objects of a kind that are a customer's, oldest first.
    pub fn objects_of(
        &self,
        kind: &str,
        customer: &str,
    ) -> impl DoubleEndedIterator<Item = &Value> {
        self.store.all(kind, Some(customer)).map(|object| &**object)
    }

    /// Answers one call on the API.
    pub fn handle(&mut self, request: &Request<'_>) -> Response {
        let request_id = self.ids.short("req");
        self.keys.prune(self.now_s);
        let answered = self.answer(request, &request_id);
        self.cause = None;
        let (status, body, replayed) = match answered {
            Ok(Answer::Fresh(status, body)) => (status, body, None),
            Ok(Answer::Replayed(kept)) => (kept.status, kept.body, Some(kept.request_id)),
            Err(error) => (error.status, error.body(&request_id), None),
        };
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("date", http_date(self.now_s)),
            ("request-id", request_id),
            (
                "stripe-version",
                request
                    .stripe_version
                    .unwrap_or(&self.options.api_version)
                    .to_owned(),
            ),
        ];
        if let Some(key) = request.idempotency_key {
            headers.push(("idempotency-key", key.to_owned()));
        }
        if let Some(original) = replayed {
            headers.push(("idempotent-replayed", "true".to_owned()));
            headers.push(("original-request", original));
        }
        match status {
            429 => {
                headers.push(("stripe-rate-limited-reason", "global-rate".to_owned()));
                headers.push(("stripe-should-retry", "true".to_owned()));
            }
            409 => headers.push(("stripe-should-retry", "true".to_owned())),
            400..=499 => headers.push(("stripe-should-retry", "false".to_owned())),
            _ => {}
        }
        Response {
            status,
            headers: headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            body,
        }
    }

    fn answer(&mut self, request: &Request<'_>, request_id: &str) -> Result<Answer, StripeError> {
        authenticate(request.api_key, self.options.livemode)?;
        speaks(request.stripe_version)?;
        self.rate.take(&self.options, self.now_s)?;
        let params = Params::parse(request.query, request.body)?;
        // Rate limits come before everything that is kept, so that the same key may be used again.
        if let Some(fault) = self.take_fault(request, Moment::BeforeTheKey) {
            return Err(fault.error());
        }
        let key = request
            .idempotency_key
            .filter(|_| request.method == "POST")
            .filter(|key| !key.is_empty());
        let asked = format!(
            "{} {}\n{}",
            request.method,
            request.path,
            params.canonical()
        );
        if let Some(key) = key
            && let Some(kept) = self.keys.replay(key, &asked)?
        {
            return Ok(Answer::Replayed(kept.clone()));
        }
        self.cause = Some(Cause {
            request_id: request_id.to_owned(),
            idempotency_key: key.map(str::to_owned),
        });
        let result = self.carry_out(request, &params);
        if let Some(key) = key
            && !result.as_ref().is_err_and(StripeError::before_execution)
        {
            let (status, body) = match &result {
                Ok(body) => (200, body.clone()),
                Err(error) => (error.status, error.body(request_id)),
            };
            let kept = Kept {
                asked,
                status,
                body,
                request_id: request_id.to_owned(),
                at_s: self.now_s,
            };
            self.keys.keep(key, kept);
        }
        result.map(|body| Answer::Fresh(200, body))
    }

    fn carry_out(&mut self, request: &Request<'_>, params: &Params) -> Result<Value, StripeError> {
        if let Some(fault) = self.take_fault(request, Moment::BeforeTheEffect) {
            return Err(fault.error());
        }
        let mut answer = self.in_time_of_call(request.path, params, |sim| {
            router::route(sim, request.method, request.path, params)
        })?;
        for path in params.texts("expand") {
            expand(self, &mut answer, &path)?;
        }
        match self.take_fault(request, Moment::AfterTheEffect) {
            Some(fault) => Err(fault.error()),
            None => Ok(answer),
        }
    }
}

enum Answer {
    Fresh(u16, Value),
    Replayed(Kept),
}

fn authenticate(api_key: Option<&str>, livemode: bool) -> Result<(), StripeError> {
    let refused = |message: String| Err(StripeError::invalid(message).status(401));
    // A key of the other mode opens another account.
    let starts = if livemode {
        ["sk_live_", "rk_live_"]
    } else {
        ["sk_test_", "rk_test_"]
    };
    match api_key {
        None | Some("") => refused(
            "You did not provide an API key. You need to provide your API key in the Authorization header, \
             using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
             https://stripe.com/docs/api#authentication for details, or we can help at \
             https://support.stripe.com/."
                .to_owned(),
        ),
        Some(key) if starts.iter().any(|start| key.starts_with(start)) => Ok(()),
        Some(key) => refused(format!("Invalid API Key provided: {}", redacted(key))),
    }
}

/// Refuses a version that is none: Stripe's are a date, since 2024 with the name of a release behind it. Every version
/// is answered in the shapes of [`API_VERSION`], which is the only one the simulator has.
pub(crate) fn speaks(version: Option<&str>) -> Result<(), StripeError> {
    let Some(version) = version else {
        return Ok(());
    };
    let (date, release) = version.split_once('.').unwrap_or((version, "any"));
    let is_date = date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok();
    let is_named = !release.is_empty() && release.bytes().all(|letter| letter.is_ascii_lowercase());
    if is_date && is_named && date <= &API_VERSION[..10] {
        Ok(())
    } else {
        Err(StripeError::invalid(format!(
            "Invalid Stripe API version: {version}"
        )))
    }
}

/// As Stripe shows a wrong key: its first and last letters.
fn redacted(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let shown = 4.min(letters.len() / 4);
    let hidden = letters.len() - 2 * shown;
    let text = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}{}{}",
        text(&letters[..shown]),
        "*".repeat(hidden),
        text(&letters[letters.len() - shown..])
    )
}
