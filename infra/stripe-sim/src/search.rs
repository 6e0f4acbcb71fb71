//! Stripe's search language, as `GET /v1/customers/search` and its like take it: `email:"ada@example.com" AND created>5`.
//!
//! The fields, operators and limits are those of docs.stripe.com/search. Stripe's index lags by up to a minute and this
//! one does not: a search here sees what was written before it.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::store::Store;

mod query;

use query::Query;

/// Stripe's largest page of results, and the usual one.
const LIMIT_MAX: i64 = 100;
const LIMIT_DEFAULT: i64 = 10;

/// What a resource lets itself be searched by.
pub(crate) struct Searchable {
    /// The kind of object, by its field `object`.
    pub(crate) kind: &'static str,
    /// Stripe's word for the resource in an error: `customers`.
    pub(crate) plural: &'static str,
    /// The searchable fields besides `metadata`.
    pub(crate) fields: &'static [(&'static str, Nature)],
}

/// What a searchable field holds, which decides the operators it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// A text that can be looked into: `:` and `~`.
    Text,
    /// A word that is the same or is not: `:` only.
    Token,
    /// A number: `:`, `>`, `<`, `>=` and `<=`.
    Number,
}

/// One page of what a query finds, newest first.
pub(crate) fn search(
    store: &Store,
    searchable: &Searchable,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["query", "limit", "page"])?;
    let query = Query::parse(params.required("query")?, searchable)?;
    let limit = params
        .int_within("limit", 1..=LIMIT_MAX)?
        .unwrap_or(LIMIT_DEFAULT);
    let limit = usize::try_from(limit).unwrap_or_default();
    let before = params.given("page").map(place_of).transpose()?;
    let mut found = store
        .between(searchable.kind, None, None, before)
        .rev()
        .filter(|object| !object.flag("deleted") && query.finds(object));
    let data: Vec<Value> = found
        .by_ref()
        .take(limit)
        .map(|object| Value::clone(object))
        .collect();
    let has_more = found.next().is_some();
    let next_page = data
        .last()
        .filter(|_| has_more)
        .and_then(|last| store.number(last.text("id")))
        .map(page_before);
    let mut result = json!({
        "object": "search_result",
        "has_more": has_more,
        "next_page": next_page,
        "url": format!("/v1/{}/search", searchable.plural),
    });
    if params
        .texts("expand")
        .iter()
        .any(|path| path == "total_count")
    {
        let all = store.all(searchable.kind, None);
        let total = all.filter(|object| !object.flag("deleted") && query.finds(object));
        result.put("total_count", total.count());
    }
    result.put("data", data);
    Ok(result)
}

/// The token of the page of everything older than a place in the order of creation. Callers take it as it comes.
fn page_before(number: u64) -> String {
    hex::encode(number.to_be_bytes())
}

fn place_of(page: &str) -> Result<u64, StripeError> {
    let mut bytes = [0; 8];
    hex::decode_to_slice(page, &mut bytes)
        .map(|()| u64::from_be_bytes(bytes))
        .map_err(|_| StripeError::invalid(format!("Invalid page token: {page}")).param("page"))
}
