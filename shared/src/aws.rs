//! Door: the AWS clients, all made alike: one HTTP connector, bounded patience, the SDK's standard retries.
//!
//! `aws-config` is left out on purpose: it would bring three more SDKs into every binary to find credentials that Lambda
//! has already put into the environment.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::secret::Secret;

/// Tries of one call, the first included.
pub const ATTEMPTS_MAX: u32 = 3;

/// Longest try. A healthy answer takes milliseconds; a longer wait only eats the invocation's time.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1500);

/// Longest call, with all its tries and the pauses between them. Six of them fit into the webhook's timeout: the secret,
/// the read, the transaction, the keeping, the queue, the note that it did not take it.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(4);

/// Where the AWS services are and who is calling.
#[derive(Debug, Clone)]
pub struct AwsSettings {
    /// Such as `eu-central-1`.
    pub region: String,
    /// Public half of the credentials.
    pub access_key_id: String,
    /// Secret half of the credentials.
    pub secret_access_key: Secret,
    /// The token of a role's temporary credentials.
    pub session_token: Option<Secret>,
    /// One address for all services instead of AWS's own, such as `http://127.0.0.1:4566`.
    pub endpoint_url: Option<String>,
}

/// What every client is made from. Clients are cheap; make each once, at start.
#[derive(Debug, Clone)]
pub struct Aws {
    settings: AwsSettings,
    http: SharedHttpClient,
    sleep: SharedAsyncSleep,
}

/// A failed call as our error, told by its code and its words. The SDK's own account of it repeats the whole answer, and
/// the answer to a refused condition is the row itself, with a name and an address in it.
pub fn failed<E, R>(doing: &'static str, error: &SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata,
{
    let told = match error {
        SdkError::TimeoutError(_) => "no answer in time".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            "no connection in time".to_owned()
        }
        SdkError::DispatchFailure(_) => "the connection failed".to_owned(),
        SdkError::ResponseError(_) => "the answer cannot be read".to_owned(),
        SdkError::ServiceError(refused) => {
            let code = refused.err().code().unwrap_or("no code");
            let words: String = refused
                .err()
                .message()
                .unwrap_or_default()
                .chars()
                .take(WORDS_CHARS_MAX)
                .collect();
            format!("{code}: {words}")
        }
        _ => "the request cannot be written".to_owned(),
    };
    let is_ours = error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
        .is_some_and(|code| {
            code.starts_with("AccessDenied")
                || matches!(
                    code,
                    "ValidationException"
                        | "ValidationError"
                        | "ResourceNotFoundException"
                        | "UnrecognizedClientException"
                )
        });
    let error = if is_ours {
        Error::internal(told)
    } else {
        Error::unavailable(told)
    };
    error.while_doing(doing)
}

/// Longest part of a service's words that is kept, in characters.
const WORDS_CHARS_MAX: usize = 300;

macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $sdk:ident) => {
        $(#[$doc])*
        pub fn $name(&self) -> $sdk::Client {
            let mut config = $sdk::Config::builder()
                .behavior_version($sdk::config::BehaviorVersion::latest())
                .region($sdk::config::Region::new(self.settings.region.clone()))
                .credentials_provider(self.credentials())
                .http_client(self.http.clone())
                .sleep_impl(self.sleep.clone())
                .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX))
                // A budget of retries of its own. By default all clients of a process share one: in the sandbox, where
                // several functions live in one process, the failures of one would cost another its retries.
                .retry_partition($sdk::config::retry::RetryPartition::custom(stringify!($name)).build())
                // It watches long downloads. No answer here is one, and a stalled one ends with its attempt.
                .stalled_stream_protection($sdk::config::StalledStreamProtectionConfig::disabled())
                .timeout_config(
                    TimeoutConfig::builder()
                        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                        .operation_timeout(CALL_TIMEOUT)
                        .build(),
                );
            config.set_endpoint_url(self.settings.endpoint_url.clone());
            $sdk::Client::from_conf(config.build())
        }
    };
}

impl Aws {
    /// Clients for the credentials that Lambda puts into the environment.
    ///
    /// # Errors
    /// `Internal`, naming the variable that is missing.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        let settings = AwsSettings {
            region: env.required("AWS_REGION")?,
            access_key_id: env.required("AWS_ACCESS_KEY_ID")?,
            secret_access_key: Secret::new(env.required("AWS_SECRET_ACCESS_KEY")?),
            session_token: env.optional("AWS_SESSION_TOKEN").map(Secret::new),
            endpoint_url: env.optional("AWS_ENDPOINT_URL"),
        };
        Ok(Self::new(
            settings,
            platform.http.clone(),
            platform.sleep.clone(),
        ))
    }

    /// Clients that call over `http` and wait with `sleep`.
    pub fn new(settings: AwsSettings, http: SharedHttpConnector, sleep: SharedAsyncSleep) -> Self {
        Self {
            settings,
            http: http_client_fn(move |_, _| http.clone()),
            sleep,
        }
    }

    client!(
        /// The tables.
        dynamodb,
        aws_sdk_dynamodb
    );
    client!(
        /// The queues.
        sqs,
        aws_sdk_sqs
    );
    client!(
        /// The mail.
        ses,
        aws_sdk_ses
    );
    client!(
        /// The topics.
        sns,
        aws_sdk_sns
    );
    client!(
        /// The parameters, among them the secrets.
        ssm,
        aws_sdk_ssm
    );

    /// Lambda gives a process credentials once and replaces the process before they expire, so they carry no expiry.
    fn credentials(&self) -> Credentials {
        let settings = &self.settings;
        Credentials::new(
            &settings.access_key_id,
            settings.secret_access_key.reveal(),
            settings
                .session_token
                .as_ref()
                .map(|token| token.reveal().to_owned()),
            None,
            "environment",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::script::{Naps, Script, Step, answer};
    use crate::time::Timestamp;

    fn aws(script: &Script, endpoint_url: Option<&str>) -> (Aws, Naps) {
        let naps = Naps::new(Clock::manual(Timestamp::from_s(0)));
        let settings = AwsSettings {
            region: "eu-central-1".to_owned(),
            access_key_id: "AKID".to_owned(),
            secret_access_key: Secret::new("canary-key"),
            session_token: Some(Secret::new("token")),
            endpoint_url: endpoint_url.map(str::to_owned),
        };
        (Aws::new(settings, script.connector(), naps.shared()), naps)
    }

    #[tokio::test]
    async fn a_call_is_signed_with_the_given_credentials_and_goes_to_its_region() {
        let script = Script::new([answer(200, r#"{"TableNames":[]}"#)]);
        let client = aws(&script, None).0.dynamodb();
        client.list_tables().send().await.unwrap();
        let seen = &script.seen()[0];
        assert_eq!(seen.uri, "https://dynamodb.eu-central-1.amazonaws.com/");
        let authorization = seen.header("authorization").unwrap();
        assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"));
        assert_eq!(seen.header("x-amz-security-token"), Some("token"));
    }

    #[tokio::test]
    async fn one_address_can_stand_for_all_services() {
        let script = Script::new([answer(200, "{}"), answer(200, "{}")]);
        let (aws, _) = aws(&script, Some("http://127.0.0.1:4566"));
        aws.dynamodb().list_tables().send().await.unwrap();
        aws.sqs().list_queues().send().await.unwrap();
        for seen in script.seen() {
            assert_eq!(seen.uri, "http://127.0.0.1:4566/");
        }
    }

    #[tokio::test]
    async fn a_call_is_tried_three_times_and_silence_ends_each_after_three_seconds() {
        let script = Script::new([Step::Broken, answer(500, ""), Step::Silent]);
        let (aws, naps) = aws(&script, None);
        let error = aws.dynamodb().list_tables().send().await.unwrap_err();
        assert!(!format!("{error:?}").contains("canary-key"));
        assert_eq!(script.seen().len(), 3);
        assert!(naps.taken().contains(&ATTEMPT_TIMEOUT));
    }

    #[test]
    fn the_credentials_never_print_themselves() {
        let (aws, _) = aws(&Script::new([]), None);
        let printed = format!("{aws:?}");
        assert!(!printed.contains("canary-key") && !printed.contains("token\""));
    }

    #[test]
    fn a_failed_call_is_told_without_what_the_answer_repeats() {
        use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
        use aws_sdk_dynamodb::types::error::TransactionCanceledException;
        use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason};

        let row = AttributeValue::S("ada@example.com".to_owned());
        let reason = CancellationReason::builder()
            .code("ConditionalCheckFailed")
            .item("email", row)
            .build();
        let canceled = TransactionCanceledException::builder()
            .message("Transaction cancelled")
            .cancellation_reasons(reason)
            .meta(
                aws_smithy_types::error::ErrorMetadata::builder()
                    .code("TransactionCanceledException")
                    .message("Transaction cancelled")
                    .build(),
            )
            .build();
        let error = SdkError::service_error(
            TransactWriteItemsError::TransactionCanceledException(canceled),
            (),
        );
        let told = failed("write", &error);
        assert_eq!(
            told.to_string(),
            "unavailable: write: TransactionCanceledException: Transaction cancelled"
        );
        assert!(format!("{error:?}").contains("ada@example.com"));
    }

    #[test]
    fn a_missing_grant_is_ours_to_mend_and_a_busy_table_is_not() {
        use aws_sdk_dynamodb::operation::get_item::GetItemError;

        let refused = |code: &str| {
            let meta = aws_smithy_types::error::ErrorMetadata::builder()
                .code(code)
                .build();
            failed(
                "read",
                &SdkError::service_error(GetItemError::generic(meta), ()),
            )
        };
        assert!(!refused("AccessDeniedException").retryable());
        assert!(!refused("ValidationException").retryable());
        assert!(refused("ProvisionedThroughputExceededException").retryable());
    }
}
