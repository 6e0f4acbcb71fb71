//! Door: the AWS clients, all made alike: one HTTP connector, bounded patience, the SDK's standard retries.
//!
//! `aws-config` is left out on purpose: it would bring three more SDKs into every binary to find credentials that Lambda
//! has already put into the environment.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::secret::Secret;

/// Tries of one call, the first included.
pub const ATTEMPTS_MAX: u32 = 3;

/// Longest try. A healthy answer takes milliseconds; a longer wait only eats the invocation's time.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest call, with all its tries and the pauses between them.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);

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
