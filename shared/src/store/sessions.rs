//! Door: sessions, under the hashes of their tokens. Whoever reads the table can open none of them.

use serde::{Deserialize, Serialize};

use super::keys::{Key, Table};
use super::transaction::{Condition, Part, Transaction};
use super::{Store, from_item, number, text, to_item, unless_refused};
use crate::aws::failed;
use crate::credential::Credential;
use crate::error::Error;
use crate::id::{PersonId, SessionId};
use crate::session::Session;
use crate::time::Timestamp;

/// Sessions of one person that are listed.
const LISTED_MAX: i32 = 50;

/// A session as it is listed, with where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSession {
    /// The hash of its token.
    #[serde(rename = "pk")]
    pub token_hash: String,
    /// The session.
    #[serde(flatten)]
    pub session: Session,
}

impl Store {
    /// The session of a token, with what its person signs in with. None where it was never begun, or was revoked.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn session(&self, token_hash: &str) -> Result<Option<(Session, Credential)>, Error> {
        let Some(session) = self.read_one::<Session>(Key::session(token_hash)).await? else {
            return Ok(None);
        };
        let credential = self.credential(&session.person).await?;
        Ok(credential.map(|credential| (session, credential)))
    }

    /// The sessions of a person, the latest first. From an index: one that was just begun may be missing.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn sessions_of(&self, person: &PersonId) -> Result<Vec<KeptSession>, Error> {
        let answer = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::Sessions))
            .index_name("by_person")
            .key_condition_expression("person = :person")
            .expression_attribute_values(":person", text(person))
            .scan_index_forward(false)
            .limit(LISTED_MAX)
            .send()
            .await
            .map_err(|error| failed("query sessions", &error))?;
        let items = answer.items.unwrap_or_default().into_iter();
        items.map(from_item).collect()
    }

    /// Notes that a session was used, unless it has ended meanwhile.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn session_seen(&self, token_hash: &str, seen: &Session) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Sessions))
            .set_key(Some(Key::session(token_hash).as_item()))
            .update_expression("SET seen_at = :seen")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":seen", text(seen.seen_at))
            .send()
            .await;
        unless_refused(sent, "note a session")
    }
}

impl Transaction {
    /// Begins a session under the hash of its token.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn begin_session(
        &mut self,
        store: &Store,
        token_hash: &str,
        session: &Session,
    ) -> Result<(), Error> {
        let mut item = to_item(session)?;
        item.insert(
            "expires_at".to_owned(),
            number(session.lasts_until().as_s()),
        );
        let key = Key::session(token_hash);
        self.put(store, Part::Session, &key, item, Some(Condition::absent()));
        Ok(())
    }

    /// Ends a session, on the condition that it has not ended yet.
    pub fn end_session(&mut self, store: &Store, token_hash: &str) {
        let condition = Condition {
            expression: "attribute_exists(pk)".to_owned(),
            values: Vec::new(),
        };
        self.delete(
            store,
            Part::Session,
            &Key::session(token_hash),
            Some(condition),
        );
    }
}

/// The session that a person named in a list, where it is one of theirs and has not ended.
pub fn named<'a>(
    kept: &'a [KeptSession],
    id: &SessionId,
    now: Timestamp,
) -> Option<&'a KeptSession> {
    kept.iter()
        .find(|it| it.session.id == *id && it.session.ended(now).is_none())
}
