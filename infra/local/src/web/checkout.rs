//! The control API of a checkout: what the page that stands in for Stripe's hosted one does.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;

use super::control::{Answer, Refusal, after, parsed, test_card};
use super::view;
use crate::checkout;
use crate::sandbox::Sandbox;

/// From where this page is asked for, to whoever asks.
const ADDRESS: &str = "127.0.0.1";

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/checkout/{session}", get(shown).post(complete))
        .route(
            "/checkout/{session}/code",
            post(enter_code).delete(remove_code),
        )
}

/// The checkout that is named, by Stripe's id of it or by the page of ours that leads there.
async fn session_of(sandbox: &Sandbox, named: String) -> String {
    let session = checkout::session(sandbox.gateway(), ADDRESS, &named).await;
    session.unwrap_or(named)
}

async fn shown(State(sandbox): State<Arc<Sandbox>>, Path(named): Path<String>) -> Answer {
    let session = session_of(&sandbox, named).await;
    let found = view::checkout(&sandbox, &session);
    found
        .map(Json)
        .map_err(|words| Refusal(StatusCode::NOT_FOUND, words))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    /// The number of a test card.
    card: String,
}

/// What the Pay button of the hosted checkout page does.
async fn complete(
    State(sandbox): State<Arc<Sandbox>>,
    Path(named): Path<String>,
    body: Bytes,
) -> Answer {
    let Complete { card } = parsed(&body)?;
    let card = test_card(&card)?;
    let session = session_of(&sandbox, named).await;
    let completed = sandbox.stripe().now().complete_checkout(&session, card);
    sandbox.wake();
    completed
        .map(Json)
        .map_err(|error| Refusal(StatusCode::PAYMENT_REQUIRED, error.message))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// What the hosted checkout page does with a promotion code that is typed there.
async fn enter_code(
    State(sandbox): State<Arc<Sandbox>>,
    Path(named): Path<String>,
    body: Bytes,
) -> Answer {
    let Code { code } = parsed(&body)?;
    let session = session_of(&sandbox, named).await;
    let entered = sandbox.stripe().now().enter_promotion_code(&session, &code);
    after(&sandbox, entered).map(Json)
}

async fn remove_code(State(sandbox): State<Arc<Sandbox>>, Path(named): Path<String>) -> Answer {
    let session = session_of(&sandbox, named).await;
    let removed = sandbox.stripe().now().remove_promotion_code(&session);
    after(&sandbox, removed).map(Json)
}
