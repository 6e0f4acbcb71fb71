//! The change of items that a call asks for, in the words of an update and of a preview.

use serde_json::Value;

use crate::billing::change::{Change, NewItem, PRORATIONS, Proration};
use crate::billing::subscription::{Wanted, period};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{Params, QUANTITY_MAX};
use crate::resources::checkout_sessions::recurring_price;
use crate::sim::StripeSim;

/// The change of items that an update asks for; none where it asks for none.
pub(crate) fn change_of(
    sim: &StripeSim,
    subscription: &Value,
    params: &Params,
) -> Result<Option<Change>, StripeError> {
    let word = params.word("proration_behavior", &PRORATIONS)?;
    let anchor_now = match params.given("billing_cycle_anchor") {
        None | Some("unchanged") => false,
        Some("now") => true,
        Some(_) => {
            return Err(StripeError::invalid(
                "Invalid billing_cycle_anchor: must be one of now, or unchanged",
            )
            .param("billing_cycle_anchor"));
        }
    };
    let date_s = params.int("proration_date")?;
    if anchor_now && date_s.is_some() {
        return Err(StripeError::invalid(
            "You cannot pass `proration_date` when the billing cycle anchor is set to `now`.",
        )
        .param("proration_date"));
    }
    let (start_s, end_s) = period(subscription);
    if date_s.is_some_and(|date_s| date_s < start_s || date_s > end_s) {
        return Err(StripeError::invalid(
            "Cannot specify `proration_date` outside of the current period.",
        )
        .param("proration_date"));
    }
    let items = params.elements("items");
    if items.is_empty() && !anchor_now {
        return Ok(None);
    }
    Ok(Some(Change {
        items: new_items(sim, subscription, &items)?,
        proration: Proration::new(word),
        at_s: date_s.unwrap_or(sim.now_s),
        anchor_now,
    }))
}

/// The items after the change: those named are changed, added or taken away, the others stay.
fn new_items(
    sim: &StripeSim,
    subscription: &Value,
    items: &[Params],
) -> Result<Vec<NewItem>, StripeError> {
    let mut result: Vec<NewItem> = subscription
        .list("items/data")
        .iter()
        .map(|item| NewItem {
            id: item.text_at("id").map(str::to_owned),
            wanted: Wanted {
                price: item.at("price").clone(),
                quantity: item.int("quantity"),
            },
            metadata: None,
        })
        .collect();
    for item in items {
        let quantity = item.int_within("quantity", 0..=QUANTITY_MAX)?;
        let price = match item.given("price") {
            Some(_) => Some(recurring_price(sim, item)?),
            None => None,
        };
        let Some(id) = item.given("id") else {
            let price =
                price.ok_or_else(|| StripeError::parameter_missing(&item.full_name("price")))?;
            let taken = result
                .iter()
                .any(|other| other.wanted.price.text("id") == price.text("id"));
            if taken {
                return Err(StripeError::invalid(format!(
                    "Cannot add multiple subscription items with the same plan: {}",
                    price.text("id")
                ))
                .param(item.full_name("price")));
            }
            let wanted = Wanted {
                price,
                quantity: quantity.unwrap_or(1),
            };
            let metadata = match item.has("metadata") {
                true => Some(item.metadata("metadata")?),
                false => None,
            };
            result.push(NewItem {
                id: None,
                wanted,
                metadata,
            });
            continue;
        };
        let at = result
            .iter()
            .position(|known| known.id.as_deref() == Some(id))
            .ok_or_else(|| {
                StripeError::missing_param("subscription item", id, &item.full_name("id"))
            })?;
        if item.flag("deleted")?.unwrap_or_default() {
            result.remove(at);
            continue;
        }
        let known = &mut result[at];
        // A new price starts with a quantity of one unless the call says otherwise.
        known.wanted.quantity = quantity.unwrap_or(if price.is_some() {
            1
        } else {
            known.wanted.quantity
        });
        if let Some(price) = price {
            known.wanted.price = price;
        }
        if item.has("metadata") {
            known.metadata = Some(item.metadata("metadata")?);
        }
    }
    if result.is_empty() {
        return Err(
            StripeError::invalid("A subscription must have at least one active item.")
                .param("items"),
        );
    }
    Ok(result)
}
