//! Stripe over a network that plays a script.

mod requests;
mod transport;

use std::num::NonZeroU32;
use std::time::Duration;

use super::*;
use crate::id::{CustomerId, PriceId, ScheduleId, SubscriptionId, UserId};
use crate::script::{Naps, Script, Step, answer};
use crate::secret::Secret;
use crate::stripe_objects::{Customer, Interval};

const START_S: i64 = 1_767_225_600;
const CUSTOMER: &str = r#"{"id":"cus_1","object":"customer","created":1767225600}"#;

struct Bed {
    script: Script,
    naps: Naps,
    clock: Clock,
    stripe: Stripe,
}

impl Bed {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with_key("sk_test_1", steps)
    }

    fn with_key(api_key: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        Self::set_up(api_key, None, steps)
    }

    fn set_up(
        api_key: &str,
        calls_per_s: Option<NonZeroU32>,
        steps: impl IntoIterator<Item = Step>,
    ) -> Self {
        let script = Script::new(steps);
        let clock = Clock::manual(Timestamp::from_s(START_S));
        let naps = Naps::new(clock.clone());
        let stripe = Stripe::new(StripeSettings {
            base_url: "https://stripe.test/".to_owned(),
            api_key: SecretSource::given(Secret::new(api_key)),
            http: script.connector(),
            sleep: naps.shared(),
            clock: clock.clone(),
            chance: Chance::seeded(1),
            calls_per_s,
        });
        Self {
            script,
            naps,
            clock,
            stripe,
        }
    }

    /// Calls that may last `left_s` seconds.
    fn within(&self, left_s: i64) -> Calls<'_> {
        self.stripe.by(Timestamp::from_s(START_S + left_s))
    }

    async fn read(&self) -> StripeResult<Customer> {
        let id = CustomerId::parse("cus_1").unwrap();
        self.within(60).customer(&id).await
    }

    async fn write(&self) -> StripeResult<Customer> {
        let user = UserId::parse(format!("user_{}", "0".repeat(32))).unwrap();
        let new = NewCustomer {
            user: &user,
            email: "ada+1@example.com",
            name: Some("Ada & Co"),
        };
        let calls = self.within(60);
        calls.create_customer(&key("customer:user_0"), new).await
    }

    fn pass_s(&self, time_s: i64) {
        self.clock.advance_to(self.clock.now().plus_s(time_s));
    }

    fn requests(&self) -> usize {
        self.script.seen().len()
    }
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

fn error_body(kind: &str, code: &str) -> String {
    format!(r#"{{"error":{{"type":"{kind}","code":"{code}","message":"for people"}}}}"#)
}
