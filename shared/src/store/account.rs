//! Door: the records of one customer's account.

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::{Key, LISTED, Table};
use super::transaction::{Condition, Item, Part, Transaction, UpdateExpression};
use super::whole::read_whole;
use super::{Store, from_item, number, text, to_item};
use crate::account::{Account, Record, Summary, Totals, Write};
use crate::error::Error;
use crate::event::Subject;
use crate::id::CustomerId;
use crate::time::Timestamp;

/// Pages of one customer's rows that are read. A page is 1 MB, about 1,500 rows: more than any customer has.
const ACCOUNT_PAGES_MAX: u32 = 4;

impl Record {
    /// Where the record is kept; none where it belongs to nobody and has no table of its own.
    fn key(&self) -> Option<Key> {
        let of_customer = |customer: &Option<CustomerId>, kind: &str, id: &str| {
            Some(Key::of_customer(customer.as_ref()?, format!("{kind}#{id}")))
        };
        match self {
            Self::Customer(kept) => Some(Key::of_customer(kept.customer.as_ref()?, "customer")),
            Self::Subscription(id, kept) => {
                of_customer(&kept.customer, "subscription", id.as_ref())
            }
            Self::Schedule(id, kept) => of_customer(&kept.customer, "schedule", id.as_ref()),
            Self::Card(id, kept) => of_customer(&kept.customer, "card", id.as_ref()),
            Self::Charge(id, kept) => of_customer(&kept.customer, "charge", id.as_ref()),
            Self::Invoice(id, _) => Some(Key::of(Table::Invoices, id.as_ref())),
            Self::Refund(id, _) => Some(Key::of(Table::Refunds, id.as_ref())),
            Self::Dispute(id, _) => Some(Key::of(Table::Disputes, id.as_ref())),
        }
    }

    fn item(&self) -> Result<Item, Error> {
        match self {
            Self::Customer(kept) => to_item(kept),
            Self::Subscription(id, kept) => {
                let mut item = to_item(kept)?;
                // By it the customer is found of whom only the subscription is known.
                item.insert("object_id".to_owned(), text(id));
                Ok(item)
            }
            Self::Schedule(_, kept) => to_item(kept),
            Self::Card(_, kept) => to_item(kept),
            Self::Charge(_, kept) => to_item(kept),
            Self::Invoice(_, kept) => Ok(listed(to_item(kept)?, kept.facts.created_at)),
            Self::Refund(_, kept) => Ok(listed(to_item(kept)?, kept.facts.created_at)),
            Self::Dispute(_, kept) => Ok(listed(to_item(kept)?, kept.facts.created_at)),
        }
    }
}

/// Adds what the index by customer sorts on.
fn listed(mut item: Item, created_at: Timestamp) -> Item {
    item.insert("created_at".to_owned(), text(created_at));
    item
}

/// Where the row is by which a customer is listed, if an event about `subject` can change it.
pub(in crate::store) fn summary_touched(subject: &Subject) -> Option<Key> {
    match subject {
        Subject::Customer(seen) => Some(Key::of_customer(&seen.id, "summary")),
        Subject::Subscription(seen) => Some(Key::of_customer(&seen.customer, "summary")),
        _ => None,
    }
}

/// Where the record is that an event about `subject` can change.
pub(in crate::store) fn key_touched(
    subject: &Subject,
    customer: Option<&CustomerId>,
) -> Option<Key> {
    match subject {
        Subject::Customer(seen) => Some(Key::of_customer(&seen.id, "customer")),
        Subject::Subscription(seen) => Some(Key::of_customer(
            customer?,
            format!("subscription#{}", seen.id),
        )),
        Subject::Schedule(seen) => {
            Some(Key::of_customer(customer?, format!("schedule#{}", seen.id)))
        }
        Subject::Charge(seen) => Some(Key::of_customer(customer?, format!("charge#{}", seen.id))),
        Subject::PaymentMethod(seen) => {
            Some(Key::of_customer(customer?, format!("card#{}", seen.id)))
        }
        Subject::Invoice(seen) => Some(Key::of(Table::Invoices, seen.id.as_ref()?.as_ref())),
        Subject::Refund(seen) => Some(Key::of(Table::Refunds, seen.id.as_ref())),
        Subject::Dispute(seen) => Some(Key::of(Table::Disputes, seen.id.as_ref())),
        Subject::CheckoutSession(_) | Subject::Other => None,
    }
}

impl Account {
    /// Takes in a row that was read.
    pub(super) fn take_in(&mut self, key: &Key, item: Item) -> Result<(), Error> {
        let parse = |id: &str| -> Error { Error::internal(format!("no id of ours: {id}")) };
        macro_rules! into_map {
            ($map:ident, $id:expr) => {{
                let id = $id;
                self.$map
                    .insert(id.parse().map_err(|_| parse(id))?, from_item(item)?);
            }};
        }
        match (
            key.table,
            key.sk
                .as_deref()
                .map(|sk| sk.split_once('#').unwrap_or((sk, ""))),
        ) {
            (Table::Users, Some(("summary", _))) => self.summary = Some(from_item(item)?),
            (Table::Users, Some(("customer", _))) => self.customer = Some(from_item(item)?),
            (Table::Users, Some(("subscription", id))) => into_map!(subscriptions, id),
            (Table::Users, Some(("schedule", id))) => into_map!(schedules, id),
            (Table::Users, Some(("card", id))) => into_map!(cards, id),
            (Table::Users, Some(("charge", id))) => into_map!(charges, id),
            (Table::Invoices, _) => into_map!(invoices, key.pk.as_str()),
            (Table::Refunds, _) => into_map!(refunds, key.pk.as_str()),
            (Table::Disputes, _) => into_map!(disputes, key.pk.as_str()),
            (Table::Users, Some(("totals", currency))) => {
                let currency = currency.parse().map_err(|_| parse(currency))?;
                self.totals.insert(currency, from_item(item)?);
            }
            // The binding is no part of the billing state.
            _ => {}
        }
        Ok(())
    }
}

impl Store {
    /// Everything that is kept under one customer: its subscriptions, schedules, cards and refunded charges. Invoices,
    /// refunds and disputes have tables of their own.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn account(&self, customer: &CustomerId) -> Result<Account, Error> {
        let query = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::Users))
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(format!("customer#{customer}")))
            .consistent_read(true);
        let found = read_whole(query, ACCOUNT_PAGES_MAX, usize::MAX, "query an account").await?;
        if !found.is_whole {
            return Err(Error::internal(format!(
                "account {customer} has more rows than are read"
            )));
        }
        let mut account = Account::default();
        for item in found.items {
            if let Some(sk) = item.get("sk").and_then(|sk| sk.as_s().ok()).cloned() {
                account.take_in(&Key::of_customer(customer, sk), item)?;
            }
        }
        Ok(account)
    }
}

impl Transaction {
    /// Writes a record over the version that was read.
    ///
    /// # Errors
    /// `Internal` where the record cannot be written as an item.
    pub(super) fn record(&mut self, store: &Store, write: &Write) -> Result<(), Error> {
        let Some(key) = write.record.key() else {
            return Ok(());
        };
        let condition = match &write.replaces {
            None => Condition::absent(),
            Some(version) => Condition::equals("version", text(version)),
        };
        self.put(
            store,
            Part::Record,
            &key,
            write.record.item()?,
            Some(condition),
        );
        Ok(())
    }

    /// Writes the row by which a customer is listed, over the revision that was read.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub(super) fn summary(&mut self, store: &Store, summary: &Summary) -> Result<(), Error> {
        let mut item = to_item(&Summary {
            revision: summary.revision + 1,
            ..summary.clone()
        })?;
        item.insert("listed".to_owned(), text(LISTED));
        item.insert("listed_status".to_owned(), text(summary.status()));
        let plan = summary.plan().map_or("none", |plan| plan.key());
        item.insert("listed_plan".to_owned(), text(plan));
        let attention = summary.attention();
        if !attention.is_empty() {
            item.insert("attention".to_owned(), text(LISTED));
            let flags = attention.iter().map(|flag| flag.as_str().to_owned());
            item.insert("flags".to_owned(), AttributeValue::Ss(flags.collect()));
        }
        let words = summary.words();
        if let [(_, Some(name)), ..] = &words {
            item.insert("name_key".to_owned(), text(name));
        }
        let condition = match summary.revision {
            0 => Condition::absent(),
            revision => Condition::equals("revision", AttributeValue::N(revision.to_string())),
        };
        let key = Key::of_customer(&summary.customer, "summary");
        self.put(store, Part::Record, &key, item, Some(condition));
        Ok(())
    }

    /// Writes the words by which a customer is found. A word that is gone leaves a row that no index holds.
    pub(super) fn words(&mut self, store: &Store, summary: &Summary) {
        for (what, word) in summary.words() {
            let mut item = Item::new();
            if let Some(word) = word {
                item.insert("words".to_owned(), text(LISTED));
                item.insert("word".to_owned(), text(word));
            }
            let key = Key::of_customer(&summary.customer, format!("word#{what}"));
            self.put(store, Part::Effect, &key, item, None);
        }
    }

    /// Adds to the totals of the customer whose records are written.
    pub(super) fn totals(&mut self, store: &Store, customer: &CustomerId, totals: &Totals) {
        self.update(
            store,
            Part::Effect,
            &Key::of_customer(customer, format!("totals#{}", totals.currency)),
            UpdateExpression {
                expression: "SET currency = :currency \
                             ADD paid_cents :paid, refunded_cents :refunded, disputed_cents :disputed"
                    .to_owned(),
                condition: None,
                values: vec![
                    (":currency", text(totals.currency)),
                    (":paid", number(totals.paid_cents)),
                    (":refunded", number(totals.refunded_cents)),
                    (":disputed", number(totals.disputed_cents)),
                ],
            },
        );
    }
}
