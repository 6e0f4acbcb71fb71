//! `expand[]`: an identifier is replaced by the object it names, and lists that are left out by default are put in.

use serde_json::Value;

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists;
use crate::sim::StripeSim;

/// Stripe's deepest expansion.
const DEPTH_MAX: usize = 4;

/// Expands one path, such as `data.customer` or `latest_invoice.payments`, in an answer.
pub(crate) fn expand(sim: &StripeSim, answer: &mut Value, path: &str) -> Result<(), StripeError> {
    let steps: Vec<&str> = path.split('.').collect();
    let below_list = usize::from(steps.first() == Some(&"data"));
    if steps.len() > DEPTH_MAX + below_list {
        return Err(StripeError::invalid(format!(
            "You cannot expand more than {DEPTH_MAX} levels of a property. Property: {path}"
        )));
    }
    walk(sim, answer, &steps, path)
}

fn walk(sim: &StripeSim, here: &mut Value, steps: &[&str], path: &str) -> Result<(), StripeError> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(());
    };
    match here {
        Value::Array(list) => list
            .iter_mut()
            .try_for_each(|element| walk(sim, element, steps, path)),
        Value::Null => Ok(()),
        Value::Object(object) => {
            if !object.contains_key(*step) {
                let list = left_out(sim, here, step).ok_or_else(|| cannot(path))?;
                here.put(step, list);
            }
            let field = &mut here[*step];
            if let Some(id) = field.as_str() {
                *field = sim
                    .store
                    .get(id)
                    .map(|object| Value::clone(object))
                    .ok_or_else(|| cannot(path))?;
            }
            // A list of identifiers, such as `discounts`, becomes a list of objects.
            if let Value::Array(list) = &mut *field {
                for element in list {
                    let named = element.as_str().and_then(|id| sim.store.get(id));
                    if let Some(object) = named.map(|object| Value::clone(object)) {
                        *element = object;
                    }
                }
            }
            walk(sim, field, rest, path)
        }
        _ => Err(cannot(path)),
    }
}

fn cannot(path: &str) -> StripeError {
    StripeError::invalid(format!("This property cannot be expanded ({path})."))
}

/// A list that an object has, and shows only when asked to.
fn left_out(sim: &StripeSim, object: &Value, field: &str) -> Option<Value> {
    let id = object.text("id");
    let customer = object.text_at("customer");
    let of = |kind: &str, owner: Option<&str>, keeps: &dyn Fn(&Value) -> bool, url: &str| {
        let data: Vec<Value> = sim
            .store
            .all(kind, owner)
            .rev()
            .filter(|other| keeps(other))
            .map(|other| Value::clone(other))
            .collect();
        Some(lists::embedded(data, url))
    };
    match (object.text("object"), field) {
        ("invoice", "payments") => of(
            "invoice_payment",
            Some(id),
            &|_| true,
            "/v1/invoice_payments",
        ),
        ("charge", "refunds") => of(
            "refund",
            customer,
            &|refund| refund.text("charge") == id,
            &format!("/v1/charges/{id}/refunds"),
        ),
        ("customer", "subscriptions") => of(
            "subscription",
            Some(id),
            &|subscription| subscription.text("status") != "canceled",
            &format!("/v1/customers/{id}/subscriptions"),
        ),
        ("checkout.session", "line_items") => sim.session_lines(id),
        _ => None,
    }
}
