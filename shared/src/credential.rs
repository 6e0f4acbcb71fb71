//! Fact: what somebody signs in with, and what each step of signing in makes of it.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use crate::error::{Error, ErrorKind};
use crate::id::{AdminId, PersonId};
use crate::password;
use crate::second_factor::{Authenticator, recovery_hash, without_recovery_code};
use crate::secret::Secret;
use crate::session::{Session, Stage, token_hash};
use crate::staff::Role;
use crate::time::Timestamp;

/// Addresses from which somebody signed in that are remembered. Guesses from elsewhere do not slow these down.
const ADDRESSES_MAX: usize = 5;

/// Seconds for which the link of a reset is good.
pub const RESET_S: i64 = 30 * 60;

/// Seconds for which the link of an invitation is good.
pub const INVITATION_S: i64 = 3 * 24 * 60 * 60;

/// What somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Whose it is.
    pub person: PersonId,
    /// In lower case.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// What an administrator is there for; none of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The hash of the password; none until one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The authenticator app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticator: Option<Authenticator>,
    /// One that was offered and has shown no code yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Authenticator>,
    /// Hashes of the recovery codes that are left.
    #[serde(default)]
    pub recovery_codes: Vec<String>,
    /// The newest link by which a password can be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    /// Sessions that began before are void.
    pub sessions_since: Timestamp,
    /// Where the person signed in from, the latest first.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Since when it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// That an owner asked for the authenticator to be taken off, which a second one has to ask for as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_asked: Option<ResetAsked>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts its changes.
    pub version: u64,
}

/// Who asked for an authenticator to be taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetAsked {
    /// Who.
    pub by: AdminId,
    /// When.
    pub at: Timestamp,
}

/// A link by which a password can be set, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// The hash of what the link holds.
    pub hash: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl Credential {
    /// One that nobody can sign in with yet.
    pub fn new(
        person: PersonId,
        email: String,
        name: String,
        role: Option<Role>,
        now: Timestamp,
    ) -> Self {
        Self {
            person,
            email,
            name,
            role,
            password: None,
            authenticator: None,
            offered: None,
            recovery_codes: Vec::new(),
            reset: None,
            sessions_since: now,
            addresses: Vec::new(),
            disabled_at: None,
            reset_asked: None,
            created_at: now,
            version: 0,
        }
    }

    /// As it is without its authenticator: the next sign-in sets another one up, and no session goes on.
    #[must_use]
    pub fn without_authenticator(&self, now: Timestamp) -> Self {
        Self {
            authenticator: None,
            offered: None,
            recovery_codes: Vec::new(),
            sessions_since: now,
            reset_asked: None,
            ..self.clone()
        }
    }

    /// Whether `given` is the password of `credential`. Takes as long where there is none, or nobody.
    pub fn opens(credential: Option<&Self>, given: &Secret) -> bool {
        let kept = credential.filter(|it| it.disabled_at.is_none());
        password::is(kept.and_then(|it| it.password.as_deref()), given)
    }

    /// What is missing once the password was right. An administrator has an authenticator, or sets one up now.
    pub const fn stage_after_password(&self) -> Stage {
        match (&self.authenticator, self.role) {
            (Some(_), _) => Stage::SecondFactor,
            (None, Some(_)) => Stage::Enrolment,
            (None, None) => Stage::SignedIn,
        }
    }

    /// Takes a code of the app, or where `recovery` is allowed one of the recovery codes.
    ///
    /// # Errors
    /// `Unauthenticated` where it is neither.
    pub fn take_code(&mut self, code: &str, recovery: bool, now: Timestamp) -> Result<(), Error> {
        let code = code.trim();
        let app = self.authenticator.as_ref();
        if let Some(after) = app.and_then(|app| app.after(code, now)) {
            self.authenticator = Some(after);
            return Ok(());
        }
        let left = without_recovery_code(&self.recovery_codes, code);
        match left.filter(|_| recovery) {
            Some(left) => {
                self.recovery_codes = left;
                Ok(())
            }
            None => Err(wrong_code()),
        }
    }

    /// Makes the authenticator that was offered the one that counts, once it has shown a code. `codes` are the new recovery
    /// codes.
    ///
    /// # Errors
    /// `Conflict` where none was offered, `Unauthenticated` where the code is not its.
    pub fn enrol(&mut self, code: &str, codes: &[Secret], now: Timestamp) -> Result<(), Error> {
        let offered = self.offered.as_ref().ok_or_else(|| {
            Error::conflict(
                "nothing_offered",
                "No authenticator is being set up. Ask for a new QR code first.",
            )
        })?;
        let after = offered.after(code.trim(), now).ok_or_else(wrong_code)?;
        self.authenticator = Some(after);
        self.offered = None;
        self.recovery_codes = codes
            .iter()
            .map(|code| recovery_hash(code.reveal()))
            .collect();
        Ok(())
    }

    /// Remembers where the person signed in from.
    pub fn came_from(&mut self, address: &str) {
        self.addresses.retain(|known| known != address);
        self.addresses.insert(0, address.to_owned());
        self.addresses.truncate(ADDRESSES_MAX);
    }

    /// Makes `token` the only one by which a password can be set, for as many seconds.
    pub fn offer_reset(&mut self, token: &str, lasts_s: i64, now: Timestamp) {
        self.reset = Some(Reset {
            hash: token_hash(token),
            expires_at: now.plus_s(lasts_s),
        });
    }

    /// Sets a password by the link that holds `token`. Every session ends; the authenticator stays.
    ///
    /// # Errors
    /// `Invalid` where the link is not the newest, was used, or is too old.
    pub fn set_password(&mut self, token: &str, hash: String, now: Timestamp) -> Result<(), Error> {
        let given = token_hash(token);
        let is_good = self.reset.as_ref().is_some_and(|reset| {
            now < reset.expires_at && bool::from(reset.hash.as_bytes().ct_eq(given.as_bytes()))
        });
        if !is_good || self.disabled_at.is_some() {
            return Err(stale_link());
        }
        self.reset = None;
        self.password = Some(hash);
        self.sessions_since = now;
        Ok(())
    }

    /// Whether a session of this person still counts.
    pub fn honours(&self, session: &Session) -> bool {
        self.disabled_at.is_none() && session.created_at >= self.sessions_since
    }
}

/// The answer to a link that is not good, whatever is wrong with it.
pub fn stale_link() -> Error {
    Error::invalid(
        "stale_link",
        "This link is not good any more: it was used, replaced by a newer one, or is too old. Ask for a new one.",
    )
}

fn wrong_code() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "wrong_code",
        "The code is not right, or was used before. Wait for the app's next one and try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::second_factor::{RECOVERY_BYTES, SECRET_BYTES, recovery_code};

    fn now() -> Timestamp {
        Timestamp::from_s(1_767_225_600)
    }

    fn owner() -> Credential {
        let person = PersonId::parse(format!("admin_{}", "a".repeat(32))).unwrap();
        let (email, name) = ("ada@example.com".to_owned(), "Ada".to_owned());
        Credential::new(person, email, name, Some(Role::Owner), now())
    }

    #[test]
    fn an_administrator_sets_up_an_app_before_anything_else() {
        let mut owner = owner();
        assert_eq!(owner.stage_after_password(), Stage::Enrolment);
        assert_eq!(
            owner.enrol("000000", &[], now()).unwrap_err().code,
            "nothing_offered"
        );
        let app = Authenticator::new([1; SECRET_BYTES]);
        owner.offered = Some(app.clone());
        assert_eq!(
            owner.enrol("000000", &[], now()).unwrap_err().code,
            "wrong_code"
        );
        let recovery = recovery_code([3; RECOVERY_BYTES]);
        owner
            .enrol(&app.code(now()), std::slice::from_ref(&recovery), now())
            .unwrap();
        assert_eq!(owner.stage_after_password(), Stage::SecondFactor);
        // The code that set it up opens nothing more.
        assert!(owner.take_code(&app.code(now()), true, now()).is_err());
        assert!(owner.take_code(recovery.reveal(), false, now()).is_err());
        owner.take_code(recovery.reveal(), true, now()).unwrap();
        assert!(owner.take_code(recovery.reveal(), true, now()).is_err());
        let customer = Credential {
            role: None,
            authenticator: None,
            ..owner
        };
        assert_eq!(customer.stage_after_password(), Stage::SignedIn);
    }

    #[test]
    fn of_two_links_the_newer_is_good_once_and_in_time() {
        let mut owner = owner();
        owner.offer_reset("first", RESET_S, now());
        owner.offer_reset("second", RESET_S, now());
        let mut set = |token: &str, at| owner.set_password(token, "hash".to_owned(), at);
        assert_eq!(set("first", now()).unwrap_err().code, "stale_link");
        assert_eq!(set("", now()).unwrap_err().code, "stale_link");
        let late = now().plus_s(RESET_S);
        assert_eq!(set("second", late).unwrap_err().code, "stale_link");
        set("second", now().plus_s(RESET_S - 1)).unwrap();
        assert_eq!(set("second", now()).unwrap_err().code, "stale_link");
        assert_eq!(owner.sessions_since, now().plus_s(RESET_S - 1));
    }

    #[test]
    fn five_addresses_are_remembered_the_latest_first() {
        let mut owner = owner();
        for address in ["1", "2", "3", "4", "5", "6", "3"] {
            owner.came_from(address);
        }
        assert_eq!(owner.addresses, ["3", "6", "5", "4", "2"]);
    }

    #[test]
    fn who_is_disabled_opens_nothing() {
        let mut owner = owner();
        let secret = Secret::new("correct horse battery staple");
        owner.password = Some(password::hash(&secret, [1; 16]).unwrap());
        assert!(Credential::opens(Some(&owner), &secret));
        owner.disabled_at = Some(now());
        assert!(!Credential::opens(Some(&owner), &secret));
        assert!(!Credential::opens(None, &secret));
    }
}
