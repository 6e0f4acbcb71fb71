//! Door: which checkout is open for a user, the address at which we lead on to it, and what strangers are answered.

use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::transaction::{Part, Refusal, Transaction, UpdateExpression};
use super::users::Profile;
use super::{Store, from_item, text, to_item};
use crate::account::Summary;
use crate::credential::Credential;
use crate::error::Error;
use crate::id::{CheckoutSessionId, UserId};
use crate::outbox::{Mail, MailKind};
use crate::session::token_hash;
use crate::time::{DAY_S, Timestamp};

/// Hexadecimal digits of a page's name, of which strangers guess none.
const PAGE_DIGITS: usize = 32;

/// A checkout the user may still complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCheckout {
    /// Stripe's id of it.
    #[serde(rename = "session_id")]
    pub session: CheckoutSessionId,
    /// The plan it sells, as named in the API.
    pub plan: String,
    /// Stripe's page of it.
    pub url: String,
    /// When it can no longer be completed.
    pub expires_at: Timestamp,
}

/// What a stranger was answered who typed the address of somebody with an account: it looks like a checkout, and leads
/// nowhere. Kept, so that asking twice tells no more than asking once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoy {
    /// The plan that was asked for, as named in the API.
    pub plan: String,
    /// When a checkout begun at that moment could no longer be completed.
    pub expires_at: Timestamp,
    /// When the owner was written to.
    pub told_at: Timestamp,
}

impl OpenCheckout {
    /// What the page is called in our own address of it. Made from Stripe's id, which nobody else knows.
    pub fn page(&self) -> String {
        page_named_after(self.session.as_ref())
    }
}

impl Decoy {
    /// The answer to somebody who asks for a plan at `now`. The owner is written to once a day at most: what strangers type
    /// is not to fill a mailbox.
    pub fn new(before: Option<&Self>, plan: &str, now: Timestamp) -> Self {
        let told_at = before.map(|before| before.told_at);
        let told_lately = told_at.filter(|told_at| told_at.plus_s(DAY_S) > now);
        Self {
            plan: plan.to_owned(),
            // As long as a page of Stripe's is open.
            expires_at: now.plus_s(DAY_S),
            told_at: told_lately.unwrap_or(now),
        }
    }

    /// What the page is called that there is not.
    pub fn page(&self, user: &UserId) -> String {
        page_named_after(&format!("{user} {} {}", self.plan, self.expires_at))
    }
}

fn page_named_after(secret: &str) -> String {
    let mut name = token_hash(secret);
    name.truncate(PAGE_DIGITS);
    name
}

impl Store {
    /// Whether somebody has an account: something was paid, a subscription runs, or a password is set. Whoever began to buy
    /// and did not pay has none yet, nor does an address for which a stranger asked for a link. One call.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn has_account(&self, profile: &Profile) -> Result<bool, Error> {
        let credential = Key::credential(&profile.user.clone().into());
        let listed = profile.customer.as_ref();
        let listed = listed.map(|customer| Key::of_customer(customer, "summary"));
        let keys: Vec<Key> = std::iter::once(credential.clone())
            .chain(listed.clone())
            .collect();
        let mut found = self.read(&keys).await?;
        let credential = found.remove(&credential).map(from_item::<Credential>);
        let summary = listed.and_then(|key| found.remove(&key));
        let summary = summary.map(from_item::<Summary>).transpose()?;
        let has_bought = summary.is_some_and(|summary| {
            summary.has_earned || summary.subscriptions.values().any(|it| it.alive)
        });
        let credential = credential.transpose()?;
        Ok(has_bought || credential.is_some_and(|credential| credential.password.is_some()))
    }

    /// Notes which checkout is open for a user, in place of `before`, and where its page leads.
    ///
    /// # Errors
    /// `Conflict` where another was noted meanwhile; `Unavailable`.
    pub async fn note_checkout(
        &self,
        user: &UserId,
        before: Option<&OpenCheckout>,
        checkout: &OpenCheckout,
    ) -> Result<(), Error> {
        let value = serde_dynamo::to_attribute_value(checkout).map_err(Error::internal)?;
        // The same page noted by the other of two tabs is no conflict.
        let mut values = vec![(":checkout", value), (":this", text(&checkout.session))];
        let condition = match before {
            None => {
                "attribute_exists(pk) AND (attribute_not_exists(checkout) OR checkout.session_id = :this)"
            }
            Some(before) => {
                values.push((":before", text(&before.session)));
                "checkout.session_id IN (:before, :this)"
            }
        };
        let mut transaction = Transaction::default();
        transaction.update(
            self,
            Part::Claim,
            &Key::profile(user),
            UpdateExpression {
                expression: "SET checkout = :checkout".to_owned(),
                condition: Some(condition.to_owned()),
                values,
            },
        );
        let page = Key::checkout_page(&checkout.page());
        transaction.put(self, Part::Effect, &page, to_item(checkout)?, None);
        match self.commit(transaction).await {
            Ok(()) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => Err(Error::conflict(
                "checkout_in_progress",
                "Another checkout was started at the same moment. Please try again.",
            )),
        }
    }

    /// Stripe's page to which one of ours leads, as long as it is open; none for a decoy.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn checkout_of_page(
        &self,
        page: &str,
        now: Timestamp,
    ) -> Result<Option<OpenCheckout>, Error> {
        // Nothing that somebody made up is a key.
        if page.len() != PAGE_DIGITS {
            return Ok(None);
        }
        let open = self.read_one::<OpenCheckout>(Key::checkout_page(page));
        Ok(open.await?.filter(|open| open.expires_at > now))
    }

    /// Notes what a stranger is answered, and owes the owner a mail where none was for a day. Of two strangers at once, the
    /// answer of the one who was faster.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn note_decoy(&self, profile: &Profile, decoy: Decoy) -> Result<Decoy, Error> {
        let mut values = vec![(
            ":decoy",
            serde_dynamo::to_attribute_value(&decoy).map_err(Error::internal)?,
        )];
        let condition = match &profile.decoy {
            None => "attribute_exists(pk) AND attribute_not_exists(decoy)",
            Some(before) => {
                let before = serde_dynamo::to_attribute_value(before).map_err(Error::internal)?;
                values.push((":before", before));
                "decoy = :before"
            }
        };
        let mut transaction = Transaction::default();
        transaction.update(
            self,
            Part::Claim,
            &Key::profile(&profile.user),
            UpdateExpression {
                expression: "SET decoy = :decoy".to_owned(),
                condition: Some(condition.to_owned()),
                values,
            },
        );
        let told_before = profile.decoy.as_ref().map(|before| before.told_at);
        if told_before != Some(decoy.told_at) {
            let request = format!("checkout#{}", decoy.told_at);
            let mail = Mail::to_person(
                MailKind::CheckoutAttempted,
                profile.user.clone().into(),
                &request,
            );
            transaction.mail(self, &mail, decoy.told_at)?;
        }
        match self.commit(transaction).await {
            Ok(()) => Ok(decoy),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => self
                .read_one::<Profile>(Key::profile(&profile.user))
                .await?
                .and_then(|profile| profile.decoy)
                .ok_or_else(|| Error::internal(format!("user {} is gone", profile.user))),
        }
    }
}
