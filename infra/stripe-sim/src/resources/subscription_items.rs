//! `/v1/subscription_items`: a subscription's items one by one. Each change is one of the subscription.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists;
use crate::params::Params;
use crate::resources::subscriptions;
use crate::sim::StripeSim;

/// What a call on an item says of the item itself.
const OF_THE_ITEM: [&str; 2] = ["price", "quantity"];

/// What it says of the change.
const OF_THE_CHANGE: [&str; 4] = [
    "proration_behavior",
    "proration_date",
    "payment_behavior",
    "off_session",
];

/// `POST /v1/subscription_items`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    let own = ["subscription", "metadata[*]"];
    params.only(&[&own[..], &OF_THE_ITEM, &OF_THE_CHANGE].concat())?;
    let subscription = params.required("subscription")?.to_owned();
    let before = subscriptions::retrieve(sim, &subscription)
        .map_err(|error| error.status(400).param("subscription"))?;
    params.required("price")?;
    change(sim, &subscription, params, &[])?;
    let after = subscriptions::retrieve(sim, &subscription)?;
    let new = after.list("items/data").iter().find(|item| {
        let known = before.list("items/data");
        !known.iter().any(|known| known.at("id") == item.at("id"))
    });
    // A change that waits to be paid has not added the item yet.
    new.or(after.list("items/data").last())
        .cloned()
        .ok_or_else(|| StripeError::missing("subscription item", &subscription))
}

/// `GET /v1/subscription_items/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    let holder = subscription_of(sim, id)?;
    let mut items = holder.list("items/data").iter();
    items
        .find(|item| item.text("id") == id)
        .cloned()
        .ok_or_else(|| StripeError::missing("subscription item", id))
}

/// `POST /v1/subscription_items/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&["metadata[*]"][..], &OF_THE_ITEM, &OF_THE_CHANGE].concat())?;
    let subscription = subscription_of(sim, id)?.text("id").to_owned();
    change(sim, &subscription, params, &[("id", id)])?;
    retrieve(sim, id)
}

/// `DELETE /v1/subscription_items/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&["clear_usage"][..], &OF_THE_CHANGE].concat())?;
    let subscription = subscription_of(sim, id)?.text("id").to_owned();
    change(
        sim,
        &subscription,
        params,
        &[("id", id), ("deleted", "true")],
    )?;
    Ok(json!({"id": id, "object": "subscription_item", "deleted": true}))
}

/// Changes one item through its subscription; what is refused names the item's own parameter.
fn change(
    sim: &mut StripeSim,
    subscription: &str,
    params: &Params,
    more: &[(&str, &str)],
) -> Result<(), StripeError> {
    let mut asked = Params::default();
    let of_the_item = OF_THE_ITEM
        .into_iter()
        .filter_map(|name| Some((name, params.given(name)?)));
    for (name, value) in of_the_item.chain(more.iter().copied()) {
        asked = asked.with(&format!("items[0][{name}]"), value);
    }
    for (key, value) in params.object("metadata") {
        asked = asked.with(
            &format!("items[0][metadata][{key}]"),
            value.as_str().unwrap_or_default(),
        );
    }
    for name in OF_THE_CHANGE {
        if let Some(value) = params.given(name) {
            asked = asked.with(name, value);
        }
    }
    subscriptions::update(sim, subscription, &asked)
        .map(|_| ())
        .map_err(|error| {
            let own = error.param.as_deref().and_then(|name| {
                let name = name.strip_prefix("items[0][")?;
                name.strip_suffix(']').map(str::to_owned)
            });
            match own {
                Some(own) => error.param(own),
                None => error,
            }
        })
}

/// The subscription that an item belongs to.
fn subscription_of<'a>(sim: &'a StripeSim, id: &str) -> Result<&'a Value, StripeError> {
    sim.objects("subscription")
        .find(|subscription| {
            let mut items = subscription.list("items/data").iter();
            items.any(|item| item.text("id") == id)
        })
        .ok_or_else(|| StripeError::missing("subscription item", id))
}

/// `GET /v1/subscription_items`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["subscription"]].concat())?;
    let id = params.required("subscription")?;
    let subscription = subscriptions::retrieve(sim, id)
        .map_err(|error| error.status(400).param("subscription"))?;
    lists::page_within(subscription.at("items"), "subscription item", params)
}
