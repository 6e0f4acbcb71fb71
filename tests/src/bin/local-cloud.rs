//! The local cloud on a port of this machine, for `tests/conformance`: it prints its address, and ends when its standard
//! input does. `POST /clock` with `{"advance_s": 60}` moves its clock; apart from that the clock stands.

use std::io::Read;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use local::cloud::Cloud;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::time::Timestamp;
use tests::process::Loopback;

/// When its clock starts: 2026-11-22 09:26:13 UTC.
const START: Timestamp = Timestamp::from_s(1_795_339_573);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    let clock = Clock::manual(START);
    let cloud = Cloud::in_memory(clock.clone()).map_err(|error| error.to_string())?;
    let own = Router::new()
        .route("/clock", post(advance))
        .with_state(clock);
    let served = Loopback::serve_beside(cloud, own).await?;
    println!("{}", served.url());
    // Whoever started it is gone when this ends: it never outlives the suite, however that ends.
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let ended = ended.await.map_err(|error| error.to_string())?;
    ended.map(drop).map_err(|error| error.to_string())
}

async fn advance(State(clock): State<Clock>, Json(journey): Json<Value>) -> Json<Value> {
    let seconds = journey["advance_s"].as_i64().unwrap_or_default();
    clock.advance_to(clock.now().plus_s(seconds));
    Json(json!({ "now_ms": clock.now().as_ms() }))
}
