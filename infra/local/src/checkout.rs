//! What a customer does who buys: fills in the form for signing up and follows the page that is answered to Stripe's.

use axum::body::Bytes;
use http::Request;
use http::header::LOCATION;
use serde_json::Value;

use crate::gateway::Gateway;

/// What the ids of Stripe's checkouts begin with.
const SESSION: &str = "cs_";

/// Starts a checkout from an address of the network; Stripe's id of the session that it is paid in.
///
/// # Errors
/// The answer of whoever refused it.
pub async fn start(gateway: &Gateway, address: &str, form: &Value) -> Result<String, String> {
    let request = Request::post("/checkout").header("content-type", "application/json");
    let request = request
        .body(Bytes::from(form.to_string()))
        .map_err(|error| error.to_string())?;
    let answer = gateway.handle(request, address).await;
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    let url = answer["checkout_url"].as_str().ok_or(text)?;
    session(gateway, address, url)
        .await
        .ok_or_else(|| format!("{url} leads nowhere"))
}

/// Stripe's id of the session to which a page of ours leads. The page is named by its address or by the last part of it; a
/// session's id names itself.
pub async fn session(gateway: &Gateway, address: &str, page: &str) -> Option<String> {
    let page = last_part(page);
    if page.starts_with(SESSION) {
        return Some(page.to_owned());
    }
    let request = Request::get(format!("/checkout/pages/{page}"));
    let answer = gateway
        .handle(request.body(Bytes::new()).ok()?, address)
        .await;
    let location = answer.headers().get(LOCATION)?.to_str().ok()?;
    Some(last_part(location).to_owned())
}

fn last_part(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}
