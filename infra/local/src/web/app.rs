//! The portal as it was built, at `/app`: what CloudFront serves where it is deployed.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use tower_http::services::{ServeDir, ServeFile};

use super::typed;
use crate::sandbox::Sandbox;

const NOT_BUILT: &str = "The portal is not built. Start the sandbox with ./dev run, which builds it, or run `npm ci && npm run build` in portal/.\n";

/// The portal's files; every other address below `/app` is a page of it, which the portal itself finds.
pub(super) fn router(project: &Path) -> Router<Arc<Sandbox>> {
    let built = project.join("portal/dist");
    let page = built.join("index.html");
    if !page.exists() {
        let not_built = || async {
            let told = typed("text/plain; charset=utf-8", NOT_BUILT);
            (StatusCode::NOT_FOUND, told).into_response()
        };
        return Router::new()
            .route("/app", get(not_built))
            .route("/app/{*path}", get(not_built));
    }
    Router::new()
        .nest_service("/app/assets", ServeDir::new(built.join("assets")))
        .nest_service("/app", ServeDir::new(built).fallback(ServeFile::new(page)))
        .layer(middleware::from_fn(with_headers))
}

async fn with_headers(request: Request, next: Next) -> Response {
    // A file's name there changes with what is in it.
    let is_asset = request.uri().path().starts_with("/app/assets/");
    let mut response = next.run(request).await;
    let cache = if is_asset && response.status() != StatusCode::NOT_FOUND {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
