//! `/v1/setup_intents`: a card put on file without a payment.

use serde_json::{Value, json};

use crate::billing::authentication::Authentication;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources::{self, customers, payment_methods};
use crate::sim::StripeSim;

/// `POST /v1/setup_intents`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "payment_method",
        "payment_method_types[]",
        "automatic_payment_methods[enabled]",
        "automatic_payment_methods[allow_redirects]",
        "confirm",
        "description",
        "metadata[*]",
        "return_url",
        "usage",
    ])?;
    if let Some(customer) = params.given("customer") {
        customers::living(sim, customer)?;
    }
    let usage = params.word("usage", &["off_session", "on_session"])?;
    let confirmed = params.flag("confirm")?.unwrap_or_default();
    let automatic = params.flag("automatic_payment_methods[enabled]")?;
    let metadata = params.metadata("metadata")?;
    let method = match params.given("payment_method") {
        Some(method) => Some(payment_methods::resolve(sim, method, "payment_method")?),
        None if confirmed => return Err(StripeError::parameter_missing("payment_method")),
        None => None,
    };
    let types = match params.texts("payment_method_types") {
        types if types.is_empty() => vec!["card".to_owned()],
        types => types,
    };
    let wanted = Wanted {
        customer: params.given("customer"),
        description: params.given("description"),
        metadata,
        method: method.as_deref(),
        types,
        usage: usage.unwrap_or("off_session"),
    };
    let id = insert(sim, &wanted);
    sim.store.change(&id, |intent| {
        intent.put(
            "automatic_payment_methods",
            json!(automatic.map(|enabled| json!({
                "allow_redirects": params.given("automatic_payment_methods[allow_redirects]").unwrap_or("always"),
                "enabled": enabled,
            }))),
        );
    });
    sim.emit("setup_intent.created", &id);
    if let Some(method) = method.filter(|_| confirmed) {
        set_up(sim, &id, &method, params.given("return_url"))?;
    }
    retrieve(sim, &id)
}

/// What a new intent is to be for.
pub(crate) struct Wanted<'a> {
    pub(crate) customer: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) metadata: Value,
    pub(crate) method: Option<&'a str>,
    pub(crate) types: Vec<String>,
    pub(crate) usage: &'a str,
}

/// Stores an intent and gives its identifier.
pub(crate) fn insert(sim: &mut StripeSim, wanted: &Wanted<'_>) -> String {
    let id = sim.ids.long("seti");
    let secret = sim.ids.letters(25);
    sim.store.insert(json!({
        "id": id,
        "object": "setup_intent",
        "allowed_payment_method_types": null,
        "application": null,
        "automatic_payment_methods": null,
        "cancellation_reason": null,
        "client_secret": format!("{id}_secret_{secret}"),
        "created": sim.now_s,
        "customer": wanted.customer,
        "customer_account": null,
        "description": wanted.description,
        "excluded_payment_method_types": null,
        "flow_directions": null,
        "last_setup_error": null,
        "latest_attempt": null,
        "livemode": sim.options.livemode,
        "managed_payments": null,
        "mandate": null,
        "metadata": wanted.metadata,
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": wanted.method,
        "payment_method_configuration_details": null,
        "payment_method_options": {
            "card": {"mandate_options": null, "network": null, "request_three_d_secure": "automatic"},
        },
        "payment_method_types": wanted.types,
        "single_use_mandate": null,
        "status": if wanted.method.is_some() { "requires_confirmation" } else { "requires_payment_method" },
        "usage": wanted.usage,
    }));
    id
}

/// `POST /v1/setup_intents/:id/confirm`
pub(crate) fn confirm(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["payment_method", "return_url"])?;
    let intent = retrieve(sim, id)?;
    if matches!(intent.text("status"), "succeeded" | "canceled") {
        return Err(unexpected(&intent, "confirm"));
    }
    let method = match params.given("payment_method") {
        Some(method) => payment_methods::resolve(sim, method, "payment_method")?,
        None => match intent.text_at("payment_method") {
            Some(method) => method.to_owned(),
            None => return Err(StripeError::parameter_missing("payment_method")),
        },
    };
    set_up(sim, id, &method, params.given("return_url"))?;
    retrieve(sim, id)
}

pub(crate) fn set_up(
    sim: &mut StripeSim,
    id: &str,
    method: &str,
    return_url: Option<&str>,
) -> Result<(), StripeError> {
    let card = payment_methods::card(sim, method);
    if let Some(decline) = card.decline_at_attach() {
        let error = decline.error();
        let shown = error.body("");
        sim.store.change(id, |intent| {
            intent.put("status", "requires_payment_method");
            intent.put("payment_method", Value::Null);
            intent.put("last_setup_error", shown.at("error").clone());
        });
        sim.emit("setup_intent.setup_failed", id);
        let intent = retrieve(sim, id)?;
        return Err(error.with("setup_intent", intent));
    }
    sim.store
        .change(id, |intent| intent.put("payment_method", method));
    if card.asks_who_pays() {
        let url = format!("https://hooks.stripe.com/3d_secure_2/hosted?setup_intent={id}");
        sim.store.change(id, |intent| {
            intent.put("status", "requires_action");
            intent.put(
                "next_action",
                match return_url {
                    Some(back) => json!({
                        "type": "redirect_to_url", "redirect_to_url": {"return_url": back, "url": url},
                    }),
                    None => json!({
                        "type": "use_stripe_sdk",
                        "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": ""},
                    }),
                },
            );
        });
        sim.emit("setup_intent.requires_action", id);
        return Ok(());
    }
    succeed(sim, id)
}

fn succeed(sim: &mut StripeSim, id: &str) -> Result<(), StripeError> {
    let intent = retrieve(sim, id)?;
    if let Some(customer) = intent.text_at("customer") {
        payment_methods::use_for(sim, intent.text("payment_method"), customer)?;
    }
    sim.store.change(id, |intent| {
        intent.put("status", "succeeded");
        intent.put("next_action", Value::Null);
        intent.put("last_setup_error", Value::Null);
    });
    sim.emit("setup_intent.succeeded", id);
    Ok(())
}

/// What the customer does on the bank's page.
pub(crate) fn authenticate(
    sim: &mut StripeSim,
    id: &str,
    outcome: Authentication,
) -> Result<Value, StripeError> {
    let intent = retrieve(sim, id)?;
    if intent.text("status") != "requires_action" {
        return Err(unexpected(&intent, "authenticate"));
    }
    match outcome {
        Authentication::Passed => succeed(sim, id)?,
        Authentication::Failed => {
            sim.store.change(id, |intent| {
                intent.put("status", "requires_payment_method");
                intent.put("payment_method", Value::Null);
                intent.put("next_action", Value::Null);
                intent.put(
                    "last_setup_error",
                    json!({
                        "code": "setup_intent_authentication_failure",
                        "message": "We are unable to authenticate your payment method. Please choose a different payment \
                                    method and try again.",
                        "type": "invalid_request_error",
                    }),
                );
            });
            sim.emit("setup_intent.setup_failed", id);
        }
    }
    retrieve(sim, id)
}

/// `POST /v1/setup_intents/:id/cancel`
pub(crate) fn cancel(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["cancellation_reason"])?;
    let reason = params.word(
        "cancellation_reason",
        &["abandoned", "duplicate", "requested_by_customer"],
    )?;
    let intent = retrieve(sim, id)?;
    if matches!(intent.text("status"), "succeeded" | "canceled") {
        return Err(unexpected(&intent, "cancel"));
    }
    sim.store.change(id, |intent| {
        intent.put("status", "canceled");
        intent.put("cancellation_reason", json!(reason));
        intent.put("next_action", Value::Null);
    });
    sim.emit("setup_intent.canceled", id);
    retrieve(sim, id)
}

fn unexpected(intent: &Value, verb: &str) -> StripeError {
    StripeError::invalid(format!(
        "You cannot {verb} this SetupIntent because it has a status of {}.",
        intent.text("status")
    ))
    .code("setup_intent_unexpected_state")
    .with("setup_intent", intent.clone())
}

/// `POST /v1/setup_intents/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["description", "metadata[*]"])?;
    let mut intent = retrieve(sim, id)?;
    if let Some(description) = params.text("description") {
        intent.put("description", description);
    }
    let mut metadata = intent.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    intent.put("metadata", metadata);
    sim.store.change(id, |slot| *slot = intent);
    retrieve(sim, id)
}

/// `GET /v1/setup_intents/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "setup_intent", "setupintent", id)
}

/// `GET /v1/setup_intents`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "setup_intent",
        noun: "setupintent",
        url: "/v1/setup_intents",
        owner: None,
    };
    resources::list(
        sim,
        &listing,
        params,
        &[("payment_method", "payment_method")],
    )
}
