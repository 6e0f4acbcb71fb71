//! `/v1/subscription_items`: read only; items are changed through their subscription.

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists;
use crate::params::Params;
use crate::resources::subscriptions;
use crate::sim::StripeSim;

/// `GET /v1/subscription_items`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["subscription"]].concat())?;
    let id = params.required("subscription")?;
    let subscription = subscriptions::retrieve(sim, id)
        .map_err(|error| error.status(400).param("subscription"))?;
    lists::page_within(subscription.at("items"), "subscription item", params)
}
