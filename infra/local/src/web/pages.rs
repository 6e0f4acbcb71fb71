//! The sandbox's own pages. Their text, style and scripts are files of `infra/local/pages`; nothing comes from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};

use super::typed;
use crate::sandbox::Sandbox;

/// Only our own files, nothing written into the page, no frame around it but ours around a mail.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A mail brings its own style, as mails do, and can do nothing: no scripts, no forms, no requests.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; \
    frame-ancestors 'self'";

const FILES: [(&str, &str, &str); 15] = [
    (
        "activity.js",
        "text/javascript",
        include_str!("../../pages/activity.js"),
    ),
    (
        "behind.js",
        "text/javascript",
        include_str!("../../pages/behind.js"),
    ),
    (
        "charges.js",
        "text/javascript",
        include_str!("../../pages/charges.js"),
    ),
    (
        "faults.js",
        "text/javascript",
        include_str!("../../pages/faults.js"),
    ),
    (
        "time.js",
        "text/javascript",
        include_str!("../../pages/time.js"),
    ),
    (
        "control.css",
        "text/css",
        include_str!("../../pages/control.css"),
    ),
    (
        "sandbox.css",
        "text/css",
        include_str!("../../pages/sandbox.css"),
    ),
    (
        "page.js",
        "text/javascript",
        include_str!("../../pages/page.js"),
    ),
    (
        "control.js",
        "text/javascript",
        include_str!("../../pages/control.js"),
    ),
    (
        "customers.js",
        "text/javascript",
        include_str!("../../pages/customers.js"),
    ),
    (
        "health.js",
        "text/javascript",
        include_str!("../../pages/health.js"),
    ),
    (
        "mailbox.js",
        "text/javascript",
        include_str!("../../pages/mailbox.js"),
    ),
    (
        "pay.js",
        "text/javascript",
        include_str!("../../pages/pay.js"),
    ),
    (
        "portal.js",
        "text/javascript",
        include_str!("../../pages/portal.js"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../../pages/icon.svg"),
    ),
];

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", get(|| page(include_str!("../../pages/control.html"))))
        .route(
            "/mailbox",
            get(|| page(include_str!("../../pages/mailbox.html"))),
        )
        .route("/mailbox/{number}", get(mail))
        .route(
            "/pay/{session}",
            get(|| page(include_str!("../../pages/pay.html"))),
        )
        .route(
            "/portal/{session}",
            get(|| page(include_str!("../../pages/portal.html"))),
        )
        .route("/assets/{file}", get(asset))
}

async fn page(html: &'static str) -> Response {
    guarded(typed("text/html; charset=utf-8", html), POLICY)
}

async fn asset(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, _, _)| *file == name) {
        Some((_, kind, text)) => guarded(typed(kind, *text), POLICY),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The HTML of one mail, to be shown in a frame. Mails are numbered from 0 in the order they were sent.
async fn mail(State(sandbox): State<Arc<Sandbox>>, Path(number): Path<usize>) -> Response {
    let html = sandbox
        .cloud()
        .mail()
        .mails()
        .into_iter()
        .nth(number)
        .and_then(|mail| mail.html);
    match html {
        Some(html) => guarded(typed("text/html; charset=utf-8", html), MAIL_POLICY),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn guarded(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
