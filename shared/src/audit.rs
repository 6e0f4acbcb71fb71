//! Fact: the audit log. Every actor has a chain of entries, each of which contains the hash of the one before, so that an
//! entry that was changed, removed or put elsewhere is found. Entries name people by their ids only.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::id::{ActionId, AdminId, PersonId};
use crate::staff::Role;
use crate::time::Timestamp;

/// Who did something, as one text: a person's id, an address from which nobody known came, or a part of the system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// Somebody who can sign in.
    pub fn person(person: &PersonId) -> Self {
        Self(person.as_str().to_owned())
    }

    /// An administrator.
    pub fn admin(admin: &AdminId) -> Self {
        Self(admin.as_str().to_owned())
    }

    /// Whoever came from an address and was nobody we know.
    pub fn stranger(address: &str) -> Self {
        Self(format!("address#{address}"))
    }

    /// The operator of the installation, by its command line.
    pub fn operator() -> Self {
        Self("operator".to_owned())
    }

    /// A function that works by itself, such as `sweep`.
    pub fn system(function: &str) -> Self {
        Self(format!("system#{function}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was begun; another entry tells how it ended.
    Begun,
    /// It waits for somebody to approve it.
    Requested,
    /// It was not allowed.
    Refused,
    /// It was tried and did not work.
    Failed,
    /// Whether it was done is not known yet.
    Unknown,
}

impl Outcome {
    /// The word in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Begun => "begun",
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What is told of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// In which role, where an administrator acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub role: Option<Role>,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<String>,
    /// By which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device: Option<String>,
    /// What, as one word: an operation of the policy, or `sign_in` and the like.
    pub operation: String,
    /// On whom or on what: an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject: Option<String>,
    /// Why, in the words of whoever did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// How it was before.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub before: Value,
    /// How it is after.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub after: Value,
    /// How it ended.
    pub outcome: Outcome,
    /// The code of the refusal or failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub code: Option<String>,
    /// The action it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub action: Option<ActionId>,
    /// The request, as the logs name it.
    pub request_id: String,
}

/// An act in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// The hash of the entry before; of the first, [`NO_HASH`].
    pub previous: String,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

/// What stands for the entry before the first.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The place of the last entry; 0 where there is none.
    pub seq: u64,
    /// Its hash.
    #[serde(rename = "head_hash")]
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            seq: 0,
            hash: NO_HASH.to_owned(),
        }
    }
}

/// An entry as it is kept: the text whose hash the next one contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// The entry as JSON, byte for byte.
    pub text: String,
    /// The hash of the text.
    pub hash: String,
}

impl Head {
    /// The next entry of the chain.
    ///
    /// # Errors
    /// Where the act cannot be written as JSON: a defect.
    pub fn next(&self, act: Act, at: Timestamp) -> Result<Sealed, serde_json::Error> {
        let entry = Entry {
            seq: self.seq + 1,
            previous: self.hash.clone(),
            at,
            act,
        };
        let text = serde_json::to_string(&entry)?;
        let hash = hash(&text);
        Ok(Sealed { entry, text, hash })
    }
}

impl Sealed {
    /// The chain's end after this entry.
    pub fn head(&self) -> Head {
        Head {
            seq: self.entry.seq,
            hash: self.hash.clone(),
        }
    }
}

/// The hash of an entry's text.
fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Where a chain is broken, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// An entry is there twice, or after the end.
    #[error("entry {0} should not be there")]
    Surplus(u64),
    /// An entry was changed: the next one, or the head, contains another hash.
    #[error("entry {0} was changed")]
    Changed(u64),
}

/// A walk along one chain, entry by entry.
#[derive(Debug)]
pub struct Walk {
    actor: Actor,
    head: Head,
}

impl Walk {
    /// A walk from the beginning of an actor's chain.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            head: Head::default(),
        }
    }

    /// A walk that goes on where another one had come to.
    pub const fn on_from(actor: Actor, head: Head) -> Self {
        Self { actor, head }
    }

    /// How far the walk has come.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Takes the next entry's text, in order of place.
    ///
    /// # Errors
    /// The first place at which the chain is broken.
    pub fn step(&mut self, seq: u64, text: &str) -> Result<(), Broken> {
        let expected = self.head.seq + 1;
        if seq > expected {
            return Err(Broken::Missing(expected));
        }
        if seq < expected {
            return Err(Broken::Surplus(seq));
        }
        let entry: Entry = serde_json::from_str(text).map_err(|_| Broken::Changed(seq))?;
        if entry.seq != seq || entry.act.actor != self.actor {
            return Err(Broken::Changed(seq));
        }
        if entry.previous != self.head.hash {
            // Either this entry names another one before it, or the one before was changed; the first has none before.
            return Err(Broken::Changed(seq.saturating_sub(1).max(1)));
        }
        self.head = Head {
            seq,
            hash: hash(text),
        };
        Ok(())
    }

    /// Ends the walk at the head that is on record.
    ///
    /// # Errors
    /// Where the chain ends before it or after it, or its last entry was changed.
    pub fn end(self, head: &Head) -> Result<u64, Broken> {
        if self.head.seq < head.seq {
            Err(Broken::Missing(self.head.seq + 1))
        } else if self.head.seq > head.seq {
            Err(Broken::Surplus(head.seq + 1))
        } else if self.head.hash == head.hash {
            Ok(head.seq)
        } else {
            Err(Broken::Changed(head.seq.max(1)))
        }
    }
}

#[cfg(test)]
mod tests;
