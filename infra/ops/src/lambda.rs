//! Door: Lambda's `Invoke`, one signed request. It is sent once and never by itself again: an order that is carried out may
//! have been when its answer is lost.
//!
//! Read on the page of Lambda's API reference on `Invoke` (November 2026). `aws-sdk-lambda` is left out on purpose: it has
//! event streams, and with them every other SDK of the workspace would be compiled another way.

use std::time::{Duration, Instant, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::network::NetworkTimeouts;

use crate::installation::Installation;
use crate::problem::Problem;

/// The longest that a function may run, in minutes.
const RUN_MINUTES_MAX: u64 = 15;

/// The answer begins when the function has ended, so it is waited for a little longer than a function may run.
pub(crate) const TIMEOUTS: NetworkTimeouts = NetworkTimeouts {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(RUN_MINUTES_MAX * 60 + 15),
};

/// The functions of an installation.
pub(crate) struct Lambda<'a>(&'a Installation);

/// An answer as it came.
struct Answered {
    status: u16,
    error_type: Option<String>,
    function_error: Option<String>,
    body: Value,
}

/// What Lambda says of an invocation that failed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionError {
    #[serde(default)]
    error_type: String,
    #[serde(default)]
    error_message: String,
}

impl<'a> Lambda<'a> {
    pub(crate) fn new(installation: &'a Installation) -> Self {
        Self(installation)
    }

    /// An answer of a function, read.
    ///
    /// # Errors
    /// Where it is not what this version knows.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        function: &str,
        answer: Value,
    ) -> Result<T, Problem> {
        serde_json::from_value(answer).map_err(|error| Problem::Unreadable {
            function: self.0.name(function),
            reason: error.to_string(),
        })
    }

    /// Hands `event` to a function and waits for its answer.
    ///
    /// # Errors
    /// What went wrong and what to do, in the function's own words where it refused.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Problem> {
        let name = self.0.name(function);
        let answered = self.call(&name, event.to_string()).await?;
        if answered.status != 200 {
            return Err(self.refused(&name, &answered));
        }
        if answered.function_error.is_some() {
            return Err(failed(name, &answered.body));
        }
        Ok(answered.body)
    }

    async fn call(&self, name: &str, event: String) -> Result<Answered, Problem> {
        let settings = self.0.settings();
        let host = format!("lambda.{}.amazonaws.com", settings.region);
        let base = settings.endpoint_url.clone();
        let base = base.unwrap_or_else(|| format!("https://{host}"));
        let uri = format!("{base}/2015-03-31/functions/{name}/invocations");
        let unreadable = |reason: String| Problem::Unreadable {
            function: name.to_owned(),
            reason,
        };
        let request = self.signed(&uri, event).map_err(unreadable)?;
        let began = Instant::now();
        let sent = self.0.platform().http.call(request).await;
        let response: HttpResponse = sent.map_err(|error| {
            // Connecting has a timeout too, a short one.
            if error.is_timeout() && began.elapsed() >= TIMEOUTS.read {
                return Problem::NoAnswer {
                    function: name.to_owned(),
                    minutes: RUN_MINUTES_MAX,
                };
            }
            self.0.unreachable(host, root_of(&error))
        })?;
        let header = |name| response.headers().get(name).map(str::to_owned);
        let (error_type, function_error) =
            (header("x-amzn-errortype"), header("x-amz-function-error"));
        let status = response.status().as_u16();
        let body = ByteStream::new(response.into_body()).collect().await;
        let body = body.map_err(|error| unreadable(error.to_string()))?;
        let body = serde_json::from_slice(&body.to_vec());
        // A refusal may come from a proxy on the way, in no JSON; its status says enough.
        let body = match body {
            Err(error) if status == 200 => return Err(unreadable(error.to_string())),
            body => body.unwrap_or_default(),
        };
        Ok(Answered {
            status,
            error_type,
            function_error,
            body,
        })
    }

    /// The request under Signature Version 4.
    fn signed(&self, uri: &str, event: String) -> Result<HttpRequest, String> {
        let settings = self.0.settings();
        let token = settings.session_token.as_ref();
        let identity = Credentials::new(
            &settings.access_key_id,
            settings.secret_access_key.reveal(),
            token.map(|token| token.reveal().to_owned()),
            None,
            "environment",
        )
        .into();
        let now_ms = self.0.platform().clock.now().as_ms();
        let now = UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&settings.region)
            .name("lambda")
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let body = SignableBody::Bytes(event.as_bytes());
        let headers = [("content-type", "application/json")];
        let signable = SignableRequest::new("POST", uri, headers.into_iter(), body);
        let signable = signable.map_err(|error| error.to_string())?;
        let signature = sign(signable, &params).map_err(|error| error.to_string())?;
        let (instructions, _) = signature.into_parts();
        let [(name, value)] = headers;
        let mut request = http::Request::post(uri)
            .header(name, value)
            .body(SdkBody::from(event))
            .map_err(|error| error.to_string())?;
        instructions.apply_to_request_http1x(&mut request);
        HttpRequest::try_from(request).map_err(|error| error.to_string())
    }

    /// What Lambda itself refused.
    fn refused(&self, name: &str, answered: &Answered) -> Problem {
        let kind = answered.error_type.as_deref().unwrap_or_default();
        // A namespace may stand behind a colon.
        let code = kind.split(':').next().unwrap_or_default().to_owned();
        let words = [&answered.body["message"], &answered.body["Message"]];
        let words = words.iter().find_map(|words| words.as_str());
        let words = words.unwrap_or("it says no more").to_owned();
        match (answered.status, code.as_str()) {
            (_, "ResourceNotFoundException") => Problem::NoFunction {
                function: name.to_owned(),
                place: self.0.place(),
            },
            (_, "AccessDeniedException") => Problem::Denied {
                action: "lambda:InvokeFunction",
                resource: format!("the function {name}"),
                words,
            },
            (403, _) => Problem::Credentials { code },
            (429 | 500.., _) => Problem::Busy {
                service: "Lambda",
                code: format!("{} {code}", answered.status),
            },
            _ => Problem::Service {
                service: "Lambda",
                code: format!("{} {code}", answered.status),
                words,
            },
        }
    }
}

/// What the function itself, or Lambda around it, says of an invocation that failed.
fn failed(function: String, body: &Value) -> Problem {
    let error = FunctionError::deserialize(body).unwrap_or_else(|_| FunctionError {
        error_type: "unknown".to_owned(),
        error_message: body.to_string(),
    });
    let FunctionError {
        error_type: code,
        error_message,
    } = error;
    let words = error_message.strip_prefix(&format!("{code}: "));
    let words = words.unwrap_or(&error_message).to_owned();
    if error_message.contains("Task timed out") {
        return Problem::TimedOut { function };
    }
    // Its own refusals are named in snake case; what goes wrong around it, and what it does not tell anybody, is not one.
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let is_refusal = !code.is_empty() && code.chars().all(is_name);
    match code.as_str() {
        "internal" | "unavailable" => Problem::Failed {
            function,
            code,
            words,
        },
        _ if is_refusal => Problem::Refused { code, words },
        _ => Problem::Failed {
            function,
            code,
            words,
        },
    }
}

/// The innermost reason: those around it say only that something failed.
pub(crate) fn root_of(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_is_told_apart_from_a_failure_and_from_a_timeout() {
        let said = |code: &str, words: &str| {
            let body = json!({ "errorType": code, "errorMessage": words });
            failed("linky-replay-event".to_owned(), &body).to_string()
        };
        assert_eq!(
            said("no_such_event", "no_such_event: There is no event evt_1."),
            "There is no event evt_1. (no_such_event)"
        );
        let busy = said(
            "unavailable",
            "unavailable: read account: no answer in time",
        );
        assert!(
            busy.starts_with("linky-replay-event failed: unavailable: read account"),
            "{busy}"
        );
        let panicked = said("&alloc::boxed::Box<dyn Any>", "Lambda panicked: a bug");
        assert!(panicked.contains("Lambda panicked: a bug"), "{panicked}");
        let words = "RequestId: 7 Error: Task timed out after 300.00 seconds";
        let timed_out = said("Sandbox.Timedout", words);
        assert!(
            timed_out.contains("Give the same command again"),
            "{timed_out}"
        );
    }
}
