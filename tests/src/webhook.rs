//! What comes in at the webhook, signed or not.

use axum::body::Bytes;
use serde_json::Value;
use stripe_sim::signature_header;

use crate::{Answer, World};

impl World {
    /// Signs `body` with the endpoint's secret, now.
    pub fn sign(&self, body: &[u8]) -> String {
        signature_header(self.sandbox.signing_secret(), self.now().as_s(), body)
    }

    /// Posts a body with this signature header to the webhook.
    pub async fn post_webhook(&self, body: impl Into<Bytes>, signature: &str) -> Answer {
        let headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("stripe-signature", signature),
        ];
        self.request("POST", "/stripe/webhook", &headers, body)
            .await
    }

    /// Posts a body that is rightly signed.
    pub async fn post_signed(&self, body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        let signature = self.sign(&body);
        self.post_webhook(body, &signature).await
    }

    /// Delivers an event that is rightly signed.
    pub async fn deliver(&self, event: &Value) -> Answer {
        self.post_signed(event.to_string()).await
    }
}
