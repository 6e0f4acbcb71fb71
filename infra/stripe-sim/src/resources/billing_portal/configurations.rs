//! `/v1/billing_portal/configurations`

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources;
use crate::sim::StripeSim;

const KIND: &str = "billing_portal.configuration";

const FIELDS: [&str; 17] = [
    "business_profile[headline]",
    "business_profile[privacy_policy_url]",
    "business_profile[terms_of_service_url]",
    "default_return_url",
    "features[customer_update][allowed_updates][]",
    "features[customer_update][enabled]",
    "features[invoice_history][enabled]",
    "features[payment_method_update][enabled]",
    "features[subscription_cancel][cancellation_reason][enabled]",
    "features[subscription_cancel][cancellation_reason][options][]",
    "features[subscription_cancel][enabled]",
    "features[subscription_cancel][mode]",
    "features[subscription_cancel][proration_behavior]",
    "features[subscription_update][enabled]",
    "login_page[enabled]",
    "metadata[*]",
    "name",
];

/// The features that are switched on and off by themselves.
const SWITCHES: [&str; 5] = [
    "customer_update",
    "invoice_history",
    "payment_method_update",
    "subscription_cancel",
    "subscription_update",
];

/// `POST /v1/billing_portal/configurations`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&FIELDS)?;
    if !params.has("features") {
        return Err(StripeError::parameter_missing("features"));
    }
    let id = sim.ids.long("bpc");
    let mut configuration = new(sim, &id);
    write(&mut configuration, params)?;
    sim.store.insert(configuration);
    sim.emit("billing_portal.configuration.created", &id);
    retrieve(sim, &id)
}

fn new(sim: &StripeSim, id: &str) -> Value {
    json!({
        "id": id,
        "object": KIND,
        "active": true,
        "application": null,
        "business_profile": {
            "headline": null, "privacy_policy_url": null, "terms_of_service_url": null,
        },
        "created": sim.now_s,
        "default_return_url": null,
        "features": {
            "customer_update": {"allowed_updates": [], "enabled": false},
            "invoice_history": {"enabled": false},
            "payment_method_update": {"enabled": false, "payment_method_configuration": null},
            "subscription_cancel": {
                "cancellation_reason": {"enabled": false, "feedback_options": null, "options": []},
                "enabled": false,
                "mode": "at_period_end",
                "proration_behavior": "none",
            },
            "subscription_update": {
                "billing_cycle_anchor": null,
                "default_allowed_updates": [],
                "enabled": false,
                "products": [],
                "proration_behavior": "none",
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
            },
        },
        "is_default": false,
        "livemode": sim.options.livemode,
        "login_page": {"enabled": false, "url": null},
        "metadata": {},
        "name": null,
        "updated": sim.now_s,
    })
}

/// The account's own configuration, as its owner saves it in the dashboard: a card may be changed, a subscription be
/// cancelled at the end of its period, and invoices be seen.
pub(super) fn default(sim: &mut StripeSim) -> String {
    let mut configurations = sim.store.all(KIND, None);
    if let Some(saved) = configurations.find(|configuration| configuration.flag("is_default")) {
        return saved.text("id").to_owned();
    }
    drop(configurations);
    let id = sim.ids.long("bpc");
    let mut configuration = new(sim, &id);
    configuration.put("is_default", true);
    for feature in [
        "invoice_history",
        "payment_method_update",
        "subscription_cancel",
    ] {
        configuration.put(&format!("features/{feature}/enabled"), true);
    }
    sim.store.insert(configuration);
    id
}

fn write(configuration: &mut Value, params: &Params) -> Result<(), StripeError> {
    for (param, field) in [
        ("business_profile[headline]", "business_profile/headline"),
        (
            "business_profile[privacy_policy_url]",
            "business_profile/privacy_policy_url",
        ),
        (
            "business_profile[terms_of_service_url]",
            "business_profile/terms_of_service_url",
        ),
        ("default_return_url", "default_return_url"),
        ("name", "name"),
    ] {
        if let Some(text) = params.text(param) {
            configuration.put(field, json!(Some(text).filter(|text| !text.is_empty())));
        }
    }
    for feature in SWITCHES {
        if let Some(enabled) = params.flag(&format!("features[{feature}][enabled]"))? {
            configuration.put(&format!("features/{feature}/enabled"), enabled);
        }
    }
    if configuration.flag("features/subscription_update/enabled") {
        return Err(
            StripeError::invalid("This simulator's portal does not change plans.")
                .param("features[subscription_update][enabled]"),
        );
    }
    let updates = "features[customer_update][allowed_updates]";
    if params.has(updates) {
        configuration.put(
            "features/customer_update/allowed_updates",
            params.texts(updates),
        );
    }
    let cancel = params.below("features[subscription_cancel]");
    if let Some(mode) = cancel.word("mode", &["immediately", "at_period_end"])? {
        configuration.put("features/subscription_cancel/mode", mode);
    }
    let prorations = ["none", "create_prorations", "always_invoice"];
    if let Some(behavior) = cancel.word("proration_behavior", &prorations)? {
        configuration.put("features/subscription_cancel/proration_behavior", behavior);
    }
    if let Some(asked) = cancel.flag("cancellation_reason[enabled]")? {
        configuration.put(
            "features/subscription_cancel/cancellation_reason/enabled",
            asked,
        );
    }
    if cancel.has("cancellation_reason[options]") {
        configuration.put(
            "features/subscription_cancel/cancellation_reason/options",
            cancel.texts("cancellation_reason[options]"),
        );
    }
    if let Some(enabled) = params.flag("login_page[enabled]")? {
        configuration.put("login_page/enabled", enabled);
    }
    let mut metadata = configuration.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    configuration.put("metadata", metadata);
    Ok(())
}

/// `GET /v1/billing_portal/configurations/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, KIND, "configuration", id)
}

/// `POST /v1/billing_portal/configurations/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&FIELDS[..], &["active"]].concat())?;
    let mut configuration = retrieve(sim, id)?;
    write(&mut configuration, params)?;
    if let Some(active) = params.flag("active")? {
        if !active && configuration.flag("is_default") {
            return Err(
                StripeError::invalid("The default configuration cannot be deactivated.")
                    .param("active"),
            );
        }
        configuration.put("active", active);
    }
    configuration.put("updated", sim.now_s);
    sim.update("billing_portal.configuration.updated", id, |slot| {
        *slot = configuration;
    });
    retrieve(sim, id)
}

/// `GET /v1/billing_portal/configurations`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING[..], &["active", "is_default"]].concat())?;
    let (active, default) = (params.flag("active")?, params.flag("is_default")?);
    let listing = Listing {
        kind: KIND,
        noun: "configuration",
        url: "/v1/billing_portal/configurations",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |configuration| {
        active.is_none_or(|active| configuration.flag("active") == active)
            && default.is_none_or(|default| configuration.flag("is_default") == default)
    })
}
