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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc;

    use aws_smithy_runtime_api::client::http::HttpConnector;
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

    use super::*;

    /// Answers every request with the number of the connection that it came over.
    fn server() -> (String, mpsc::Receiver<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let (sender, connections) = mpsc::channel();
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut bytes = [0; 1024];
                while stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                    sender.send(number).unwrap();
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                    stream.write_all(answer).unwrap();
                }
            }
        });
        (address, connections)
    }

    #[tokio::test]
    async fn plain_http_is_spoken_and_a_connection_is_kept() {
        let (address, connections) = server();
        let connector = connector(NetworkTimeouts::default());
        for _ in 0..3 {
            let request = HttpRequest::get(&address).unwrap();
            let response = connector.call(request).await.unwrap();
            assert_eq!(response.status().as_u16(), 200);
            let body = aws_smithy_types::byte_stream::ByteStream::new(response.into_body());
            assert_eq!(body.collect().await.unwrap().to_vec(), b"ok");
            assert_eq!(connections.recv().unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn an_address_where_nobody_listens_is_an_error_of_the_network() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", free.local_addr().unwrap());
        drop(free);
        let request = HttpRequest::get(address).unwrap();
        let error = connector(NetworkTimeouts::default()).call(request).await;
        assert!(error.unwrap_err().is_io());
    }
}
