//! Refunds in the control API: made, arriving late, and failing after all.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::control::{Answer, after, parsed, refuse};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/refund", post(refund))
        .route("/refund/settle", post(settle))
        .route("/refund/fail", post(fail))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    charge: String,
    /// All that is left of it where nothing is said.
    amount_cents: Option<i64>,
    #[serde(default)]
    arrives: Arrives,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Arrives {
    /// As the card has it.
    #[default]
    AtOnce,
    /// The account's balance does not suffice: it is pending until somebody settles it or lets it fail.
    WhenSettled,
}

/// Gives a payment back, as somebody does in Stripe's dashboard.
async fn refund(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Refund {
        charge,
        amount_cents,
        arrives,
    } = parsed(&body)?;
    let stripe = sandbox.stripe();
    if let Arrives::WhenSettled = arrives {
        let made = stripe.now().refund_beyond_balance(&charge, amount_cents);
        let refund = after(&sandbox, made)?;
        return Ok(told(&sandbox, &refund));
    }
    let amount = amount_cents.map(|cents| cents.to_string());
    let amount = amount.iter().map(|cents| ("amount", cents.as_str()));
    let form: Vec<_> = amount.chain([("charge", charge.as_str())]).collect();
    let made = stripe.call("POST", "/v1/refunds", &form);
    sandbox.wake();
    Ok(Json(json!({ "refund": made.map_err(refuse)? })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    refund: String,
}

/// Lets the money of a pending refund arrive.
async fn settle(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Made { refund } = parsed(&body)?;
    let settled = sandbox.stripe().now().settle_refund(&refund);
    after(&sandbox, settled)?;
    Ok(told(&sandbox, &refund))
}

/// Lets a refund fail days after it was made, as it does where the card was closed meanwhile.
async fn fail(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Made { refund } = parsed(&body)?;
    let failed = sandbox.stripe().now().fail_refund(&refund);
    after(&sandbox, failed)?;
    Ok(told(&sandbox, &refund))
}

fn told(sandbox: &Sandbox, refund: &str) -> Json<serde_json::Value> {
    Json(json!({ "refund": sandbox.stripe().now().object(refund) }))
}
