//! Writes deliveries as JSON, each with the secrets that sign it, for other implementations of Stripe's signature to verify:
//!
//!     cargo run -p stripe-sim --example signed-deliveries -- 1767225600
//!
//! The argument is the time to sign at, in Unix seconds. The endpoint's secret is rolled on the way, so that what comes
//! after has two signatures.

use serde_json::{Value, json};
use stripe_sim::{Options, Request, StripeSim};

/// How long the secret before signs too.
const OVERLAP_S: i64 = 3_600;

fn main() -> Result<(), String> {
    let now_s = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let now_s = now_s.ok_or("say when to sign, in Unix seconds")?;
    let mut sim = StripeSim::new(Options {
        now_s,
        ..Options::default()
    });
    let endpoint = post(
        &mut sim,
        "/v1/webhook_endpoints",
        "url=https://example.com/hook&enabled_events[]=*",
    );
    let first = text(&endpoint["secret"]);
    // Letters beyond ASCII: what is signed are bytes.
    post(&mut sim, "/v1/customers", "name=Zo%C3%AB+%F0%9F%92%B3");
    let mut signed = deliveries(&mut sim, &[first]);
    let second = sim.roll_endpoint_secret(text(&endpoint["id"]), OVERLAP_S);
    let second = second.map_err(|error| error.message)?;
    post(&mut sim, "/v1/products", "name=Prospector");
    signed.extend(deliveries(&mut sim, &[&second, first]));
    println!("{}", Value::from(signed));
    Ok(())
}

fn post(sim: &mut StripeSim, path: &str, body: &str) -> Value {
    let api_key = Some("sk_test_any");
    let request = Request {
        method: "POST",
        path,
        body,
        api_key,
        ..Request::default()
    };
    sim.handle(&request).body
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn deliveries(sim: &mut StripeSim, secrets: &[&str]) -> Vec<Value> {
    let due = sim.take_deliveries().into_iter();
    due.map(|delivery| {
        let body = String::from_utf8_lossy(&delivery.body);
        json!({ "header": delivery.signature_header, "body": body, "secrets": secrets })
    })
    .collect()
}
