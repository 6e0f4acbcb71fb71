//! The API gateway: an HTTP request becomes the event API Gateway makes of it (payload format 2.0), and the function's
//! answer becomes the HTTP response.

mod answer;
mod event;
mod routing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::body::Bytes;
use http::{HeaderValue, Request, Response, header};
use percent_encoding::percent_decode_str;
use serde_json::json;
use shared::time::Timestamp;

use crate::runtime::Functions;
use crate::template::Route;

/// The largest body API Gateway takes (its page on quotas of HTTP APIs, read November 2026).
pub const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;

/// The longest request line and header values together, in bytes (the same page, which does not say how a longer one is
/// answered: 431 is what HTTP has for it).
const HEAD_BYTES_MAX: usize = 10_240;

/// The largest event Lambda takes (its page on quotas, read November 2026), so that a body in base64 reaches no function
/// from about 4.5 MB on.
const EVENT_BYTES_MAX: usize = 6 * 1024 * 1024;

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
        let id = self.functions.chance().hex128();
        let request_id = &id[..16];
        let mut response = self.answer(&request, source_ip, request_id).await;
        if let Ok(value) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert("apigw-requestid", value);
        }
        // By the sandbox's clock: pages tell by it how long ago something was.
        if let Some(date) = http_date(self.functions.clock().now()) {
            response.headers_mut().insert(header::DATE, date);
        }
        response
    }

    async fn answer(
        &self,
        request: &Request<Bytes>,
        source_ip: &str,
        request_id: &str,
    ) -> Response<Bytes> {
        if head_bytes(request) > HEAD_BYTES_MAX {
            return message(431, "Request Header Fields Too Large");
        }
        let (method, path) = (request.method().as_str(), path(request));
        let Some(matched) = routing::matched(&self.routes, method, &path) else {
            return message(404, "Not Found");
        };
        let route = matched.route;
        if request.body().len() > BODY_BYTES_MAX {
            return too_large();
        }
        let context = event::Context {
            path: &path,
            parameters: matched.parameters,
            route_key: &format!("{} {}", route.method, route.path),
            source_ip,
            request_id,
            now: self.functions.clock().now(),
        };
        let event = event::of(request, &context);
        if event.to_string().len() > EVENT_BYTES_MAX {
            return too_large();
        }
        let answer = self.functions.invoke(&route.function, event).await;
        answer
            .ok()
            .and_then(|answer| answer::response(&answer))
            // A failed function, like an answer that is none, is all the same to the caller.
            .unwrap_or_else(|| message(500, "Internal Server Error"))
    }
}

/// A moment as HTTP writes it.
fn http_date(now: Timestamp) -> Option<HeaderValue> {
    let moment = jiff::Timestamp::from_second(now.as_s()).ok()?;
    HeaderValue::try_from(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// The path as the gateway sees it: decoded, so that `/%63heckout` is `/checkout`, and ended by a question mark that was
/// encoded. Both were seen at AWS and are on none of its pages (github.com/hotsock/voker pull request 8 and
/// github.com/fastify/aws-lambda-fastify issue 169, read November 2026).
fn path(request: &Request<Bytes>) -> String {
    let decoded = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let path = decoded.split_once('?').map_or(&*decoded, |(path, _)| path);
    path.to_owned()
}

/// What the request line and the values of the headers take.
fn head_bytes(request: &Request<Bytes>) -> usize {
    let target = request.uri().path_and_query();
    let line = request.method().as_str().len() + target.map_or(1, |target| target.as_str().len());
    let values = request.headers().values().map(HeaderValue::len);
    line + " HTTP/1.1 ".len() + values.sum::<usize>()
}

/// The answer to a body that is too large.
pub fn too_large() -> Response<Bytes> {
    message(413, "Request Entity Too Large")
}

/// An answer of the gateway's own.
fn message(status: u16, words: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json!({ "message": words }).to_string()));
    if let Ok(status) = http::StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
