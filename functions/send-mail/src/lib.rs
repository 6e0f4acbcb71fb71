//! The outbox: every minute it sends the mails that are owed. A mail is owed from the transaction that recorded its
//! cause, so a mail can be late, or come twice, but not be lost.

mod send;

use serde_json::{Value, json};
use shared::chance::Chance;
use shared::clock::Clock;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::lambda::{Function, Invocation, Platform};
use shared::mail::{Links, Mailer};
use shared::plan::Catalogue;
use shared::store::Store;

/// Seconds before Lambda ends the function at which it stops by itself. What is left is there for the next minute.
const RESERVE_S: i64 = 10;

/// The function with its doors.
#[derive(Debug)]
pub struct SendMail {
    store: Store,
    mailer: Mailer,
    links: Links,
    catalogue: Catalogue,
    clock: Clock,
    chance: Chance,
}

impl SendMail {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(env, platform)?,
            mailer: Mailer::of(env, platform)?,
            links: Links::of(env)?,
            catalogue: Catalogue::linky(),
            clock: platform.clock.clone(),
            chance: platform.chance.clone(),
        })
    }
}

impl Function for SendMail {
    /// The schedule says nothing that is needed.
    type Event = Value;
    type Answer = Value;

    async fn handle(&self, _: Value, invocation: Invocation) -> Result<Value, Error> {
        let (mut sent, mut failed) = (0, 0);
        for id in self.store.mails_due(self.clock.now()).await? {
            if self.clock.now().plus_s(RESERVE_S) >= invocation.deadline {
                break;
            }
            match self.send(&id).await {
                Ok(true) => sent += 1,
                Ok(false) => {}
                // One mail that cannot be sent does not hold up the others.
                Err(error) => {
                    tracing::warn!(mail.id = id, %error, "mail not sent; it will be tried again");
                    failed += 1;
                    // But for SES's limit, which every mail would meet: each try would only use up one of its attempts.
                    if error.kind == ErrorKind::TooMany {
                        break;
                    }
                }
            }
        }
        Ok(json!({ "sent": sent, "failed": failed }))
    }
}
