//! One call as the local cloud sees it: which service it is for, which operation, and on what.

use std::sync::Arc;

use axum::body::Bytes;
use http::Request;
use serde_json::Value;

/// A service the local cloud answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Tables.
    DynamoDb,
    /// Queues.
    Sqs,
    /// Outgoing mail.
    Ses,
    /// Messages to whoever subscribed to a topic.
    Sns,
    /// Parameters and secrets.
    Ssm,
    /// The payment provider.
    Stripe,
}

/// A request with its address read.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who makes it: what [`Cloud::connector_of`](super::Cloud::connector_of) was given, or nothing.
    pub caller: Arc<str>,
    /// The service it is for.
    pub service: Service,
    /// The operation as AWS names it (`PutItem`), or for Stripe the method and the path with its identifiers left
    /// out: `POST /v1/customers/{id}`.
    pub operation: String,
    /// The request as it came.
    pub request: Request<Bytes>,
}

/// The three JSON services and what opens their `X-Amz-Target`.
const TARGETS: [(&str, Service); 3] = [
    ("DynamoDB_20120810.", Service::DynamoDb),
    ("AmazonSQS.", Service::Sqs),
    ("AmazonSSM.", Service::Ssm),
];

impl Call {
    /// Reads where `request` wants to go. AWS services are told apart by what the SDK writes into the request and not
    /// by host, so that one port can stand for all of them. `None` where nobody here answers: the local cloud never
    /// hands anything on to the network.
    pub(crate) fn read(
        caller: &Arc<str>,
        request: Request<Bytes>,
        stripe_host: &str,
    ) -> Option<Self> {
        let (service, operation) = address(&request, stripe_host)?;
        Some(Self {
            caller: Arc::clone(caller),
            service,
            operation,
            request,
        })
    }

    /// The body as text; empty where it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.request.body()).unwrap_or_default()
    }

    /// The body as JSON; `Null` where it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(self.request.body()).unwrap_or_default()
    }

    /// How many actions a `TransactWriteItems` or `TransactGetItems` holds; 1 for every other operation.
    pub fn actions(&self) -> usize {
        if !self.operation.starts_with("Transact") {
            return 1;
        }
        self.json()["TransactItems"].as_array().map_or(0, Vec::len)
    }
}

fn address(request: &Request<Bytes>, stripe_host: &str) -> Option<(Service, String)> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(target) = header("x-amz-target") {
        return TARGETS.iter().find_map(|(prefix, service)| {
            Some((*service, target.strip_prefix(prefix)?.to_owned()))
        });
    }
    if request.uri().path() == "/" && header("content-type").is_some_and(is_form) {
        let form: Vec<(String, String)> = serde_urlencoded::from_bytes(request.body()).ok()?;
        let field = |name: &str| {
            form.iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let service = match field("Version")? {
            "2010-12-01" => Service::Ses,
            "2010-03-31" => Service::Sns,
            _ => return None,
        };
        return Some((service, field("Action")?.to_owned()));
    }
    let host = request
        .uri()
        .authority()
        .map(http::uri::Authority::as_str)
        .or(header("host"));
    if host == Some(stripe_host) {
        let path = without_identifiers(request.uri().path());
        return Some((Service::Stripe, format!("{} {path}", request.method())));
    }
    None
}

fn is_form(content_type: &str) -> bool {
    content_type.starts_with("application/x-www-form-urlencoded")
}

/// `/v1/customers/cus_1A/sources` as `/v1/customers/{id}/sources`: an identifier has a `_`, and a digit or a capital.
fn without_identifiers(path: &str) -> String {
    let shown = path.split('/').map(|part| {
        let identifier = part.contains('_')
            && part.contains(|letter: char| letter.is_ascii_digit() || letter.is_ascii_uppercase());
        if identifier { "{id}" } else { part }
    });
    shown.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripe_paths_are_named_without_their_identifiers() {
        for (path, shown) in [
            ("/v1/customers", "/v1/customers"),
            ("/v1/customers/cus_1A", "/v1/customers/{id}"),
            ("/v1/invoices/create_preview", "/v1/invoices/create_preview"),
            (
                "/v1/subscription_schedules/sub_sched_9/release",
                "/v1/subscription_schedules/{id}/release",
            ),
        ] {
            assert_eq!(without_identifiers(path), shown);
        }
    }

    #[test]
    fn one_host_can_stand_for_all_of_them() {
        let address = |path: &str, body: &'static str| {
            let request = Request::post(path)
                .header("host", "127.0.0.1:4000")
                .header("content-type", "application/x-www-form-urlencoded");
            address(&request.body(Bytes::from(body)).unwrap(), "127.0.0.1:4000")
        };
        assert_eq!(
            address("/", "Action=SendEmail&Version=2010-12-01"),
            Some((Service::Ses, "SendEmail".to_owned()))
        );
        assert_eq!(
            address("/", "Action=Publish&Version=2010-03-31"),
            Some((Service::Sns, "Publish".to_owned()))
        );
        assert_eq!(
            address("/v1/refunds", "charge=ch_1"),
            Some((Service::Stripe, "POST /v1/refunds".to_owned()))
        );
    }

    #[test]
    fn a_request_to_a_stranger_is_nobodys() {
        let read = |host| {
            let request = Request::get("https://example.com/v1/customers");
            Call::read(&Arc::from(""), request.body(Bytes::new()).unwrap(), host)
        };
        assert!(read("api.stripe.com").is_none());
        assert_eq!(read("example.com").unwrap().operation, "GET /v1/customers");
    }
}
