//! Door: the network. One pooled HTTP client (hyper, TLS by rustls with ring) that every AWS client and the Stripe
//! transport share; the sandbox and the tests give an in-process connector in its place.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};

/// How long a connection may take to come up, and an answer to begin.
#[derive(Debug, Clone, Copy)]
pub struct NetworkTimeouts {
    /// From the first packet to an open socket.
    pub connect: Duration,
    /// From the request's last byte to the answer's first.
    pub read: Duration,
}

impl Default for NetworkTimeouts {
    /// Connecting within a region takes milliseconds, so one second means that it will not come up. The read timeout is
    /// an outermost bound: each door sets its own, shorter one.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            read: Duration::from_secs(20),
        }
    }
}

/// A connector that keeps its connections between calls. Plain `http://` addresses are spoken to as well, for an
/// `AWS_ENDPOINT_URL` on this machine.
pub fn connector(timeouts: NetworkTimeouts) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read)
        .build();
    SharedHttpConnector::new(
        Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .connector_settings(settings)
            .build(),
    )
}
