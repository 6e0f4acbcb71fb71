//! Where a payment's goods are sent: the parameter `shipping`, wherever a call has it.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::params::Params;
use crate::resources::customers;

/// The field `shipping` that a call asks for; none where it says nothing, null where it takes it off.
pub(crate) fn asked(params: &Params, name: &str) -> Result<Option<Value>, StripeError> {
    if params.text(name) == Some("") {
        return Ok(Some(Value::Null));
    }
    if !params.has(name) {
        return Ok(None);
    }
    let shipping = params.below(name);
    if !shipping.has("address") {
        return Err(StripeError::parameter_missing(
            &shipping.full_name("address"),
        ));
    }
    shipping.required("name")?;
    let text = |field: &str| json!(shipping.given(field));
    Ok(Some(json!({
        "address": customers::address(&shipping, "address"),
        "carrier": text("carrier"),
        "name": text("name"),
        "phone": text("phone"),
        "tracking_number": text("tracking_number"),
    })))
}
