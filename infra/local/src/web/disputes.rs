//! What goes wrong with a payment after it was made, in the control API: refunds, refunds that fail, and disputes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use stripe_sim::{DisputeEnd, StripeError};

use super::control::{Answer, parsed, refuse};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/refund", post(refund))
        .route("/refund/fail", post(fail_refund))
        .route("/dispute", post(open))
        .route("/dispute/close", post(close))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    charge: String,
    /// All that is left of it where nothing is said.
    amount_cents: Option<i64>,
}

/// Gives a payment back, as somebody does in Stripe's dashboard.
async fn refund(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Refund {
        charge,
        amount_cents,
    } = parsed(&body)?;
    let amount = amount_cents.map(|cents| cents.to_string());
    let amount = amount.iter().map(|cents| ("amount", cents.as_str()));
    let form: Vec<_> = amount.chain([("charge", charge.as_str())]).collect();
    let made = sandbox.stripe().call("POST", "/v1/refunds", &form);
    sandbox.wake();
    Ok(Json(json!({ "refund": made.map_err(refuse)? })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailedRefund {
    refund: String,
}

/// Lets a refund fail days after it was made, as it does where the card was closed meanwhile.
async fn fail_refund(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let FailedRefund { refund } = parsed(&body)?;
    let failed = sandbox.stripe().now().fail_refund(&refund);
    after(&sandbox, failed)?;
    Ok(Json(
        json!({ "refund": sandbox.stripe().now().object(&refund) }),
    ))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    charge: String,
    /// One of Stripe's reasons.
    #[serde(default)]
    reason: Reason,
}

/// Why a cardholder disputes a charge (docs.stripe.com/api/disputes/object, read November 2026).
#[derive(Debug, Default, Clone, Copy, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    CreditNotProcessed,
    Duplicate,
    #[default]
    Fraudulent,
    General,
    ProductNotReceived,
    ProductUnacceptable,
    SubscriptionCanceled,
    Unrecognized,
}

/// Lets the cardholder dispute a payment.
async fn open(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Open { charge, reason } = parsed(&body)?;
    let reason = json!(reason);
    let opened = sandbox
        .stripe()
        .now()
        .open_dispute(&charge, reason.as_str().unwrap_or_default());
    let dispute = after(&sandbox, opened)?;
    Ok(Json(
        json!({ "dispute": sandbox.stripe().now().object(&dispute) }),
    ))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Close {
    dispute: String,
    end: End,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Won,
    Lost,
}

/// Lets the bank decide a dispute.
async fn close(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Close { dispute, end } = parsed(&body)?;
    let end = match end {
        End::Won => DisputeEnd::Won,
        End::Lost => DisputeEnd::Lost,
    };
    let closed = sandbox.stripe().now().close_dispute(&dispute, end);
    after(&sandbox, closed)?;
    Ok(Json(
        json!({ "dispute": sandbox.stripe().now().object(&dispute) }),
    ))
}

fn after<T>(
    sandbox: &Sandbox,
    outcome: Result<T, StripeError>,
) -> Result<T, super::control::Refusal> {
    sandbox.wake();
    outcome.map_err(|error| refuse(error.message))
}
