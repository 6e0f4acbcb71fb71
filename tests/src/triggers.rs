//! What AWS hands to a function: for processes that no gateway and no queue stands before.

use serde_json::{Value, json};
use shared::time::Timestamp;

/// The event that API Gateway makes of a webhook with this body and signature header, at `now`.
pub fn webhook_request(body: &str, signature: &str, now: Timestamp) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "POST /stripe/webhook",
        "rawPath": "/stripe/webhook",
        "rawQueryString": "",
        "headers": {
            "accept": "*/*; q=0.5, application/xml",
            "cache-control": "no-cache",
            "content-length": body.len().to_string(),
            "content-type": "application/json; charset=utf-8",
            "host": "api.example.com",
            "stripe-signature": signature,
            "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "x-amzn-trace-id": "Root=1-6b02b535-000000000123456789abcdef",
            "x-forwarded-for": "198.51.100.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": "/stripe/webhook",
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.1",
                "userAgent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            },
            "requestId": "0123456789abcdef",
            "routeKey": "POST /stripe/webhook",
            "stage": "$default",
            "time": "22/Nov/2026:09:26:13 +0000",
            "timeEpoch": now.as_ms(),
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// The batch that SQS hands over: one message for each text, called `message-0` and so on, each received so often.
pub fn sqs_batch(texts: &[&str], receives: u32) -> Value {
    let records: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            json!({
                "messageId": format!("message-{number}"), "receiptHandle": format!("handle-{number}"), "body": text,
                "attributes": { "ApproximateReceiveCount": receives.to_string() },
            })
        })
        .collect();
    json!({ "Records": records })
}

/// The messages that a batch's answer names as failed.
pub fn failed(answer: &Value) -> Vec<&str> {
    let failures = answer["batchItemFailures"].as_array();
    let named = failures.into_iter().flatten();
    named
        .filter_map(|failure| failure["itemIdentifier"].as_str())
        .collect()
}
