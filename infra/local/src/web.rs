//! What the sandbox serves over HTTP: its own pages, the control API behind them, Stripe's API under `/v1/`, what of
//! AWS an operator calls, and for every other path the HTTP API that is deployed.

mod app;
mod aws;
mod checkout;
mod control;
mod disputes;
mod faults;
mod pages;
mod portal;
mod refunds;
mod time;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::cloud::StripeRequest;
use crate::gateway::{BODY_BYTES_MAX, too_large};
use crate::sandbox::Sandbox;

/// Everything served at the sandbox's address.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .merge(app::router(&sandbox.as_started().project))
        .merge(pages::router())
        .merge(aws::router())
        .nest(
            "/control",
            control::router()
                .merge(checkout::router())
                .merge(time::router())
                .merge(disputes::router())
                .merge(refunds::router()),
        )
        .nest("/control/faults", faults::router())
        .nest("/control/portal", portal::router())
        .fallback(api)
        // One byte more than the gateway takes, so that it is the gateway which refuses it.
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX + 1))
        .layer(middleware::from_fn(own_pages_only))
        .with_state(sandbox)
}

/// The deployed API. What it sets off runs at once.
async fn api(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX + 1).await else {
        return too_large().map(Body::from);
    };
    if parts.uri.path().starts_with("/v1/") {
        return stripe_api(&sandbox, &parts, &body);
    }
    let request = http::Request::from_parts(parts, body);
    let response = sandbox.gateway().handle(request, "127.0.0.1").await;
    sandbox.wake();
    response.map(Body::from)
}

/// Stripe's API, for Stripe's own libraries and command line with this address as their base.
fn stripe_api(sandbox: &Sandbox, parts: &http::request::Parts, body: &Bytes) -> Response {
    let body = String::from_utf8_lossy(body);
    let request = StripeRequest::of(&parts.method, &parts.uri, &parts.headers, &body);
    let answer = sandbox.stripe().handler(sandbox.base_url())(request);
    sandbox.wake();
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    let response = response.header(header::CONTENT_TYPE, "application/json");
    response
        .body(Body::from(answer.body))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Refuses what another site's page, or another name for this machine, makes a browser send: the control API needs no
/// password because only this machine reaches it.
async fn own_pages_only(request: Request, next: Next) -> Response {
    if foreign(request.headers()) {
        return (
            StatusCode::FORBIDDEN,
            "Open the sandbox at http://127.0.0.1 or http://localhost.\n",
        )
            .into_response();
    }
    next.run(request).await
}

fn foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    };
    let host = text(header::HOST);
    let origin = text(header::ORIGIN).map(|origin| origin.trim_start_matches("http://"));
    host.is_some_and(|host| !local(host)) || origin.is_some_and(|origin| host != Some(origin))
}

/// An answer with a content type.
fn typed(kind: &'static str, body: impl Into<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, kind)], Body::from(body.into())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_page_and_a_foreign_name_are_refused() {
        let headers = |host: &'static str, origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if !origin.is_empty() {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            headers
        };
        for (host, origin, expected) in [
            ("127.0.0.1:4242", "", false),
            ("localhost:4242", "http://localhost:4242", false),
            ("127.0.0.1:4242", "https://evil.example", true),
            ("127.0.0.1:4242", "http://127.0.0.1:9999", true),
            ("127.0.0.1:4242", "null", true),
            ("rebound.example:4242", "", true),
        ] {
            assert_eq!(foreign(&headers(host, origin)), expected, "{host} {origin}");
        }
    }
}
