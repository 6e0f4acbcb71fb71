//! What cardholders and their banks do about a payment, in the control API: disputes, inquiries, early fraud warnings.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stripe_sim::DisputeEnd;

use super::control::{Answer, after, parsed};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/dispute", post(open))
        .route("/dispute/close", post(close))
        .route("/inquiry", post(inquire))
        .route("/inquiry/escalate", post(escalate))
        .route("/inquiry/close", post(drop_inquiry))
        .route("/fraud-warning", post(warn))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    charge: String,
    #[serde(default)]
    reason: Reason,
}

/// Why a cardholder disputes a charge (docs.stripe.com/api/disputes/object, read November 2026).
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize)]
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
    let opened = sandbox.stripe().now().open_dispute(&charge, &word(reason));
    let dispute = after(&sandbox, opened)?;
    Ok(told(&sandbox, &dispute))
}

/// Lets the bank inquire after a payment, which moves no money yet.
async fn inquire(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Open { charge, reason } = parsed(&body)?;
    let opened = sandbox.stripe().now().open_inquiry(&charge, &word(reason));
    let inquiry = after(&sandbox, opened)?;
    Ok(told(&sandbox, &inquiry))
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
    Ok(told(&sandbox, &dispute))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inquiry {
    /// Stripe has inquiries among its disputes.
    dispute: String,
}

/// Lets the bank make a dispute of its inquiry.
async fn escalate(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Inquiry { dispute } = parsed(&body)?;
    let escalated = sandbox.stripe().now().escalate_inquiry(&dispute);
    after(&sandbox, escalated)?;
    Ok(told(&sandbox, &dispute))
}

/// Lets the bank drop its inquiry.
async fn drop_inquiry(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Inquiry { dispute } = parsed(&body)?;
    let dropped = sandbox.stripe().now().drop_inquiry(&dispute);
    after(&sandbox, dropped)?;
    Ok(told(&sandbox, &dispute))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Warn {
    charge: String,
    #[serde(default)]
    fraud_type: FraudType,
}

/// What an issuer believes has happened (docs.stripe.com/api/radar/early_fraud_warnings/object, read November 2026).
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum FraudType {
    CardNeverReceived,
    FraudulentCardApplication,
    MadeWithCounterfeitCard,
    MadeWithLostCard,
    MadeWithStolenCard,
    #[default]
    UnauthorizedUseOfCard,
}

/// Lets the issuer of the card warn that a payment was fraud, before anybody disputes it.
async fn warn(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Warn { charge, fraud_type } = parsed(&body)?;
    let warned = sandbox
        .stripe()
        .now()
        .warn_of_fraud(&charge, &word(fraud_type));
    let warning = after(&sandbox, warned)?;
    Ok(Json(
        json!({ "warning": sandbox.stripe().now().object(&warning) }),
    ))
}

fn told(sandbox: &Sandbox, dispute: &str) -> Json<Value> {
    Json(json!({ "dispute": sandbox.stripe().now().object(dispute) }))
}

/// The word that Stripe has for it.
fn word(of: impl Serialize) -> String {
    json!(of).as_str().unwrap_or_default().to_owned()
}
