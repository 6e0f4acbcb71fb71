//! The resources of the API, one file each: what a call may say, and what it answers.

pub(crate) mod account;
pub(crate) mod billing_portal;
pub(crate) mod charges;
pub(crate) mod checkout_sessions;
pub(crate) mod coupons;
pub(crate) mod credit_notes;
pub(crate) mod customer_balance;
pub(crate) mod customers;
pub(crate) mod disputes;
pub(crate) mod early_fraud_warnings;
pub(crate) mod invoice_items;
pub(crate) mod invoice_payments;
pub(crate) mod invoices;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod prices;
pub(crate) mod products;
pub(crate) mod promotion_codes;
pub(crate) mod refunds;
pub(crate) mod setup_intents;
pub(crate) mod subscription_items;
pub(crate) mod subscription_schedules;
pub(crate) mod subscriptions;
pub(crate) mod test_clocks;
pub(crate) mod webhook_endpoints;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::sim::StripeSim;
use serde_json::Value;

/// One object of a kind, by the identifier in the path.
pub(crate) fn retrieve(
    sim: &StripeSim,
    kind: &str,
    noun: &str,
    id: &str,
) -> Result<Value, StripeError> {
    sim.store
        .of_kind(kind, id)
        .map(|object| Value::clone(object))
        .ok_or_else(|| StripeError::missing(noun, id))
}

/// A list of a kind that can be narrowed to a customer, to a time, and to equal texts in some fields.
pub(crate) fn list(
    sim: &StripeSim,
    listing: &Listing<'_>,
    params: &Params,
    equal: &[(&str, &str)],
) -> Result<Value, StripeError> {
    let own: Vec<&str> = equal.iter().map(|(param, _)| *param).collect();
    params.only(&[&lists::PAGING_BY_TIME[..], &["customer"], &own].concat())?;
    narrowed(sim, listing, params, equal)
}

/// The same of a kind that Stripe does not list by customer.
pub(crate) fn list_without_customer(
    sim: &StripeSim,
    listing: &Listing<'_>,
    params: &Params,
    equal: &[(&str, &str)],
) -> Result<Value, StripeError> {
    let own: Vec<&str> = equal.iter().map(|(param, _)| *param).collect();
    params.only(&[&lists::PAGING_BY_TIME[..], &own].concat())?;
    narrowed(sim, listing, params, equal)
}

fn narrowed(
    sim: &StripeSim,
    listing: &Listing<'_>,
    params: &Params,
    equal: &[(&str, &str)],
) -> Result<Value, StripeError> {
    let created = lists::in_range(params, "created")?;
    let owner = listing.owner.or_else(|| params.given("customer"));
    let listing = Listing { owner, ..*listing };
    lists::page(&sim.store, &listing, params, |object| {
        created(object.int("created"))
            && equal.iter().all(|(param, field)| {
                params
                    .given(param)
                    .is_none_or(|wanted| object.text(field) == wanted)
            })
    })
}
