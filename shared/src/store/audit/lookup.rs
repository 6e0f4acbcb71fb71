//! Door: what people look up in the audit log.

use serde::Deserialize;

use super::AuditRow;
use crate::audit::{Actor, Head};
use crate::aws::failed;
use crate::error::Error;
use crate::store::keys::Table;
use crate::store::pages::{Asked, Listing, Page};
use crate::store::{Store, from_item, text};

/// The end of one chain of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Chain {
    /// Whose.
    #[serde(rename = "pk")]
    pub actor: Actor,
    /// Its end.
    #[serde(flatten)]
    pub head: Head,
}

/// Which part of the audit log.
#[derive(Debug, Clone, Copy)]
pub enum AuditOf<'a> {
    /// What somebody did.
    Actor(&'a str),
    /// What was done to somebody or something.
    Subject(&'a str),
    /// What was done on a day.
    Day(&'a str),
}

impl Store {
    /// A page of the audit log, newest first: of one actor, about one subject, or of one day.
    ///
    /// # Errors
    /// `Invalid` where the cursor is none; `Unavailable`; `Internal` where a row cannot be read.
    pub async fn audit_entries(
        &self,
        of: AuditOf<'_>,
        asked: &Asked,
    ) -> Result<Page<AuditRow>, Error> {
        let (index, hash, value, sort) = match of {
            AuditOf::Actor(actor) => (None, "pk", actor, "sk"),
            AuditOf::Subject(subject) => (Some("by_subject"), "subject", subject, "entered_at"),
            AuditOf::Day(day) => (Some("by_day"), "entry_day", day, "entered_at"),
        };
        let mut listing = Listing {
            table: Some(Table::AuditLog),
            index,
            hash,
            value: value.to_owned(),
            sort,
            newest_first: true,
            ..Listing::default()
        };
        if index.is_none() {
            // Behind the entries stands the chain's end, which is none.
            listing.range = Some("sk < :head");
            listing.values = vec![(":head", text("head"))];
        }
        self.page(listing, asked).await
    }

    /// A page of the chains of the audit log, by actor.
    ///
    /// # Errors
    /// As [`audit_entries`](Self::audit_entries).
    pub async fn audit_chains(&self, asked: &Asked) -> Result<Page<Chain>, Error> {
        let listing = Listing {
            table: Some(Table::AuditLog),
            index: Some("chains"),
            hash: "heads",
            value: "chains".to_owned(),
            sort: "pk",
            ..Listing::default()
        };
        self.page(listing, asked).await
    }

    /// The next entries of a chain behind the place `after`, in their order; consistent.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn chain_entries(
        &self,
        actor: &Actor,
        after: u64,
    ) -> Result<Vec<(u64, AuditRow)>, Error> {
        let sent = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::AuditLog))
            .key_condition_expression("pk = :actor AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":actor", text(actor))
            .expression_attribute_values(":from", text(format!("{:012}", after + 1)))
            .expression_attribute_values(":to", text("999999999999"))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed("query a chain", &error))?;
        let items = sent.items.unwrap_or_default().into_iter();
        items
            .map(|item| {
                let place = item.get("sk").and_then(|sk| sk.as_s().ok()?.parse().ok());
                let place = place.ok_or_else(|| Error::internal("an entry without its place"))?;
                Ok((place, from_item(item)?))
            })
            .collect()
    }
}
