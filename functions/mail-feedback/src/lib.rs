//! What SES tells of a mail after it took it: that it came back, or was taken for spam. Noted with the mail, which the portal
//! shows with the customer, and an alert for whoever it was to.
//!
//! SES tells it to EventBridge as well as it can; it is handed over once or several times and in any order, and lost where the
//! tables do not answer for three minutes. What SES counts of it is watched besides (`mail-bounces` in `infra/alarms.yaml`).

mod told;

use serde_json::{Value, json};
use shared::clock::Clock;
use shared::config::Env;
use shared::error::Error;
use shared::lambda::{Function, Invocation, Platform};
use shared::store::Store;

use crate::told::Told;

/// The function with its doors.
#[derive(Debug)]
pub struct MailFeedback {
    store: Store,
    clock: Clock,
}

impl MailFeedback {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            clock: platform.clock.clone(),
        })
    }
}

impl Function for MailFeedback {
    /// EventBridge's event. What in it cannot be read is said in the log, and not tried again: it would read the same.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, event: Value, _: Invocation) -> Result<Value, Error> {
        let told = match Told::of(event) {
            Ok(told) => told,
            Err(reason) => {
                tracing::error!(reason, "what SES tells cannot be read; dropped");
                return Ok(json!({ "noted": false }));
            }
        };
        let Some(mail) = self.store.mail(&told.mail).await? else {
            tracing::warn!(
                mail.id = told.mail,
                "what SES tells is of no mail on record; dropped"
            );
            return Ok(json!({ "noted": false }));
        };
        let now = self.clock.now();
        self.store.mail_feedback(&mail, &told.feedback, now).await?;
        tracing::warn!(mail.id = mail.id, feedback = %told.feedback, "told by SES");
        Ok(json!({ "noted": true }))
    }
}
