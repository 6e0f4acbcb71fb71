//! `/v1/webhook_endpoints`

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::Listing;
use crate::params::Params;
use crate::resources;
use crate::sim::{StripeSim, speaks};
use crate::webhooks::Secrets;

/// `POST /v1/webhook_endpoints`. The secret is in this answer only.
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "url",
        "enabled_events[]",
        "api_version",
        "description",
        "metadata[*]",
    ])?;
    let url = url(params.required("url")?)?;
    speaks(params.given("api_version")).map_err(|error| error.param("api_version"))?;
    let events = params.texts("enabled_events");
    if events.is_empty() {
        return Err(StripeError::parameter_missing("enabled_events"));
    }
    if sim.store.all("webhook_endpoint", None).count() >= ENDPOINTS_MAX {
        return Err(StripeError::invalid(format!(
            "You have reached the maximum of {ENDPOINTS_MAX} test webhook endpoints."
        )));
    }
    let secret = format!("whsec_{}", sim.ids.letters(32));
    let metadata = params.metadata("metadata")?;
    let id = sim.ids.long("we");
    let endpoint = json!({
        "id": id,
        "object": "webhook_endpoint",
        "api_version": params.given("api_version"),
        "application": null,
        "created": sim.now_s,
        "description": params.given("description"),
        "enabled_events": events,
        "livemode": sim.options.livemode,
        "metadata": metadata,
        "status": "enabled",
        "url": url,
    });
    sim.store.insert(endpoint.clone());
    sim.endpoint_secrets
        .insert(id, Secrets::new(secret.clone()));
    let mut shown = endpoint;
    shown.put("secret", secret);
    Ok(shown)
}

/// Most endpoints of one account.
const ENDPOINTS_MAX: usize = 16;

fn url(url: &str) -> Result<&str, StripeError> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(url);
    }
    Err(
        StripeError::invalid("Invalid URL: An explicit scheme (such as https) must be provided.")
            .code("url_invalid")
            .param("url"),
    )
}

/// `GET /v1/webhook_endpoints/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "webhook_endpoint", "webhook endpoint", id)
}

/// `POST /v1/webhook_endpoints/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "url",
        "enabled_events[]",
        "disabled",
        "description",
        "metadata[*]",
    ])?;
    let mut endpoint = retrieve(sim, id)?;
    if let Some(given) = params.given("url") {
        endpoint.put("url", url(given)?);
    }
    if params.has("enabled_events") {
        if params.texts("enabled_events").is_empty() {
            return Err(StripeError::invalid("Invalid array").param("enabled_events"));
        }
        endpoint.put("enabled_events", params.texts("enabled_events"));
    }
    if let Some(disabled) = params.flag("disabled")? {
        endpoint.put("status", if disabled { "disabled" } else { "enabled" });
    }
    if let Some(description) = params.text("description") {
        endpoint.put("description", description);
    }
    let mut metadata = endpoint.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    endpoint.put("metadata", metadata);
    sim.store.change(id, |slot| *slot = endpoint);
    retrieve(sim, id)
}

/// `DELETE /v1/webhook_endpoints/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    retrieve(sim, id)?;
    sim.store.remove(id);
    sim.endpoint_secrets.remove(id);
    Ok(json!({"id": id, "object": "webhook_endpoint", "deleted": true}))
}

/// `GET /v1/webhook_endpoints`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let listing = Listing {
        kind: "webhook_endpoint",
        noun: "webhook endpoint",
        url: "/v1/webhook_endpoints",
        owner: None,
    };
    resources::list(sim, &listing, params, &[])
}
