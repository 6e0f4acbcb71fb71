//! What SES tells of a mail after it took it: that it came back, or was taken for spam. Noted with the mail, where whoever
//! looks at the customer sees it, and an alert for whoever it was to.
//!
//! SES tells it to EventBridge, which hands it over at least once and in any order.

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
            tracing::error!(
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
