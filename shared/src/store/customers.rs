//! Door: the list of customers.

use std::collections::HashMap;

use super::keys::{Key, LISTED, Table};
use super::pages::{Asked, Listing, Page};
use super::transaction::Item;
use super::{Store, from_item, text};
use crate::account::{Attention, Summary};
use crate::error::Error;
use crate::id::{CustomerId, SubscriptionId};

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Whoever came last comes first.
    #[default]
    Newest,
    /// Whoever came first comes first.
    Oldest,
    /// By name. Those without one are left out.
    Name,
}

/// Which customers.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Their subscription's status, or `none`.
    pub status: Option<String>,
    /// The plan they have, or `none`.
    pub plan: Option<String>,
    /// Why somebody should look at them.
    pub attention: Option<Attention>,
}

impl Filter {
    /// Whether it lets everybody through.
    pub const fn is_empty(&self) -> bool {
        self.status.is_none() && self.plan.is_none() && self.attention.is_none()
    }
}

impl Store {
    /// A page of the customers, in two calls. By name only where nothing is filtered: an index has one order.
    ///
    /// # Errors
    /// `Invalid` where the cursor is none; `Unavailable`; `Internal` where a row cannot be read.
    pub async fn customers(
        &self,
        filter: &Filter,
        sort: Sort,
        asked: &Asked,
    ) -> Result<Page<Summary>, Error> {
        let page = self.page_of_items(listing(filter, sort), asked).await?;
        self.with_summaries(page).await
    }

    /// The customers of whom a word begins like this: the name, the last name or the address.
    ///
    /// # Errors
    /// As [`customers`](Self::customers).
    pub async fn customers_found(
        &self,
        begins: &str,
        asked: &Asked,
    ) -> Result<Page<Summary>, Error> {
        let listing = Listing {
            table: Some(Table::Users),
            index: Some("words"),
            hash: "words",
            value: LISTED.to_owned(),
            sort: "word",
            range: Some("begins_with(word, :begins)"),
            values: vec![(":begins", text(begins))],
            ..Listing::default()
        };
        let page = self.page_of_items(listing, asked).await?;
        self.with_summaries(page).await
    }

    /// Whose a subscription is, by the record.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn customer_of_subscription(
        &self,
        subscription: &SubscriptionId,
    ) -> Result<Option<CustomerId>, Error> {
        let listing = Listing {
            table: Some(Table::Users),
            index: Some("by_object"),
            hash: "object_id",
            value: subscription.to_string(),
            ..Listing::default()
        };
        let asked = Asked {
            limit: 1,
            cursor: None,
        };
        let page = self.page_of_items(listing, &asked).await?;
        Ok(page.rows.iter().find_map(customer_in))
    }

    /// The rows by which customers are listed, at most a hundred.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn summaries(
        &self,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Summary>, Error> {
        let mut keys: Vec<Key> = Vec::with_capacity(customers.len());
        for customer in customers {
            let key = Key::of_customer(customer, "summary");
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.read(&keys).await?;
        let summaries = found.into_values().map(from_item::<Summary>);
        summaries
            .map(|summary| summary.map(|it| (it.customer.clone(), it)))
            .collect()
    }

    async fn with_summaries(&self, page: Page<Item>) -> Result<Page<Summary>, Error> {
        let ids: Vec<CustomerId> = page.rows.iter().filter_map(customer_in).collect();
        let mut summaries = self.summaries(&ids).await?;
        // Somebody who is found by two words is listed once.
        Ok(Page {
            rows: ids.iter().filter_map(|id| summaries.remove(id)).collect(),
            next: page.next,
        })
    }
}

fn customer_in(item: &Item) -> Option<CustomerId> {
    let pk = item.get("pk")?.as_s().ok()?;
    pk.strip_prefix("customer#")?.parse().ok()
}

fn listing(filter: &Filter, sort: Sort) -> Listing {
    let mut filters = Vec::new();
    let mut values = Vec::new();
    let of_status = filter.status.as_ref();
    let of_plan = filter.plan.as_ref();
    let (index, hash, value) = match (filter.attention, of_status, of_plan) {
        (Some(attention), ..) => {
            values.push((":flag", text(attention.as_str())));
            filters.push("contains(flags, :flag)");
            ("by_attention", "attention", LISTED)
        }
        (None, Some(status), _) => ("by_status", "listed_status", status.as_str()),
        (None, None, Some(plan)) => ("by_plan", "listed_plan", plan.as_str()),
        (None, None, None) if sort == Sort::Name => ("by_name", "listed", LISTED),
        (None, None, None) => ("by_created", "listed", LISTED),
    };
    if let Some(status) = of_status.filter(|_| hash != "listed_status") {
        values.push((":status", text(status)));
        filters.push("listed_status = :status");
    }
    if let Some(plan) = of_plan.filter(|_| hash != "listed_plan") {
        values.push((":plan", text(plan)));
        filters.push("listed_plan = :plan");
    }
    Listing {
        table: Some(Table::Users),
        index: Some(index),
        hash,
        value: value.to_owned(),
        sort: if index == "by_name" {
            "name_key"
        } else {
            "created_at"
        },
        filter: (!filters.is_empty()).then(|| filters.join(" AND ")),
        values,
        newest_first: sort == Sort::Newest,
        ..Listing::default()
    }
}
