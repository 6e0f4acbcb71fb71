//! Door: what the record claims of Stripe, a page at a time: subscriptions that run and invoices to be paid. It walks
//! whole tables, which only the nightly sync does.

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::Table;
use super::transaction::{Item, as_map};
use super::{Store, text};
use crate::aws::failed;
use crate::error::Error;

/// Between the two keys in the cursor; no id has it.
const SEPARATOR: char = '\n';

/// A page of claims.
#[derive(Debug, Default)]
pub struct Claims {
    /// The objects' ids.
    pub objects: Vec<String>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

impl Store {
    /// The subscriptions that have not ended, by our record.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn claimed_subscriptions(&self, cursor: Option<&str>) -> Result<Claims, Error> {
        let page = self
            .scan(
                Table::Users,
                "begins_with(sk, :kind) AND NOT facts.#status IN (:canceled, :expired)",
                vec![
                    (":kind", text("subscription#")),
                    (":canceled", text("canceled")),
                    (":expired", text("incomplete_expired")),
                ],
                cursor,
            )
            .await?;
        let ids = page.0.iter().filter_map(|item| {
            let kind = item.get("sk")?.as_s().ok()?;
            kind.strip_prefix("subscription#").map(str::to_owned)
        });
        Ok(Claims {
            objects: ids.collect(),
            cursor: page.1,
        })
    }

    /// The invoices that are to be paid, by our record.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn claimed_invoices(&self, cursor: Option<&str>) -> Result<Claims, Error> {
        let page = self
            .scan(
                Table::Invoices,
                "facts.#status = :open",
                vec![(":open", text("open"))],
                cursor,
            )
            .await?;
        let ids = page.0.iter().filter_map(|item| item.get("pk")?.as_s().ok());
        Ok(Claims {
            objects: ids.cloned().collect(),
            cursor: page.1,
        })
    }

    async fn scan(
        &self,
        table: Table,
        filter: &str,
        values: Vec<(&'static str, AttributeValue)>,
        cursor: Option<&str>,
    ) -> Result<(Vec<Item>, Option<String>), Error> {
        let page = self
            .dynamo
            .scan()
            .table_name(self.table_name(table))
            .filter_expression(filter)
            .projection_expression("pk, sk")
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(as_map(values))
            .set_exclusive_start_key(cursor.map(start_key))
            .send()
            .await
            .map_err(|error| failed("walk a table", &error))?;
        let next = page.last_evaluated_key.as_ref().map(cursor_of);
        Ok((page.items.unwrap_or_default(), next))
    }
}

fn cursor_of(key: &Item) -> String {
    let part = |name: &str| key.get(name).and_then(|it| it.as_s().ok());
    let (pk, sk) = (part("pk"), part("sk"));
    let mut cursor = pk.cloned().unwrap_or_default();
    if let Some(sk) = sk {
        cursor.push(SEPARATOR);
        cursor.push_str(sk);
    }
    cursor
}

fn start_key(cursor: &str) -> Item {
    let (pk, sk) = match cursor.split_once(SEPARATOR) {
        Some((pk, sk)) => (pk, Some(sk)),
        None => (cursor, None),
    };
    let mut key = Item::from([("pk".to_owned(), text(pk))]);
    if let Some(sk) = sk {
        key.insert("sk".to_owned(), text(sk));
    }
    key
}
