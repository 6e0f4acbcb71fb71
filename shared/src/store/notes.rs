//! Door: what administrators note about a customer.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::keys::{Key, Table};
use super::pages::{Asked, Listing, Page};
use super::transaction::{Condition, Part, Transaction};
use super::{Store, text, to_item};
use crate::error::Error;
use crate::id::{AdminId, CustomerId, NoteId};
use crate::time::Timestamp;

/// A note on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub author: AdminId,
    /// What they were called then.
    pub author_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last put otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub edited_at: Option<Timestamp>,
    /// Counts its changes; 0 before it was first written.
    pub version: u64,
}

impl Store {
    /// A note; none where there is no such.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn note(&self, customer: &CustomerId, id: &NoteId) -> Result<Option<Note>, Error> {
        self.read_one(Key::note(customer, id)).await
    }

    /// The notes on a customer, by their ids.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn notes(&self, customer: &CustomerId, asked: &Asked) -> Result<Page<Note>, Error> {
        let listing = Listing {
            table: Some(Table::Users),
            hash: "pk",
            value: format!("customer#{customer}"),
            sort: "sk",
            range: Some("begins_with(sk, :note)"),
            values: vec![(":note", text("note#"))],
            ..Listing::default()
        };
        self.page(listing, asked).await
    }
}

impl Transaction {
    /// Writes a note over the version that was read: the record's own, of which it makes the next.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn note(&mut self, store: &Store, customer: &CustomerId, note: &Note) -> Result<(), Error> {
        let item = to_item(&Note {
            version: note.version + 1,
            ..note.clone()
        })?;
        let condition = match note.version {
            0 => Condition::absent(),
            version => Condition::equals("version", AttributeValue::N(version.to_string())),
        };
        let key = Key::note(customer, &note.id);
        self.put(store, Part::Record, &key, item, Some(condition));
        Ok(())
    }
}
