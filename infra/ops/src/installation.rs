//! Which installation is meant, and with whose credentials it is asked.

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use shared::aws::{Aws, AwsSettings};
use shared::secret::Secret;

use crate::Platform;
use crate::lambda::Lambda;
use crate::problem::Problem;

/// The region of everything in a sandbox.
const SANDBOX_REGION: &str = "us-east-1";

/// An installation, and the doors to it.
pub(crate) struct Installation {
    prefix: String,
    sandbox: Option<String>,
    settings: AwsSettings,
    platform: Platform,
}

impl Installation {
    /// The sandbox at `sandbox`, else the one on AWS that the environment names.
    ///
    /// # Errors
    /// Where the environment says too little, or the address is none.
    pub(crate) fn of(
        sandbox: Option<&str>,
        prefix: &str,
        platform: &Platform,
    ) -> Result<Self, Problem> {
        let settings = match sandbox {
            Some(url) => at_sandbox(url)?,
            None => of_environment(platform)?,
        };
        Ok(Self {
            prefix: prefix.to_owned(),
            sandbox: sandbox.map(|url| url.trim_end_matches('/').to_owned()),
            settings,
            platform: platform.clone(),
        })
    }

    /// The functions.
    pub(crate) fn lambda(&self) -> Lambda<'_> {
        Lambda::new(self)
    }

    /// The queues.
    pub(crate) fn queues(&self) -> aws_sdk_sqs::Client {
        let sleep = SharedAsyncSleep::new(TokioSleep::new());
        Aws::new(self.settings.clone(), self.platform.http.clone(), sleep).sqs()
    }

    /// The name that something has there.
    pub(crate) fn name(&self, of: &str) -> String {
        format!("{}{of}", self.prefix)
    }

    /// Where it is, in words.
    pub(crate) fn place(&self) -> String {
        match &self.sandbox {
            Some(url) => format!("the sandbox at {url}"),
            None => self.settings.region.clone(),
        }
    }

    pub(crate) fn settings(&self) -> &AwsSettings {
        &self.settings
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// What a call says that was not answered.
    pub(crate) fn unreachable(&self, host: String, reason: String) -> Problem {
        match &self.sandbox {
            Some(url) => Problem::NoSandbox {
                url: url.clone(),
                reason,
            },
            None => Problem::Unreachable { host, reason },
        }
    }
}

fn at_sandbox(url: &str) -> Result<AwsSettings, Problem> {
    let wrong = || Problem::SandboxUrl(url.to_owned());
    let uri: http::Uri = url.parse().map_err(|_| wrong())?;
    if uri.scheme_str() != Some("http") || uri.authority().is_none() {
        return Err(wrong());
    }
    Ok(AwsSettings {
        region: SANDBOX_REGION.to_owned(),
        // It looks at nobody's credentials, and so it is shown none.
        access_key_id: "sandbox".to_owned(),
        secret_access_key: Secret::new("sandbox"),
        session_token: None,
        endpoint_url: Some(url.trim_end_matches('/').to_owned()),
    })
}

fn of_environment(platform: &Platform) -> Result<AwsSettings, Problem> {
    let env = &platform.env;
    let credential = |name| env.optional(name).ok_or(Problem::NoCredentials(name));
    let access_key_id = credential("AWS_ACCESS_KEY_ID")?;
    let secret_access_key = Secret::new(credential("AWS_SECRET_ACCESS_KEY")?);
    let region = env.optional("AWS_REGION");
    let region = region.or_else(|| env.optional("AWS_DEFAULT_REGION"));
    let region = region.ok_or(Problem::NoRegion)?;
    // It becomes part of the host that is called.
    let is_region =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if !region.chars().all(is_region) {
        return Err(Problem::Region(region));
    }
    Ok(AwsSettings {
        region,
        access_key_id,
        secret_access_key,
        session_token: env.optional("AWS_SESSION_TOKEN").map(Secret::new),
        endpoint_url: env.optional("AWS_ENDPOINT_URL"),
    })
}
