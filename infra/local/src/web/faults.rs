//! The faults in the control API: what can fail, what is to, and taking it back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{delete, get};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::control::{Answer, Refusal, parsed, refuse};
use crate::faults::KINDS;
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", get(list).post(plan).delete(take_all_back))
        .route("/{id}", delete(take_back))
}

async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!({ "faults": sandbox.faults_asked_for(), "kinds": *KINDS }))
}

async fn plan(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let planned = sandbox.plan_fault(parsed(&body)?).map_err(refuse)?;
    Ok(Json(json!({ "fault": planned })))
}

async fn take_back(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Answer {
    let taken = id.parse().ok().and_then(|id| sandbox.take_fault_back(id));
    sandbox.wake();
    let taken = taken.ok_or_else(|| {
        Refusal(
            StatusCode::NOT_FOUND,
            format!("there is no fault {id}; GET /control/faults lists them with their ids"),
        )
    })?;
    Ok(Json(json!({ "fault": taken })))
}

async fn take_all_back(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let taken = sandbox.take_faults_back();
    sandbox.wake();
    Json(json!({ "faults": taken }))
}
