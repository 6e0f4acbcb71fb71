//! Door: the audit log. An act's entry is written in the transaction of its effect, so that neither is without the other.

mod lookup;

use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::transaction::{Condition, Item, Part, Refusal, Transaction, UpdateExpression};
use super::{Store, text, to_item};
use crate::audit::{Act, Actor, Head, Sealed};
use crate::error::Error;
use crate::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;

pub use lookup::{AuditOf, Chain};

/// Times an act is written anew because another one of the same actor came between.
const ROUNDS_MAX: u32 = 6;

/// An entry on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Whose chain it is in.
    #[serde(rename = "pk")]
    pub actor: Actor,
    /// The entry as JSON, byte for byte.
    pub entry: String,
    /// Its hash.
    pub entry_hash: String,
}

/// What the whole log came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDigest {
    /// The hash of all chains' ends.
    pub digest: String,
    /// How many chains there are.
    pub chain_count: u64,
    /// How many entries they have.
    pub entry_count: u64,
}

impl Store {
    /// Makes the writes that `build` adds, and the entry of the act, together or not at all.
    ///
    /// # Errors
    /// [`Refusal`], as [`commit`](Self::commit) says; a condition of the log itself is never among those that did not hold.
    pub async fn commit_act(
        &self,
        act: &Act,
        now: Timestamp,
        build: impl Fn(&mut Transaction) -> Result<(), Error> + Send + Sync,
    ) -> Result<(), Refusal> {
        for _ in 0..ROUNDS_MAX {
            let head = self.audit_head(&act.actor).await.map_err(Refusal::Failed)?;
            let sealed = head
                .next(act.clone(), now)
                .map_err(|error| Refusal::Failed(Error::internal(error)))?;
            let mut transaction = Transaction::default();
            build(&mut transaction).map_err(Refusal::Failed)?;
            transaction.audit(self, &head, &sealed);
            match self.commit(transaction).await {
                Err(Refusal::Conditions(parts)) => {
                    let of_others: Vec<_> = parts
                        .into_iter()
                        .filter(|(part, _)| *part != Part::Audit)
                        .collect();
                    if !of_others.is_empty() {
                        return Err(Refusal::Conditions(of_others));
                    }
                }
                other => return other,
            }
        }
        Err(Refusal::Failed(Error::unavailable(format!(
            "{} does too many things at once",
            act.actor
        ))))
    }

    /// Writes the entry of an act that has no other effect.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn note_act(&self, act: &Act, now: Timestamp) -> Result<(), Error> {
        match self.commit_act(act, now, |_| Ok(())).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// What the log came to on a day; none where it was not looked through.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn audit_digest(&self, day: &str) -> Result<Option<AuditDigest>, Error> {
        self.read_one(Key::audit_digest(day)).await
    }

    /// Keeps what the log came to on a day, unless that is on record.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_audit_digest(&self, day: &str, digest: &AuditDigest) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        let (key, item) = (Key::audit_digest(day), to_item(digest)?);
        transaction.put(self, Part::Audit, &key, item, Some(Condition::absent()));
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// The end of an actor's chain.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn audit_head(&self, actor: &Actor) -> Result<Head, Error> {
        let head = self.read_one::<Head>(Key::audit_head(actor)).await?;
        Ok(head.unwrap_or_default())
    }
}

impl Transaction {
    fn audit(&mut self, store: &Store, before: &Head, sealed: &Sealed) {
        let entry = &sealed.entry;
        let actor = &entry.act.actor;
        let mut item = Item::from([
            ("entry".to_owned(), text(&sealed.text)),
            ("entry_hash".to_owned(), text(&sealed.hash)),
            ("entry_day".to_owned(), text(entry.at.day())),
            ("entered_at".to_owned(), text(entry.at)),
        ]);
        if let Some(subject) = &entry.act.subject {
            item.insert("subject".to_owned(), text(subject));
        }
        let key = Key::audit(actor, entry.seq);
        self.put(store, Part::Audit, &key, item, Some(Condition::absent()));
        let mut values = vec![
            (":seq", AttributeValue::N(entry.seq.to_string())),
            (":hash", text(&sealed.hash)),
            (":chains", text("chains")),
        ];
        let condition = if before.seq == 0 {
            "attribute_not_exists(pk)"
        } else {
            values.push((":before", text(&before.hash)));
            "head_hash = :before"
        };
        let update = UpdateExpression {
            expression: "SET seq = :seq, head_hash = :hash, heads = :chains".to_owned(),
            condition: Some(condition.to_owned()),
            values,
        };
        self.update(store, Part::Audit, &Key::audit_head(actor), update);
    }
}
