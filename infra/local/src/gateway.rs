//! The API gateway: an HTTP request becomes the event API Gateway makes of it (payload format 2.0), and the function's
//! answer becomes the HTTP response.

mod answer;
mod event;

use std::sync::Arc;

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::json;

use crate::runtime::Functions;
use crate::template::Route;

/// The largest body API Gateway takes (its quotas page, read November 2026).
pub const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;

/// The HTTP API of the deployment.
pub struct Gateway {
    routes: Vec<Route>,
    functions: Arc<Functions>,
}

impl Gateway {
    /// An API that reaches `functions` by `routes`.
    pub fn new(routes: Vec<Route>, functions: Arc<Functions>) -> Self {
        Self { routes, functions }
    }

    /// Answers `request`, which came from the address `source_ip`.
    pub async fn handle(&self, request: Request<Bytes>, source_ip: &str) -> Response<Bytes> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let mut routes = self.routes.iter();
        let Some(route) = routes.find(|route| route.method == method && route.path == path) else {
            return message(404, "Not Found");
        };
        if request.body().len() > BODY_BYTES_MAX {
            return message(413, "Request Too Long");
        }
        let context = event::Context {
            route_key: &format!("{} {}", route.method, route.path),
            source_ip,
            request_id: &self.functions.chance().hex128()[..16],
            now: self.functions.clock().now(),
        };
        let event = event::of(&request, &context);
        let answer = self.functions.invoke(&route.function, event).await;
        answer
            .ok()
            .and_then(|answer| answer::response(&answer))
            // A failed function, like an answer that is none, is all the same to the caller.
            .unwrap_or_else(|| message(500, "Internal Server Error"))
    }
}

/// An answer of the gateway's own.
fn message(status: u16, words: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json!({ "message": words }).to_string()));
    if let Ok(status) = http::StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    response
}
