//! Webhook endpoints: where Stripe sends which events, and in which version.

use serde::Deserialize;

/// A webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookEndpoint {
    /// Where events are sent.
    pub url: String,
    /// `enabled` or `disabled`.
    pub status: String,
    /// The types of event that are sent; `*` for all.
    pub enabled_events: Vec<String>,
    /// The version of the API that events are written in. `None` for the account's own.
    #[serde(default)]
    pub api_version: Option<String>,
}
