//! An HTTP request as API Gateway hands it to a function (payload format 2.0, from the developer guide's page "Create AWS
//! Lambda proxy integrations for HTTP APIs", read November 2026).

use std::collections::BTreeMap;

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request};
use serde_json::{Map, Value, json};
use shared::time::Timestamp;

/// The name under which AWS would serve the API.
const DOMAIN: &str = "sandbox.execute-api.us-east-1.amazonaws.com";

/// What the request itself does not say.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// The decoded path.
    pub(super) path: &'a str,
    /// What stood in the path for each name in braces.
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) route_key: &'a str,
    pub(super) source_ip: &'a str,
    pub(super) request_id: &'a str,
    pub(super) now: Timestamp,
}

/// The event for `request`.
pub(super) fn of(request: &Request<Bytes>, context: &Context<'_>) -> Value {
    let headers = headers(request.headers(), request.body().len(), context);
    let (method, path) = (request.method().as_str(), context.path);
    let query = request.uri().query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": context.route_key,
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {
            "accountId": crate::template::ACCOUNT,
            "apiId": "sandbox",
            "domainName": DOMAIN,
            "domainPrefix": "sandbox",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": context.source_ip,
                "userAgent": headers.get("user-agent").map_or("", String::as_str),
            },
            "requestId": context.request_id,
            "routeKey": context.route_key,
            "stage": "$default",
            "time": common_log_time(context.now),
            "timeEpoch": context.now.as_ms(),
        },
        "isBase64Encoded": false,
    });
    let mut optional = Map::new();
    let cookies = cookies(request.headers());
    if !cookies.is_empty() {
        optional.insert("cookies".into(), json!(cookies));
    }
    if !query.is_empty() {
        optional.insert("queryStringParameters".into(), json!(parameters(query)));
    }
    if !context.parameters.is_empty() {
        optional.insert("pathParameters".into(), json!(context.parameters));
    }
    if !request.body().is_empty() {
        let (body, encoded) = body(request.body(), headers.get("content-type"));
        optional.insert("body".into(), body.into());
        optional.insert("isBase64Encoded".into(), encoded.into());
    }
    optional.insert("headers".into(), json!(headers));
    if let Value::Object(fields) = &mut event {
        fields.extend(optional);
    }
    event
}

/// The headers by lower-case name, several of one name joined by a comma. Cookies stand apart, and what concerns only the
/// connection to the gateway ends there. The last hop is added as the gateway adds it: the address in it is the one thing
/// in `x-forwarded-for` that the caller cannot choose. A length is always there, of a body sent in chunks too.
fn headers(sent: &HeaderMap, body_bytes: usize, context: &Context<'_>) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    for (name, value) in sent {
        let name = name.as_str();
        if matches!(
            name,
            "cookie" | "connection" | "keep-alive" | "transfer-encoding" | "upgrade"
        ) {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        let joined = headers.entry(name.to_owned()).or_default();
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(&value);
    }
    let hops = match headers.get("x-forwarded-for") {
        Some(before) => format!("{before}, {}", context.source_ip),
        None => context.source_ip.to_owned(),
    };
    headers.insert("content-length".into(), body_bytes.to_string());
    headers.insert("x-forwarded-for".into(), hops);
    headers.insert("x-forwarded-port".into(), "443".into());
    headers.insert("x-forwarded-proto".into(), "https".into());
    headers.insert(
        "x-amzn-trace-id".into(),
        format!(
            "Root=1-{:08x}-{:0>24}",
            context.now.as_s(),
            context.request_id
        ),
    );
    headers
}

fn cookies(sent: &HeaderMap) -> Vec<String> {
    let sent = sent.get_all(http::header::COOKIE).into_iter();
    sent.flat_map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let cookies = text.split("; ").map(str::to_owned);
        cookies.collect::<Vec<_>>()
    })
    .collect()
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::<String, String>::new();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    for (name, value) in pairs {
        match parameters.get_mut(&name) {
            Some(joined) => {
                joined.push(',');
                joined.push_str(&value);
            }
            None => {
                parameters.insert(name, value);
            }
        }
    }
    parameters
}

/// The body as text where its type says text and it is, else in base64. A form counts as binary, surprising as that is.
fn body(bytes: &Bytes, content_type: Option<&String>) -> (String, bool) {
    let kind = content_type.map_or("", String::as_str);
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    let textual = kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || matches!(
            kind.as_str(),
            "application/json" | "application/javascript" | "application/xml"
        );
    match std::str::from_utf8(bytes) {
        Ok(text) if textual => (text.to_owned(), false),
        _ => (STANDARD.encode(bytes), true),
    }
}

/// `22/Nov/2026:09:26:13 +0000`, the time as web servers log it.
fn common_log_time(now: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(now.as_ms())
        .map(|moment| moment.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: Context<'_> = Context {
        parameters: BTreeMap::new(),
        path: "/checkout",
        route_key: "POST /checkout",
        source_ip: "203.0.113.9",
        request_id: "0123456789abcdef",
        now: Timestamp::from_s(1_795_339_573),
    };

    fn event(request: http::request::Builder, body: &'static [u8]) -> Value {
        of(&request.body(Bytes::from_static(body)).unwrap(), &CONTEXT)
    }

    #[test]
    fn a_request_becomes_the_whole_event_that_aws_makes_of_it() {
        let request = Request::post("/checkout?plan=a&plan=b&name=J%C3%BCrgen+B")
            .header("Host", "localhost:4242")
            .header("Content-Type", "application/json; charset=utf-8")
            .header("X-Twice", "one")
            .header("X-Twice", "two")
            .header("Cookie", "a=1; b=2")
            .header("Connection", "keep-alive")
            .header("X-Forwarded-For", "198.51.100.1")
            .header("User-Agent", "test");
        assert_eq!(
            event(request, b"{\"a\":1}"),
            json!({
                "version": "2.0",
                "routeKey": "POST /checkout",
                "rawPath": "/checkout",
                "rawQueryString": "plan=a&plan=b&name=J%C3%BCrgen+B",
                "cookies": ["a=1", "b=2"],
                "headers": {
                    "content-length": "7",
                    "content-type": "application/json; charset=utf-8",
                    "host": "localhost:4242",
                    "user-agent": "test",
                    "x-amzn-trace-id": "Root=1-6b02b535-000000000123456789abcdef",
                    "x-forwarded-for": "198.51.100.1, 203.0.113.9",
                    "x-forwarded-port": "443",
                    "x-forwarded-proto": "https",
                    "x-twice": "one,two",
                },
                "queryStringParameters": { "plan": "a,b", "name": "Jürgen B" },
                "requestContext": {
                    "accountId": "000000000000",
                    "apiId": "sandbox",
                    "domainName": DOMAIN,
                    "domainPrefix": "sandbox",
                    "http": {
                        "method": "POST",
                        "path": "/checkout",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "203.0.113.9",
                        "userAgent": "test",
                    },
                    "requestId": "0123456789abcdef",
                    "routeKey": "POST /checkout",
                    "stage": "$default",
                    "time": "22/Nov/2026:09:26:13 +0000",
                    "timeEpoch": 1_795_339_573_000_i64,
                },
                "body": "{\"a\":1}",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn a_body_that_is_not_text_comes_in_base64() {
        let cases: [(&str, &'static [u8], &str, bool); 4] = [
            ("application/octet-stream", b"ab", "YWI=", true),
            ("application/json", b"\xff", "/w==", true),
            ("application/x-www-form-urlencoded", b"a=1", "YT0x", true),
            ("application/problem+json", b"{}", "{}", false),
        ];
        for (kind, bytes, body, encoded) in cases {
            let event = event(
                Request::post("/checkout").header("content-type", kind),
                bytes,
            );
            assert_eq!(
                (&event["body"], &event["isBase64Encoded"]),
                (&json!(body), &json!(encoded))
            );
        }
        let none = event(Request::post("/checkout"), b"");
        assert_eq!(
            (&none["body"], &none["isBase64Encoded"]),
            (&Value::Null, &json!(false))
        );
    }
}
