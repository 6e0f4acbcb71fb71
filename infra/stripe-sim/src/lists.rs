//! Lists in Stripe's shape: newest first, by cursor, with `has_more`.

use serde_json::{Value, json};

use crate::clocks::is_on_a_clock;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::store::Store;

/// Stripe's largest page.
const LIMIT_MAX: i64 = 100;
const LIMIT_DEFAULT: i64 = 10;

/// What to list, before paging.
pub(crate) struct Listing<'a> {
    /// The kind of object, by its field `object`.
    pub(crate) kind: &'a str,
    /// Stripe's word for it in an error about a cursor.
    pub(crate) noun: &'a str,
    /// The `url` of the list object.
    pub(crate) url: &'a str,
    /// Only those of one customer, or for payments of one invoice.
    pub(crate) owner: Option<&'a str>,
}

/// One page of the objects that `wanted` keeps.
pub(crate) fn page(
    store: &Store,
    listing: &Listing<'_>,
    params: &Params,
    wanted: impl Fn(&Value) -> bool,
) -> Result<Value, StripeError> {
    let cursors = Cursors::read(params, listing.noun, |id| store.number(id))?;
    // What lives on a test clock is listed only where its customer or its clock is named.
    let hidden = listing.owner.is_some() || params.given("test_clock").is_some();
    let (found, has_more) = cursors.take(
        store
            .between(
                listing.kind,
                listing.owner,
                cursors.newer_than,
                cursors.older_than,
            )
            .filter(|object| hidden || !is_on_a_clock(object))
            .filter(|object| wanted(object)),
    );
    let data = found
        .into_iter()
        .map(|object| Value::clone(object))
        .collect();
    Ok(list(data, has_more, listing.url))
}

/// Where a page lies in the order of creation, and how long it is.
pub(crate) struct Cursors {
    pub(crate) newer_than: Option<u64>,
    pub(crate) older_than: Option<u64>,
    limit: usize,
}

impl Cursors {
    /// From the parameters of a list; `number` gives the place of an object that a cursor names.
    pub(crate) fn read(
        params: &Params,
        noun: &str,
        number: impl Fn(&str) -> Option<u64>,
    ) -> Result<Self, StripeError> {
        if params.given("ending_before").is_some() && params.given("starting_after").is_some() {
            return Err(StripeError::invalid(
                "You cannot parameterize both starting_after and ending_before.",
            ));
        }
        let cursor = |name: &str| match params.given(name) {
            None => Ok(None),
            Some(id) => number(id)
                .map(Some)
                .ok_or_else(|| StripeError::missing_param(noun, id, name)),
        };
        Ok(Self {
            newer_than: cursor("ending_before")?,
            older_than: cursor("starting_after")?,
            limit: limit(params)?,
        })
    }

    /// The page out of everything between the cursors, newest first, and whether there is more beyond it. Backward
    /// paging takes the page next to its cursor.
    pub(crate) fn take<T>(&self, between: impl DoubleEndedIterator<Item = T>) -> (Vec<T>, bool) {
        // One more than the page tells whether there is more.
        let one_more = self.limit + 1;
        let mut found: Vec<T> = if self.newer_than.is_some() {
            between.take(one_more).collect()
        } else {
            between.rev().take(one_more).collect()
        };
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if self.newer_than.is_some() {
            found.reverse();
        }
        (found, has_more)
    }
}

/// The list object around some data.
pub(crate) fn list(data: Vec<Value>, has_more: bool, url: &str) -> Value {
    let mut list = json!({"object": "list", "has_more": has_more, "url": url});
    // Moved in afterwards: `json!` would copy it.
    list.put("data", data);
    list
}

fn limit(params: &Params) -> Result<usize, StripeError> {
    let limit = params.int("limit")?.unwrap_or(LIMIT_DEFAULT);
    let refused = |message: String, code: &'static str| {
        Err(StripeError::invalid(message).code(code).param("limit"))
    };
    if limit < 1 {
        return refused(
            "This value must be greater than or equal to 1.".to_owned(),
            "parameter_invalid_integer",
        );
    }
    if limit > LIMIT_MAX {
        return refused(
            format!("Limit can only be up to {LIMIT_MAX}."),
            "parameter_invalid_integer",
        );
    }
    Ok(usize::try_from(limit).unwrap_or_default())
}

/// A page of a list inside an object, such as the lines of an invoice, in the order that it has there.
pub(crate) fn page_within(
    whole: &Value,
    noun: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    let elements = whole.list("data");
    // Pages count down from the first element, as they do from the newest object of a kind.
    let numbered = || (0..).zip(elements.iter().rev());
    let cursors = Cursors::read(params, noun, |id| {
        let found = numbered().find(|(_, element)| element.text("id") == id);
        found.map(|(number, _)| number)
    })?;
    let between = numbered().filter(|(number, _)| {
        cursors.newer_than.is_none_or(|newer| *number > newer)
            && cursors.older_than.is_none_or(|older| *number < older)
    });
    let between: Vec<&Value> = between.map(|(_, element)| element).collect();
    let (found, has_more) = cursors.take(between.into_iter());
    let data = found.into_iter().cloned().collect();
    Ok(list(data, has_more, whole.text("url")))
}

/// A whole list inside an object, such as the items of a subscription.
pub(crate) fn embedded(data: Vec<Value>, url: &str) -> Value {
    let total_count = data.len();
    let mut embedded = list(data, false, url);
    embedded.put("total_count", total_count);
    embedded
}

/// `created=5`, or `created[gt|gte|lt|lte]=5`.
pub(crate) fn in_range(params: &Params, name: &str) -> Result<impl Fn(i64) -> bool, StripeError> {
    let below = |bound: &str| params.int(&format!("{name}[{bound}]"));
    let (exactly, gt, gte, lt, lte) = (
        params.int(name)?,
        below("gt")?,
        below("gte")?,
        below("lt")?,
        below("lte")?,
    );
    Ok(move |at: i64| {
        exactly.is_none_or(|bound| at == bound)
            && gt.is_none_or(|bound| at > bound)
            && gte.is_none_or(|bound| at >= bound)
            && lt.is_none_or(|bound| at < bound)
            && lte.is_none_or(|bound| at <= bound)
    })
}

/// The parameters every list takes.
pub(crate) const PAGING: [&str; 3] = ["limit", "starting_after", "ending_before"];

/// The parameters of a list that can be narrowed by its time of creation.
pub(crate) const PAGING_BY_TIME: [&str; 8] = [
    "limit",
    "starting_after",
    "ending_before",
    "created",
    "created[gt]",
    "created[gte]",
    "created[lt]",
    "created[lte]",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(store: &Store, form: &str) -> (Vec<String>, bool) {
        let listing = Listing {
            kind: "price",
            noun: "price",
            url: "/v1/prices",
            owner: None,
        };
        let params = Params::parse(form, "").unwrap();
        let page = page(store, &listing, &params, |_| true).unwrap();
        let ids = page
            .list("data")
            .iter()
            .map(|object| object.text("id").to_owned());
        (ids.collect(), page.flag("has_more"))
    }

    fn store_of_five() -> Store {
        let mut store = Store::default();
        for number in 1..=5 {
            store.insert(json!({"id": format!("p{number}"), "object": "price"}));
        }
        store
    }

    #[test]
    fn pages_run_newest_first_in_both_directions() {
        let store = store_of_five();
        let page = |form: &str| ids(&store, form);
        let named = |ids: &[&str], more| (ids.iter().map(|&id| id.to_owned()).collect(), more);
        assert_eq!(page(""), named(&["p5", "p4", "p3", "p2", "p1"], false));
        assert_eq!(page("limit=2"), named(&["p5", "p4"], true));
        assert_eq!(
            page("limit=2&starting_after=p4"),
            named(&["p3", "p2"], true)
        );
        assert_eq!(page("limit=2&starting_after=p2"), named(&["p1"], false));
        assert_eq!(page("limit=2&ending_before=p1"), named(&["p3", "p2"], true));
        assert_eq!(
            page("limit=2&ending_before=p3"),
            named(&["p5", "p4"], false)
        );
    }

    #[test]
    fn a_bad_cursor_or_limit_is_refused() {
        let listing = Listing {
            kind: "price",
            noun: "price",
            url: "/v1/prices",
            owner: None,
        };
        for form in ["limit=0", "limit=101", "starting_after=p9"] {
            let params = Params::parse(form, "").unwrap();
            let refused = page(&store_of_five(), &listing, &params, |_| true).unwrap_err();
            assert_eq!(refused.status, 400, "{form}");
        }
    }
}
