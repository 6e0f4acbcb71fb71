//! Fact: sessions: how long one lasts, how far it has come, and what it opens.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::id::{PersonId, SessionId};
use crate::time::Timestamp;

/// Seconds without a request after which a session has ended.
pub const IDLE_S: i64 = 30 * 60;

/// Seconds after its beginning at which a session ends, whatever happens in it.
pub const LASTS_S: i64 = 12 * 60 * 60;

/// Seconds for which somebody may take to show the second factor.
pub const UNFINISHED_S: i64 = 10 * 60;

/// Seconds for which a code that was shown opens what moves money or changes roles.
pub const STEP_UP_S: i64 = 5 * 60;

/// Seconds after which a request moves the end of an idle session on: not at every one, which would be a write each.
const SEEN_EVERY_S: i64 = 60;

/// Longest description of a device that is kept, in characters.
const DEVICE_CHARS_MAX: usize = 200;

/// How far somebody has come in signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The password was right; the code of the app is missing.
    SecondFactor,
    /// The password was right; an app has to be set up first.
    Enrolment,
    /// Signed in.
    SignedIn,
}

/// A session, under the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The name it has in lists.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// How far it has come.
    pub stage: Stage,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// When a code was shown in it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stepped_up_at: Option<Timestamp>,
    /// The address it began at.
    pub address: String,
    /// What the browser called itself.
    pub device: String,
}

/// Why a session opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was heard for [`IDLE_S`].
    Idle,
    /// It had lasted as long as any may.
    Lasted,
}

impl Session {
    /// When it ends if nothing is heard of it any more.
    pub fn ends_at(&self) -> Timestamp {
        match self.stage {
            Stage::SignedIn => self.seen_at.plus_s(IDLE_S).min(self.lasts_until()),
            Stage::SecondFactor | Stage::Enrolment => self.created_at.plus_s(UNFINISHED_S),
        }
    }

    /// When it ends whatever happens.
    pub const fn lasts_until(&self) -> Timestamp {
        self.created_at.plus_s(LASTS_S)
    }

    /// Why it has ended; none where it has not.
    pub fn ended(&self, now: Timestamp) -> Option<Ended> {
        if now >= self.lasts_until() {
            Some(Ended::Lasted)
        } else if now >= self.ends_at() {
            Some(Ended::Idle)
        } else {
            None
        }
    }

    /// Until when it opens what moves money; none where it does not.
    pub fn stepped_up_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.stepped_up_at?.plus_s(STEP_UP_S);
        (now < until).then_some(until)
    }

    /// The session after a request, where that is to be noted.
    pub fn seen(&self, now: Timestamp) -> Option<Self> {
        (now.since_s(self.seen_at) >= SEEN_EVERY_S).then(|| Self {
            seen_at: now,
            ..self.clone()
        })
    }
}

/// What a token is kept as.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// What a browser calls itself, as it is kept: on one line, and not as long as it likes.
pub fn device(user_agent: &str) -> String {
    let plain = user_agent.chars().filter(|letter| !letter.is_control());
    plain.take(DEVICE_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(stage: Stage) -> Session {
        let at = Timestamp::from_s(1_767_225_600);
        Session {
            id: SessionId::parse(format!("session_{}", "a".repeat(32))).unwrap(),
            person: PersonId::parse(format!("admin_{}", "b".repeat(32))).unwrap(),
            stage,
            created_at: at,
            seen_at: at,
            stepped_up_at: Some(at),
            address: "203.0.113.7".to_owned(),
            device: "test".to_owned(),
        }
    }

    #[test]
    fn a_session_ends_half_an_hour_after_the_last_request_and_twelve_hours_after_the_first() {
        let mut session = session(Stage::SignedIn);
        let began = session.created_at;
        assert_eq!(session.ended(began.plus_s(IDLE_S - 1)), None);
        assert_eq!(session.ended(began.plus_s(IDLE_S)), Some(Ended::Idle));
        let mut now = began;
        while now < began.plus_s(LASTS_S - 60) {
            now = now.plus_s(IDLE_S - 60).min(began.plus_s(LASTS_S - 60));
            assert_eq!(session.ended(now), None);
            session = session.seen(now).unwrap_or(session);
        }
        assert_eq!(session.ended(began.plus_s(LASTS_S)), Some(Ended::Lasted));
    }

    #[test]
    fn a_request_is_noted_once_a_minute() {
        let session = session(Stage::SignedIn);
        assert_eq!(session.seen(session.seen_at.plus_s(59)), None);
        let seen = session.seen(session.seen_at.plus_s(60)).unwrap();
        assert_eq!(seen.seen_at, session.seen_at.plus_s(60));
    }

    #[test]
    fn what_is_unfinished_ends_after_ten_minutes_and_a_shown_code_after_five() {
        let unfinished = session(Stage::SecondFactor);
        let began = unfinished.created_at;
        assert_eq!(unfinished.ended(began.plus_s(599)), None);
        assert_eq!(unfinished.ended(began.plus_s(600)), Some(Ended::Idle));
        let signed_in = session(Stage::SignedIn);
        assert!(signed_in.stepped_up_until(began.plus_s(299)).is_some());
        assert_eq!(signed_in.stepped_up_until(began.plus_s(300)), None);
    }

    #[test]
    fn a_device_is_one_short_line() {
        assert_eq!(device("Firefox\r\nX: 1"), "FirefoxX: 1");
        assert_eq!(device(&"x".repeat(999)).len(), DEVICE_CHARS_MAX);
    }
}
