//! The billing portal of the sandbox: `/control/portal/*`, which its page `/portal/SESSION` reads and writes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use stripe_sim::{Authentication, StripeError};

use super::control::{Answer, Refusal, parsed, refuse, test_card};
use super::view;
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", post(open))
        .route("/{session}", get(read))
        .route("/{session}/card", post(card))
        .route("/{session}/cancel", post(cancel))
        .route("/{session}/renew", post(renew))
        .route("/{session}/authenticate", post(authenticate))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    customer: String,
}

/// Opens the portal for a customer, as a call on Stripe's API would.
async fn open(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Open { customer } = parsed(&body)?;
    let form = [("customer", customer.as_str())];
    let session = sandbox
        .stripe()
        .call("POST", "/v1/billing_portal/sessions", &form)
        .map_err(refuse)?;
    let id = session["id"].as_str().unwrap_or_default();
    Ok(Json(json!({ "url": format!("/portal/{id}") })))
}

async fn read(State(sandbox): State<Arc<Sandbox>>, Path(session): Path<String>) -> Answer {
    shown(&sandbox, &session)
}

fn shown(sandbox: &Sandbox, session: &str) -> Answer {
    view::portal(sandbox, session)
        .map(Json)
        .map_err(|words| Refusal(StatusCode::NOT_FOUND, words))
}

/// Gives what the page shows once something was done, or the words of what was refused.
fn after<T>(sandbox: &Sandbox, session: &str, outcome: Result<T, StripeError>) -> Answer {
    sandbox.wake();
    match outcome {
        Ok(_) => shown(sandbox, session),
        Err(error) if error.status == 402 => {
            Err(Refusal(StatusCode::PAYMENT_REQUIRED, error.message))
        }
        Err(error) => Err(refuse(error.message)),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    /// The number of a test card.
    card: String,
}

async fn card(
    State(sandbox): State<Arc<Sandbox>>,
    Path(session): Path<String>,
    body: Bytes,
) -> Answer {
    let Card { card } = parsed(&body)?;
    let card = test_card(&card)?;
    let outcome = sandbox.stripe().now().portal_card(&session, card);
    after(&sandbox, &session, outcome)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    subscription: String,
}

async fn cancel(
    State(sandbox): State<Arc<Sandbox>>,
    Path(session): Path<String>,
    body: Bytes,
) -> Answer {
    let Own { subscription } = parsed(&body)?;
    let outcome = sandbox
        .stripe()
        .now()
        .portal_cancel(&session, &subscription);
    after(&sandbox, &session, outcome)
}

async fn renew(
    State(sandbox): State<Arc<Sandbox>>,
    Path(session): Path<String>,
    body: Bytes,
) -> Answer {
    let Own { subscription } = parsed(&body)?;
    let outcome = sandbox.stripe().now().portal_renew(&session, &subscription);
    after(&sandbox, &session, outcome)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Authenticate {
    payment_intent: String,
    outcome: Outcome,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Passed,
    Failed,
}

/// What the customer does when the bank asks who pays.
async fn authenticate(
    State(sandbox): State<Arc<Sandbox>>,
    Path(session): Path<String>,
    body: Bytes,
) -> Answer {
    let asked: Authenticate = parsed(&body)?;
    let outcome = match asked.outcome {
        Outcome::Passed => Authentication::Passed,
        Outcome::Failed => Authentication::Failed,
    };
    let intent = asked.payment_intent;
    let outcome = sandbox
        .stripe()
        .now()
        .portal_authenticate(&session, &intent, outcome);
    after(&sandbox, &session, outcome)
}
