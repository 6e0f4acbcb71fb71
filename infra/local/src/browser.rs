//! A browser without a screen: it keeps the cookie and sends what a page of the portal sends. For whoever acts at the portal
//! without looking at it, the sandbox itself and its tests.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, ETAG, ORIGIN, SET_COOKIE};
use http::{Request, Response};
use serde_json::Value;

use crate::gateway::Gateway;

/// What a browser of its own shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The answer's body; null where it is no JSON.
    pub body: Value,
    /// The tag of what was read.
    pub tag: Option<String>,
}

/// A browser at the portal.
pub struct Browser<'a> {
    gateway: &'a Gateway,
    origin: String,
    address: String,
    cookie: Mutex<Option<String>>,
}

impl<'a> Browser<'a> {
    /// One that has opened the portal at `origin`, at a network address.
    pub fn new(gateway: &'a Gateway, origin: &str, address: &str) -> Self {
        Self {
            gateway,
            origin: origin.to_owned(),
            address: address.to_owned(),
            cookie: Mutex::default(),
        }
    }

    /// The cookie it holds, as it sends it.
    pub fn cookie(&self) -> Option<String> {
        self.held().clone()
    }

    /// Has it hold another cookie, or none.
    pub fn hold(&self, cookie: Option<String>) {
        *self.held() = cookie;
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Page {
        self.send("GET", path, None, &[]).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &Value) -> Page {
        self.send("POST", path, Some(form), &[]).await
    }

    /// Sends a request with further headers, which come instead of its own of the same name; an empty one takes its own away.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        form: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request =
            Request::new(form.map_or_else(Bytes::new, |form| form.to_string().into()));
        *request.method_mut() = method.parse().unwrap_or_default();
        *request.uri_mut() = path.parse().unwrap_or_default();
        let cookie = self.cookie();
        let own = [
            (CONTENT_TYPE.as_str(), form.map(|_| "application/json")),
            (ORIGIN.as_str(), Some(self.origin.as_str())),
            ("x-linky-client", Some("portal")),
            (COOKIE.as_str(), cookie.as_deref()),
            ("user-agent", Some("Linky sandbox")),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        for (name, value) in own.chain(headers.iter().copied()) {
            let name = http::HeaderName::try_from(name);
            let value = http::HeaderValue::try_from(value);
            if let (Ok(name), Ok(value)) = (name, value) {
                if value.is_empty() {
                    request.headers_mut().remove(name);
                } else {
                    request.headers_mut().insert(name, value);
                }
            }
        }
        let response = self.gateway.handle(request, &self.address).await;
        self.take_cookie(&response);
        let tag = response.headers().get(ETAG);
        Page {
            tag: tag.and_then(|tag| tag.to_str().ok().map(str::to_owned)),
            status: response.status().as_u16(),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    fn take_cookie(&self, response: &Response<Bytes>) {
        for set in response.headers().get_all(SET_COOKIE) {
            let set = set.to_str().unwrap_or_default();
            let cookie = set.split(';').next().unwrap_or_default();
            let forgets = set.contains("Max-Age=0");
            self.hold((!forgets).then(|| cookie.to_owned()));
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    /// The code of a refusal; empty where it is none.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}
