//! Sessions that expired and can be taken up again (docs.stripe.com/payments/checkout/abandoned-carts).

use serde_json::{Value, json};

use super::{retrieve, url_of};
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// How long an expired session can be taken up again.
const RECOVERABLE_S: i64 = 30 * DAY_S;

/// The field `after_expiration` of a new session.
pub(super) fn asked(params: &Params) -> Result<Value, StripeError> {
    let recovery = params.below("after_expiration[recovery]");
    let Some(enabled) = recovery.flag("enabled")? else {
        return Ok(Value::Null);
    };
    Ok(json!({"recovery": {
        "allow_promotion_codes": recovery.flag("allow_promotion_codes")?.unwrap_or_default(),
        "enabled": enabled,
        "expires_at": null,
        "url": null,
    }}))
}

/// Gives a session that expires the link by which it is taken up again, if it was made with one.
pub(super) fn offer(session: &mut Value, now_s: i64) {
    if session.flag("after_expiration/recovery/enabled") {
        let url = format!("https://buy.stripe.com/r/{}", session.text("id"));
        session.put("after_expiration/recovery/url", url);
        session.put(
            "after_expiration/recovery/expires_at",
            now_s + RECOVERABLE_S,
        );
    }
}

impl StripeSim {
    /// What the recovery link of an expired session does: it opens a new session for the same things.
    pub fn recover_checkout(&mut self, session_id: &str) -> Result<Value, StripeError> {
        self.in_time_of(&[session_id], |sim| sim.open_anew(session_id))
    }

    fn open_anew(&mut self, session_id: &str) -> Result<Value, StripeError> {
        let expired = retrieve(self, session_id)?;
        let until_s = expired.int_at("after_expiration/recovery/expires_at");
        let plan = self.sessions.get(session_id).cloned();
        let (Some(plan), true) = (plan, until_s.is_some_and(|until_s| self.now_s < until_s)) else {
            return Err(StripeError::invalid(
                "This Checkout Session cannot be recovered.",
            ));
        };
        let id = format!("cs_test_a1{}", self.ids.letters(56));
        let expires_s = self.now_s + DAY_S;
        let mut session = expired;
        session.put("id", id.as_str());
        session.put("created", self.now_s);
        session.put("expires_at", expires_s);
        session.put("recovered_from", session_id);
        session.put("after_expiration/recovery/expires_at", Value::Null);
        session.put("after_expiration/recovery/url", Value::Null);
        session.put("status", "open");
        session.put("url", url_of(self, &id));
        self.store.insert(session);
        self.sessions.insert(id.clone(), plan);
        self.plan(expires_s, Task::ExpireSession(id.clone()));
        retrieve(self, &id)
    }
}
