//! The control API, `/control/*`: what a person does on the control page and a script without it. `docs/sandbox.md` is its
//! description. Every refusal is `{"error": "what is wrong and what to do"}` with a status of 4xx.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, StripeError, TestCard};

use super::view;
use crate::cloud::Sqs;
use crate::runtime::Failed;
use crate::sandbox::Sandbox;
use crate::staff::PASSWORD;

pub(super) type Answer = Result<Json<Value>, Refusal>;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/state", get(state))
        .route("/card", post(card))
        .route("/pay", post(pay))
        .route("/activity", get(activity))
        .route("/deliveries", get(deliveries))
        .route("/redrive", post(redrive))
        .route("/mails", get(mails))
        .route("/staff", get(staff))
        .route("/events", post(event))
        .route("/invoke/{function}", post(invoke))
}

/// A request that is not carried out, and why.
pub(super) struct Refusal(pub(super) StatusCode, pub(super) String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

pub(super) fn refuse(why: impl ToString) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, why.to_string())
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| refuse(format!("the body is not understood: {error}")))
}

/// The outcome of what somebody did at Stripe, whose consequences run from now on.
pub(super) fn after<T>(sandbox: &Sandbox, outcome: Result<T, StripeError>) -> Result<T, Refusal> {
    sandbox.wake();
    outcome.map_err(|error| refuse(error.message))
}

/// With what the administrators sign in, and the code that each one's authenticator shows at the sandbox's time.
async fn staff(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let now = sandbox.time().tick();
    let cards = sandbox.staff().iter().map(|card| {
        json!({
            "name": card.name,
            "email": card.email,
            "role": card.role,
            "password": PASSWORD,
            "secret": card.secret,
            "code": card.code(now),
        })
    });
    Json(json!({ "staff": cards.collect::<Vec<_>>() }))
}

async fn state(State(sandbox): State<Arc<Sandbox>>, RawQuery(query): RawQuery) -> Answer {
    let wanted = serde_urlencoded::from_str(query.as_deref().unwrap_or_default());
    let wanted = wanted.map_err(|error| {
        refuse(format!(
            "the query is not understood: {error}; it takes search, state and page"
        ))
    })?;
    Ok(Json(view::state(&sandbox, &wanted)))
}

async fn deliveries(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!({ "deliveries": sandbox.deliveries().latest() }))
}

/// What happened last, for the pages that show it beside what they are for.
async fn activity(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!({ "activity": view::activity(&sandbox) }))
}

async fn mails(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!({ "mails": view::mails(&sandbox) }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCard {
    customer: String,
    /// The number of a test card.
    card: String,
}

pub(super) fn test_card(number: &str) -> Result<TestCard, Refusal> {
    TestCard::from_number(number).ok_or_else(|| {
        refuse(format!(
            "{number} is no test card; take 4242 4242 4242 4242, or another of GET /control/state"
        ))
    })
}

/// Gives a customer another card, as the billing portal would.
async fn card(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let NewCard { customer, card } = parsed(&body)?;
    let card = test_card(&card)?;
    let replaced = sandbox
        .stripe()
        .now()
        .replace_card(&customer, card, OpenInvoices::Leave);
    sandbox.wake();
    let method = replaced.map_err(|error| Refusal(StatusCode::PAYMENT_REQUIRED, error.message))?;
    Ok(Json(json!({ "payment_method": method })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    customer: String,
}

/// Pays what a customer owes with the card on file.
async fn pay(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Pay { customer } = parsed(&body)?;
    let stripe = sandbox.stripe();
    let open = [("customer", customer.as_str()), ("status", "open")];
    let invoices = stripe.call("GET", "/v1/invoices", &open).map_err(refuse)?;
    let mut paid = Vec::new();
    for invoice in invoices["data"].as_array().into_iter().flatten() {
        let id = invoice["id"].as_str().unwrap_or_default();
        // The card that is shown, also where the invoice is of a subscription that ended with another.
        let default = stripe.now().object(&customer).and_then(|customer| {
            let settings = &customer["invoice_settings"];
            settings["default_payment_method"]
                .as_str()
                .map(str::to_owned)
        });
        let with: Vec<_> = default
            .iter()
            .map(|card| ("payment_method", card.as_str()))
            .collect();
        let outcome = stripe.call("POST", &format!("/v1/invoices/{id}/pay"), &with);
        sandbox.wake();
        paid.push(
            outcome.map_err(|words| Refusal(StatusCode::PAYMENT_REQUIRED, words))?["id"].clone(),
        );
    }
    if paid.is_empty() {
        return Err(refuse("nothing is owed: this customer has no open invoice"));
    }
    Ok(Json(json!({ "paid": paid })))
}

/// Signs a body as Stripe would and posts it to the webhook. An event gets an id and a time of its own, so that one sample
/// can be sent again and again: under the id in the file, the second would be a duplicate of the first. A body that is no
/// event is sent as it is.
async fn event(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let now_s = sandbox.time().tick().as_s();
    let id = format!("evt_sample{}", sandbox.functions().chance().hex128());
    let body = as_of(body, &id, now_s);
    let signature = stripe_sim::signature_header(sandbox.signing_secret(), now_s, &body);
    let request = Request::post("/stripe/webhook")
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature)
        .body(body)
        .map_err(refuse)?;
    let response = sandbox.gateway().handle(request, "127.0.0.1").await;
    sandbox.wake();
    let text = String::from_utf8_lossy(response.body()).into_owned();
    let answer = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Json(
        json!({ "status": response.status().as_u16(), "answer": answer }),
    ))
}

/// The event in `body` under another id and time; the body itself where it is no event.
fn as_of(body: Bytes, id: &str, created_s: i64) -> Bytes {
    match serde_json::from_slice(&body) {
        Ok(Value::Object(mut event)) if event.get("object") == Some(&json!("event")) => {
            event.insert("id".to_owned(), id.into());
            event.insert("created".to_owned(), created_s.into());
            Value::Object(event).to_string().into()
        }
        _ => body,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redrive {
    /// The queue with the dead letters.
    queue: String,
}

/// Moves dead letters back to the queue they came from, as an operator does in the console.
async fn redrive(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Redrive { queue } = parsed(&body)?;
    let letters = sandbox
        .cloud()
        .queues()
        .depths()
        .get(&queue)
        .map(|depth| depth.visible);
    match letters {
        None => {
            return Err(refuse(format!(
                "there is no queue {queue:?}; GET /control/state lists them"
            )));
        }
        Some(0) => return Err(refuse(format!("{queue} holds no dead letters"))),
        Some(_) => {}
    }
    let request = Request::post("http://sqs.us-east-1.amazonaws.com/")
        .header("x-amz-target", "AmazonSQS.StartMessageMoveTask")
        .header("content-type", "application/x-amz-json-1.0")
        .body(json!({ "SourceArn": Sqs::arn(&queue) }).to_string().into())
        .map_err(refuse)?;
    let answer = sandbox.cloud().handle(request).await;
    sandbox.wake();
    let answer = answer.map_err(|broken| {
        Refusal(
            StatusCode::CONFLICT,
            format!("SQS does not answer ({broken}); take its fault back"),
        )
    })?;
    let words: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    if answer.status() != StatusCode::OK {
        let words = words["message"]
            .as_str()
            .unwrap_or("SQS refused")
            .to_owned();
        return Err(refuse(words));
    }
    Ok(Json(json!({ "moved": letters })))
}

/// Hands a function an event as AWS would.
async fn invoke(
    State(sandbox): State<Arc<Sandbox>>,
    Path(function): Path<String>,
    body: Bytes,
) -> Answer {
    let event: Value = parsed(&body)?;
    let outcome = sandbox.functions().invoke(&function, event).await;
    sandbox.wake();
    match outcome {
        Ok(answer) => Ok(Json(json!({ "answer": answer }))),
        Err(failed) => Err(Refusal(status_of(&failed), failed.to_string())),
    }
}

/// What the caller can mend has the status it would have over HTTP; any other failed invocation is a 422.
fn status_of(failed: &Failed) -> StatusCode {
    let status = match failed {
        Failed::Returned(error) => error.kind.status(),
        Failed::Unknown(_) => 404,
        Failed::Panicked(_) | Failed::TimedOut(_) | Failed::Killed => 422,
    };
    StatusCode::from_u16(status)
        .ok()
        .filter(StatusCode::is_client_error)
        .unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_sent_again_is_another_event_and_what_is_none_is_left_alone() {
        let sent = as_of(
            Bytes::from(r#"{"object":"event","id":"evt_1","type":"a.b","created":1}"#),
            "evt_2",
            5,
        );
        let sent: Value = serde_json::from_slice(&sent).unwrap();
        assert_eq!(
            sent,
            json!({"object": "event", "id": "evt_2", "type": "a.b", "created": 5})
        );
        for body in ["", "no json", "[]", r#"{"id":"evt_1"}"#] {
            assert_eq!(as_of(Bytes::from(body), "evt_2", 5), body);
        }
    }
}
