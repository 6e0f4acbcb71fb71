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

/// Seconds before the end of an open page at which it is no longer handed out.
const PAGE_LEFT_S_MIN: i64 = 10 * 60;

/// Seconds for which Stripe leaves a page open where nothing else is said
/// (docs.stripe.com/api/checkout/sessions/create, `expires_at`; read in November 2026).
const STRIPE_PAGE_S: i64 = 24 * 60 * 60;

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
    /// The owner of an account has it open, signed in: nobody else is led there.
    #[serde(default)]
    pub for_owner: bool,
}

/// What a stranger was answered who typed the address of somebody with an account: it looks like a checkout, and leads
/// nowhere. Kept, so that asking twice tells no more than asking once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoy {
    /// The plan that was asked for, as named in the API.
    pub plan: String,
    /// What the page is called that there is not.
    pub page: String,
    /// When a checkout begun at that moment could no longer be completed.
    pub expires_at: Timestamp,
    /// When the owner was written to.
    pub told_at: Timestamp,
}

impl OpenCheckout {
    /// What the page is called in our own address of it. Made from Stripe's id, which no stranger knows and no function logs,
    /// so that two tabs at once have one.
    pub fn page(&self) -> String {
        let mut page = token_hash(self.session.as_ref());
        page.truncate(PAGE_DIGITS);
        page
    }
}

/// Whether an answer given before is given again: somebody still has to type.
pub fn is_good_for(expires_at: Timestamp, now: Timestamp) -> bool {
    expires_at > now.plus_s(PAGE_LEFT_S_MIN)
}

impl Decoy {
    /// What somebody is answered who asks for a plan at `now`: the same as before, if that is still good; `page` else, for as
    /// long as one of Stripe's is open. The owner is written to once a day at most: what strangers type is not to fill a
    /// mailbox.
    pub fn after(profile: &Profile, plan: &str, page: String, now: Timestamp) -> Self {
        let before = profile.decoy.as_ref();
        let told_at = before.map(|before| before.told_at);
        let told_at = told_at.filter(|told_at| told_at.plus_s(DAY_S) > now);
        // What was answered before there was an account is answered on, or else it would tell since when there is one.
        let open = profile.checkout.as_ref();
        let open = open.filter(|open| before.is_none() && !open.for_owner && open.plan == plan);
        let answered = match (before, open) {
            (Some(before), _) if before.plan == plan => {
                Some((before.page.clone(), before.expires_at))
            }
            (_, Some(open)) => Some((open.page(), open.expires_at)),
            _ => None,
        };
        let answered = answered.filter(|(_, expires_at)| is_good_for(*expires_at, now));
        // Stripe counts in whole seconds.
        let anew = || (page, Timestamp::from_s(now.as_s()).plus_s(STRIPE_PAGE_S));
        let (page, expires_at) = answered.unwrap_or_else(anew);
        Self {
            plan: plan.to_owned(),
            page,
            expires_at,
            told_at: told_at.unwrap_or(now),
        }
    }
}

impl Store {
    /// Whether somebody has an account: a subscription runs or has brought in something, or a password is set. Whoever began
    /// to buy and did not pay has none yet, nor does an address for which a stranger asked for a link. One call.
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
        if let Some(before) = before.filter(|before| before.session != checkout.session) {
            let page = Key::checkout_page(&before.page());
            transaction.delete(self, Part::Effect, &page, None);
        }
        match self.commit(transaction).await {
            Ok(()) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => Err(in_progress()),
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
        if page.len() != PAGE_DIGITS || !page.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let open = self.read_one::<OpenCheckout>(Key::checkout_page(page));
        Ok(open.await?.filter(|open| open.expires_at > now))
    }

    /// Notes what a stranger is answered, and owes the owner a mail where none was for a day. From now on a page that was
    /// handed out before there was an account leads nowhere: its name is answered on. Whoever was led to Stripe by it before
    /// may still pay there until Stripe closes it. Of two strangers who ask for one plan at once, the answer of the one who was
    /// faster.
    ///
    /// # Errors
    /// `Conflict` where another plan was asked for at once, as with any checkout; `Unavailable`, or `Internal` where a row
    /// cannot be read.
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
        if let Some(open) = profile.checkout.as_ref().filter(|open| !open.for_owner) {
            let page = Key::checkout_page(&open.page());
            transaction.delete(self, Part::Effect, &page, None);
        }
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
            Err(Refusal::Conditions(_)) => {
                let now = self.read_one::<Profile>(Key::profile(&profile.user));
                let faster = now.await?.and_then(|profile| profile.decoy);
                faster
                    .filter(|faster| faster.plan == decoy.plan)
                    .ok_or_else(in_progress)
            }
        }
    }
}

fn in_progress() -> Error {
    Error::conflict(
        "checkout_in_progress",
        "Another checkout was started at the same moment. Please try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_S: i64 = 60 * 60;

    fn at(seconds: i64) -> Timestamp {
        // Not on a whole second, as no moment is.
        Timestamp::from_ms(1_767_225_600_427 + seconds * 1_000)
    }

    fn profile() -> Profile {
        Profile {
            user: UserId::parse(format!("user_{:032x}", 1)).unwrap(),
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            customer: None,
            checkout: None,
            decoy: None,
            keys_given_up: 0,
            created_at: at(0),
        }
    }

    /// Somebody asks for a plan, and the answer is kept; it and whether the owner was written to.
    fn asks(profile: &mut Profile, plan: &str, seconds: i64) -> (String, Timestamp, bool) {
        let decoy = Decoy::after(profile, plan, format!("page at {seconds}"), at(seconds));
        let told = profile.decoy.as_ref().map(|it| it.told_at) != Some(decoy.told_at);
        profile.decoy = Some(decoy.clone());
        (decoy.page, decoy.expires_at, told)
    }

    #[test]
    fn a_decoy_ends_on_a_whole_second_as_stripes_pages_do() {
        let (_, expires_at, _) = asks(&mut profile(), "prospector", 0);
        assert_eq!(expires_at, Timestamp::from_s(at(0).as_s() + DAY_S));
    }

    #[test]
    fn who_asks_again_is_answered_the_same_until_shortly_before_it_ends() {
        let mut ada = profile();
        let first = asks(&mut ada, "prospector", 0);
        assert_eq!(asks(&mut ada, "prospector", 23 * HOUR_S).0, first.0);
        assert_ne!(asks(&mut ada, "prospector", 24 * HOUR_S - 60).0, first.0);
        let other = asks(&mut ada, "rainmaker", 24 * HOUR_S).0;
        let back = asks(&mut ada, "prospector", 24 * HOUR_S).0;
        assert!(other != first.0 && back != first.0);
    }

    #[test]
    fn the_owner_is_written_to_once_a_day_whatever_is_asked_for() {
        let mut ada = profile();
        let hours = [0, 1, 23, 24, 25, 47, 48, 100];
        let told = hours.map(|hour| {
            let plan = if hour % 2 == 0 {
                "prospector"
            } else {
                "rainmaker"
            };
            asks(&mut ada, plan, hour * HOUR_S).2
        });
        assert_eq!(told, [true, false, false, true, false, false, true, true]);
    }

    #[test]
    fn what_was_answered_before_there_was_an_account_is_answered_on_but_no_page_of_the_owners() {
        let open = OpenCheckout {
            session: CheckoutSessionId::parse("cs_test_1".to_owned()).unwrap(),
            plan: "prospector".to_owned(),
            url: "https://checkout.stripe.com/c/pay/cs_test_1".to_owned(),
            expires_at: at(DAY_S),
            for_owner: false,
        };
        let mut ada = profile();
        ada.checkout = Some(open.clone());
        let (page, expires_at, told) = asks(&mut ada, "prospector", HOUR_S);
        assert_eq!(
            (page, expires_at, told),
            (open.page(), open.expires_at, true)
        );

        let mut owner = profile();
        let owned = OpenCheckout {
            for_owner: true,
            ..open.clone()
        };
        owner.checkout = Some(owned);
        assert_ne!(asks(&mut owner, "prospector", HOUR_S).0, open.page());

        let mut other = profile();
        other.checkout = Some(open.clone());
        assert_ne!(asks(&mut other, "rainmaker", HOUR_S).0, open.page());
        assert_ne!(asks(&mut other, "prospector", HOUR_S).0, open.page());
    }
}
