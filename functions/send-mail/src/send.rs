//! One mail, from the outbox to SES.

use shared::backoff;
use shared::error::{Error, ErrorKind};
use shared::id::CustomerId;
use shared::mail::{Address, render};
use shared::store::outbox::OwedMail;

use crate::SendMail;

/// Whom a mail goes to.
struct Recipient {
    email: String,
    name: Option<String>,
}

/// Attempts at one mail. The waits between them add up to 8 to 17 hours, which is longer than an outage lasts.
const ATTEMPTS_MAX: u32 = 24;

impl SendMail {
    /// Sends a mail; false where somebody else has, or is just about to.
    ///
    /// # Errors
    /// Where it was not sent. It is put off then, or given up with an alert.
    pub(crate) async fn send(&self, id: &str) -> Result<bool, Error> {
        let Some(owed) = self.store.take_mail(id, self.clock.now()).await? else {
            return Ok(false);
        };
        match self.deliver(&owed).await {
            Ok(message_id) => {
                self.store
                    .mail_sent(id, &message_id, self.clock.now())
                    .await?;
                tracing::info!(mail.id = id, "mail sent");
                Ok(true)
            }
            Err(error) => {
                self.put_off(&owed, &error).await?;
                Err(error)
            }
        }
    }

    async fn deliver(&self, owed: &OwedMail) -> Result<String, Error> {
        let recipient = self.recipient(&owed.customer).await?;
        let rendered = render(
            owed.mail,
            recipient.name.as_deref(),
            &self.catalogue,
            &self.links,
        )?;
        let address = Address::parse(&recipient.email)?;
        Ok(self.mailer.send(&address, &rendered, &owed.id).await?)
    }

    /// Where the mail goes: to the address the user has with us, else to the one Stripe has.
    async fn recipient(&self, customer: &CustomerId) -> Result<Recipient, Error> {
        if let Some(profile) = self.store.user_of_customer(customer).await? {
            return Ok(Recipient {
                email: profile.email,
                name: Some(profile.name),
            });
        }
        let account = self.store.account(customer).await?;
        let at_stripe = account.customer.map(|kept| kept.facts);
        at_stripe
            .and_then(|facts| {
                Some(Recipient {
                    email: facts.email?,
                    name: facts.name,
                })
            })
            // Events come in any order: the one that tells the address may be on its way.
            .ok_or_else(|| Error::unavailable(format!("no address of {customer} is known yet")))
    }

    async fn put_off(&self, owed: &OwedMail, error: &Error) -> Result<(), Error> {
        let now = self.clock.now();
        let reason = error.to_string();
        // What SES refuses it refuses again. A missing permission or a defect of ours is mended by a person, and the mail
        // must still be owed then.
        let is_refused = error.kind == ErrorKind::Invalid;
        if owed.attempts >= ATTEMPTS_MAX || is_refused {
            return self.store.give_up_mail(&owed.id, &reason, now).await;
        }
        let wait_s = backoff::wait_s(owed.attempts, self.chance.below(u64::MAX));
        let next = now.plus_s(i64::try_from(wait_s).unwrap_or(i64::MAX));
        self.store.put_off_mail(&owed.id, &reason, next).await
    }
}
