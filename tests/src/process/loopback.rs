//! The local cloud on a port of this machine, for processes that reach it over a socket.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use local::cloud::Cloud;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The server; it ends with this value. While it serves, Stripe is here and nowhere else.
pub struct Loopback {
    cloud: Cloud,
    stripe_host_before: String,
    address: String,
    server: JoinHandle<Result<(), String>>,
}

impl Loopback {
    /// Serves `cloud`, Stripe included, on a free port.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn serve(cloud: Cloud) -> Result<Self, String> {
        Self::serve_beside(cloud, Router::new()).await
    }

    /// Serves `cloud`, and the routes of `own` before it.
    ///
    /// # Errors
    /// Where no port can be had.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server runs beside the processes that ask it, and ends with this value"
    )]
    pub async fn serve_beside(cloud: Cloud, own: Router) -> Result<Self, String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let address = address.to_string();
        let stripe_host_before = cloud.set_stripe_host(&address);
        let router = Router::new().fallback(answer).with_state(cloud.clone());
        let router = own.merge(router);
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, router).await;
            served.map_err(|error| error.to_string())
        });
        Ok(Self {
            cloud,
            stripe_host_before,
            address,
            server,
        })
    }

    /// What `AWS_ENDPOINT_URL` and `STRIPE_API_BASE` are to be.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// Where the port is lost.
    pub async fn ended(mut self) -> Result<(), String> {
        (&mut self.server)
            .await
            .map_err(|error| error.to_string())?
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.server.abort();
        self.cloud.set_stripe_host(&self.stripe_host_before);
    }
}

async fn answer(State(cloud): State<Cloud>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match cloud.handle(Request::from_parts(head, body)).await {
        Ok(answer) => answer.map(|body: Bytes| Body::from(body)),
        Err(broken) => (StatusCode::BAD_GATEWAY, broken.to_string()).into_response(),
    }
}
