//! Door: what the record claims of Stripe, a page at a time: customers, subscriptions that run and invoices to be paid. It walks
//! whole tables, which only the nightly sync does.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::{Key, Table};
use super::sync_health::Suspect;
use super::transaction::{Item, as_map};
use super::{Store, text};
use crate::account::Account;
use crate::aws::failed;
use crate::error::Error;
use crate::sync_run::Listing;
use crate::time::Timestamp;

/// Between the two keys in the cursor; no id has it.
const SEPARATOR: char = '\n';

/// A page of claims.
#[derive(Debug, Default)]
pub struct Claims {
    /// What is claimed.
    pub objects: Vec<Suspect>,
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
                &["#status"],
                vec![
                    (":kind", text("subscription#")),
                    (":canceled", text("canceled")),
                    (":expired", text("incomplete_expired")),
                ],
                cursor,
            )
            .await?;
        let claims = page.0.iter().filter_map(|item| {
            let subscription = part(item, "sk")?.strip_prefix("subscription#")?;
            Some(Suspect {
                customer: customer_in(item),
                ..Suspect::new(Listing::Subscriptions, subscription)
            })
        });
        Ok(Claims {
            objects: claims.collect(),
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
                &["#status"],
                vec![(":open", text("open"))],
                cursor,
            )
            .await?;
        let ids = page.0.iter().filter_map(|item| part(item, "pk"));
        let claims = ids.map(|id| Suspect::new(Listing::OpenInvoices, id));
        Ok(Claims {
            objects: claims.collect(),
            cursor: page.1,
        })
    }

    /// The customers that are not deleted, by our record, and of which no news was written since `since`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn quiet_customers(
        &self,
        since: Timestamp,
        cursor: Option<&str>,
    ) -> Result<Claims, Error> {
        let page = self
            .scan(
                Table::Users,
                "sk = :kind AND facts.deleted = :no AND version < :since",
                &[],
                vec![
                    (":kind", text("customer")),
                    (":no", AttributeValue::Bool(false)),
                    (":since", text(since)),
                ],
                cursor,
            )
            .await?;
        let customers = page.0.iter().filter_map(customer_in);
        let claims = customers.map(|id| Suspect::new(Listing::Customers, id));
        Ok(Claims {
            objects: claims.collect(),
            cursor: page.1,
        })
    }

    /// What is on record of a suspect, as an account that has nothing else.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn record_of(&self, suspect: &Suspect) -> Result<Account, Error> {
        let mut account = Account::default();
        if let Some(key) = suspect.key() {
            for (key, item) in self.read(&[key]).await? {
                account.take_in(&key, item)?;
            }
        }
        Ok(account)
    }

    async fn scan(
        &self,
        table: Table,
        filter: &str,
        reserved: &[&str],
        values: Vec<(&'static str, AttributeValue)>,
        cursor: Option<&str>,
    ) -> Result<(Vec<Item>, Option<String>), Error> {
        let page = self
            .dynamo
            .scan()
            .table_name(self.table_name(table))
            .filter_expression(filter)
            .projection_expression("pk, sk")
            .set_expression_attribute_names(names(reserved))
            .set_expression_attribute_values(as_map(values))
            .set_exclusive_start_key(cursor.map(start_key))
            .send()
            .await
            .map_err(|error| failed("walk a table", &error))?;
        let next = page.last_evaluated_key.as_ref().map(cursor_of);
        Ok((page.items.unwrap_or_default(), next))
    }
}

impl Suspect {
    /// Where its record is; none where that cannot be told without asking Stripe.
    fn key(&self) -> Option<Key> {
        let of_customer = |customer: &str, what: String| {
            Some(Key::sorted(
                Table::Users,
                format!("customer#{customer}"),
                what,
            ))
        };
        let id = self.object.as_str();
        match self.listing {
            Listing::Customers => of_customer(id, "customer".to_owned()),
            Listing::Subscriptions => {
                of_customer(self.customer.as_deref()?, format!("subscription#{id}"))
            }
            Listing::OpenInvoices => Some(Key::of(Table::Invoices, id)),
            Listing::Refunds => Some(Key::of(Table::Refunds, id)),
            Listing::Disputes => Some(Key::of(Table::Disputes, id)),
        }
    }
}

/// The names that are reserved words, each as it is written in an expression. None at all where there are none: DynamoDB
/// refuses an empty list.
fn names(reserved: &[&str]) -> Option<HashMap<String, String>> {
    let names = reserved
        .iter()
        .map(|name| ((*name).to_owned(), name.trim_start_matches('#').to_owned()));
    (!reserved.is_empty()).then(|| names.collect())
}

fn part<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

fn customer_in(item: &Item) -> Option<String> {
    let customer = part(item, "pk")?.strip_prefix("customer#")?;
    Some(customer.to_owned())
}

fn cursor_of(key: &Item) -> String {
    let (pk, sk) = (part(key, "pk"), part(key, "sk"));
    let mut cursor = pk.unwrap_or_default().to_owned();
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
