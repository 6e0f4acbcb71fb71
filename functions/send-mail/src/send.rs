//! One mail, from the outbox to SES.

use shared::backoff;
use shared::credential::Credential;
use shared::error::{Error, ErrorKind};
use shared::id::{CustomerId, PersonId};
use shared::mail::{Address, Addressee, render};
use shared::outbox::Recipient;
use shared::random;
use shared::secret::Secret;
use shared::store::outbox::OwedMail;
use shared::store::transaction::{Refusal, Transaction};

use crate::SendMail;

/// Whom a mail goes to.
struct Named {
    email: String,
    name: Option<String>,
}

/// Attempts at one mail. The waits between them add up to 8 to 17 hours, which is longer than an outage lasts.
const ATTEMPTS_MAX: u32 = 200;

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
        let to = owed.recipient()?;
        let named = match &to {
            Recipient::Customer(customer) => self.customer(customer).await?,
            Recipient::Person(person) => self.person(person).await?,
        };
        let token = match (&to, owed.mail.link_lasts_s()) {
            (Recipient::Person(person), Some(lasts_s)) => {
                Some(self.link(person, &named, lasts_s).await?)
            }
            _ => None,
        };
        let addressee = Addressee {
            name: named.name.as_deref(),
            token: token.as_ref(),
        };
        let rendered = render(owed.mail, addressee, &self.catalogue, &self.links)?;
        let address = Address::parse(&named.email)?;
        Ok(self.mailer.send(&address, &rendered, &owed.id).await?)
    }

    /// Where a mail to somebody who can sign in goes.
    async fn person(&self, person: &PersonId) -> Result<Named, Error> {
        if let Some(credential) = self.store.credential(person).await? {
            return Ok(Named {
                email: credential.email,
                name: Some(credential.name),
            });
        }
        let profile = match person.user() {
            Some(user) => self.store.profile(&user).await?,
            None => None,
        };
        let profile = profile.ok_or_else(|| Error::internal(format!("{person} is nobody")))?;
        Ok(Named {
            email: profile.email,
            name: Some(profile.name),
        })
    }

    /// What the link in a mail holds, which from now on is the only one by which this person can set a password. Made here,
    /// so that it is in the mail and nowhere else.
    async fn link(&self, person: &PersonId, named: &Named, lasts_s: i64) -> Result<Secret, Error> {
        let now = self.clock.now();
        let kept = self.store.credential(person).await?;
        let mut credential = kept.unwrap_or_else(|| {
            let name = named.name.clone().unwrap_or_default();
            Credential::new(person.clone(), named.email.clone(), name, None, now)
        });
        let token = random::token()?;
        credential.offer_reset(token.reveal(), lasts_s, now);
        let mut transaction = Transaction::default();
        transaction.credential(&self.store, &credential)?;
        match self.store.commit(transaction).await {
            Ok(()) => Ok(Secret::new(format!("{person}.{}", token.reveal()))),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => Err(Error::unavailable(format!(
                "what {person} signs in with changed meanwhile"
            ))),
        }
    }

    /// Where a mail to a customer goes: to the address the user has with us, else to the one Stripe has.
    async fn customer(&self, customer: &CustomerId) -> Result<Named, Error> {
        if let Some(profile) = self.store.user_of_customer(customer).await? {
            return Ok(Named {
                email: profile.email,
                name: Some(profile.name),
            });
        }
        let account = self.store.account(customer).await?;
        let at_stripe = account.customer.map(|kept| kept.facts);
        at_stripe
            .and_then(|facts| {
                Some(Named {
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
        let wait_s = backoff::wait_s(
            owed.attempts,
            backoff::MAIL_LONGEST_S,
            self.chance.below(u64::MAX),
        );
        let next = now.plus_s(i64::try_from(wait_s).unwrap_or(i64::MAX));
        self.store.put_off_mail(&owed.id, &reason, next).await
    }
}
