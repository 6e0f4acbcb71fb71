//! What is sent and answered.

use serde::{Deserialize, Serialize};
use shared::credential::Credential;
use shared::session::{Session, Stage};
use shared::staff::Role;
use shared::store::sessions::KeptSession;
use shared::time::Timestamp;
use utoipa::ToSchema;

/// As what somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One of Linky's administrators.
    Administrator,
    /// A customer.
    Customer,
}

/// `POST /api/sign-in`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    /// As what.
    pub kind: Kind,
    /// The address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The password.
    #[schema(format = "password", max_length = 200)]
    pub password: String,
}

/// A code of the authenticator app, six digits; where somebody signs in, one of the recovery codes as well.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    /// The code.
    #[schema(max_length = 40)]
    pub code: String,
}

/// A session, as the one who has it may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionView {
    /// The name it has in lists.
    pub id: shared::id::SessionId,
    /// How far it has come.
    pub stage: Stage,
    /// Whose it is.
    pub person: PersonView,
    /// When it ends if nothing is heard of it any more.
    pub ends_at: Timestamp,
    /// When it ends whatever happens.
    pub lasts_until: Timestamp,
    /// Until when it opens what moves money; null where a code has to be shown first.
    pub stepped_up_until: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes_left: usize,
}

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonView {
    /// The administrator's or the user's id.
    pub id: shared::id::PersonId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// An administrator's role; null of a customer.
    pub role: Option<Role>,
}

impl SessionView {
    pub(crate) fn of(session: &Session, credential: &Credential, now: Timestamp) -> Self {
        Self {
            id: session.id.clone(),
            stage: session.stage,
            person: PersonView {
                id: credential.person.clone(),
                name: credential.name.clone(),
                email: credential.email.clone(),
                role: credential.role,
            },
            ends_at: session.ends_at(),
            lasts_until: session.lasts_until(),
            stepped_up_until: session.stepped_up_until(now),
            recovery_codes_left: credential.recovery_codes.len(),
        }
    }
}

/// One of the caller's own sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedSession {
    /// Its name.
    pub id: shared::id::SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// The address it began at.
    pub address: String,
    /// What the browser called itself.
    pub device: String,
}

impl ListedSession {
    pub(crate) fn of(kept: KeptSession, current: &Session) -> Self {
        let session = kept.session;
        Self {
            current: session.id == current.id,
            id: session.id,
            created_at: session.created_at,
            seen_at: session.seen_at,
            address: session.address,
            device: session.device,
        }
    }
}

/// The caller's own sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// The latest first.
    pub sessions: Vec<ListedSession>,
}

/// An authenticator to be set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedAuthenticator {
    /// What somebody types into an app who cannot scan.
    pub secret: String,
    /// What the QR code says.
    pub url: String,
}

/// What comes of setting one up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolled {
    /// The session, signed in.
    pub session: SessionView,
    /// Codes for the day the app is lost, each good once. They are shown this once.
    pub recovery_codes: Vec<String>,
}
