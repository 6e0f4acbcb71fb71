//! Door: where a secret comes from. A plain value in the sandbox; on AWS a parameter of Systems Manager, kept for a few
//! minutes so that neither every request nor every attack becomes a call.

use std::sync::Arc;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssm::operation::get_parameter::GetParameterError;
use tokio::sync::Mutex;

use crate::aws::Aws;
use crate::clock::Clock;
use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::secret::Secret;
use crate::time::Timestamp;

/// How long a fetched value is used without asking again, in seconds.
pub const CACHED_S_MAX: i64 = 300;

/// Least time between two calls to Systems Manager, in seconds. A rolled secret works within it; a flood of wrong
/// signatures cannot make more than this many calls.
pub const ASKED_S_MIN: i64 = 30;

/// How long a value is still used while Systems Manager does not answer, in seconds. A secret rarely changes, and losing
/// every webhook of an hour is worse than taking one signed with the secret before.
pub const STALE_S_MAX: i64 = 3600;

/// Why a secret cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// There is no parameter of that name.
    #[error("the secret's parameter does not exist")]
    Missing,
    /// The parameter is there and has nothing in it.
    #[error("the secret's parameter is empty")]
    Empty,
    /// The function's role may not read the parameter.
    #[error("the secret's parameter may not be read")]
    Denied,
    /// Systems Manager did not answer, or is busy.
    #[error("the secret's parameter cannot be read at present")]
    Unavailable,
}

impl SecretsError {
    /// Whether the same call may succeed later without anybody mending anything.
    pub const fn retryable(self) -> bool {
        match self {
            Self::Unavailable => true,
            Self::Missing | Self::Empty | Self::Denied => false,
        }
    }
}

impl From<SecretsError> for Error {
    fn from(error: SecretsError) -> Self {
        if error.retryable() {
            Self::unavailable(error)
        } else {
            Self::internal(error)
        }
    }
}

/// One secret and where it comes from. Clones share what was fetched.
#[derive(Debug, Clone)]
pub struct SecretSource(Arc<Source>);

#[derive(Debug)]
enum Source {
    Given(Secret),
    Parameter(Parameter),
}

impl SecretSource {
    /// A value that is known already and never changes.
    pub fn given(secret: Secret) -> Self {
        Self(Arc::new(Source::Given(secret)))
    }

    /// What the environment says: `{name}` is the value itself, `{name}_PARAMETER` the parameter that holds it.
    ///
    /// # Errors
    /// `Internal`, naming both variables, where neither is set.
    pub fn of(name: &str, env: &Env, platform: &Platform) -> Result<Self, Error> {
        let parameter_name = format!("{name}_PARAMETER");
        if let Some(value) = env.optional(name) {
            return Ok(Self::given(Secret::new(value)));
        }
        let Some(parameter) = env.optional(&parameter_name) else {
            return Err(Error::internal(format!("neither {name} nor {parameter_name} is set")));
        };
        let ssm = Aws::of(env, platform)?.ssm();
        Ok(Self::parameter(ssm, parameter, platform.clock.clone()))
    }

    /// The decrypted value of a Systems Manager parameter, read when it is first needed.
    pub fn parameter(ssm: Client, name: impl Into<String>, clock: Clock) -> Self {
        Self(Arc::new(Source::Parameter(Parameter {
            ssm,
            name: name.into(),
            clock,
            cache: Mutex::default(),
        })))
    }

    /// The secret, at most [`CACHED_S_MAX`] old, or [`STALE_S_MAX`] while Systems Manager does not answer.
    pub async fn current(&self) -> Result<Secret, SecretsError> {
        match &*self.0 {
            Source::Given(secret) => Ok(secret.clone()),
            Source::Parameter(parameter) => parameter.current().await,
        }
    }

    /// The secret afresh, for when the one at hand proved wrong. `None` where it is the same as before, or was asked for
    /// less than [`ASKED_S_MIN`] ago: what failed stays failed.
    pub async fn refreshed(&self) -> Result<Option<Secret>, SecretsError> {
        match &*self.0 {
            Source::Given(_) => Ok(None),
            Source::Parameter(parameter) => parameter.refreshed().await,
        }
    }
}

#[derive(Debug)]
struct Parameter {
    ssm: Client,
    name: String,
    clock: Clock,
    /// Held while Systems Manager is asked, so that invocations at the same time make one call.
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    fetched: Option<(Secret, Timestamp)>,
    asked_at: Option<Timestamp>,
}

impl Parameter {
    async fn current(&self) -> Result<Secret, SecretsError> {
        let mut cache = self.cache.lock().await;
        let now = self.clock.now();
        if let Some(secret) = cache.younger_than(CACHED_S_MAX, now) {
            return Ok(secret);
        }
        if cache.may_ask(now) {
            match self.fetch(&mut cache, now).await {
                Ok(secret) => return Ok(secret),
                Err(error @ (SecretsError::Missing | SecretsError::Empty)) => return Err(error),
                Err(error @ (SecretsError::Denied | SecretsError::Unavailable)) => {
                    let stale = cache.younger_than(STALE_S_MAX, now).ok_or(error)?;
                    tracing::warn!(%error, parameter = %self.name, "using the secret fetched before");
                    return Ok(stale);
                }
            }
        }
        let stale = cache.younger_than(STALE_S_MAX, now);
        stale.ok_or(SecretsError::Unavailable)
    }

    async fn refreshed(&self) -> Result<Option<Secret>, SecretsError> {
        let mut cache = self.cache.lock().await;
        let now = self.clock.now();
        if !cache.may_ask(now) {
            return Ok(None);
        }
        let before = cache.fetched.clone().map(|(secret, _)| secret);
        let secret = self.fetch(&mut cache, now).await?;
        Ok(Some(secret).filter(|secret| before.as_ref() != Some(secret)))
    }

    async fn fetch(&self, cache: &mut Cache, now: Timestamp) -> Result<Secret, SecretsError> {
        cache.asked_at = Some(now);
        let call = self.ssm.get_parameter().name(&self.name);
        let answer = call.with_decryption(true).send().await;
        let value = answer
            .map_err(|error| classified(&error))?
            .parameter
            .and_then(|parameter| parameter.value)
            .filter(|value| !value.trim().is_empty())
            .ok_or(SecretsError::Empty)?;
        let secret = Secret::new(value.trim());
        cache.fetched = Some((secret.clone(), now));
        Ok(secret)
    }
}

impl Cache {
    fn younger_than(&self, age_s_max: i64, now: Timestamp) -> Option<Secret> {
        let (secret, fetched_at) = self.fetched.as_ref()?;
        (now.since_s(*fetched_at) < age_s_max).then(|| secret.clone())
    }

    fn may_ask(&self, now: Timestamp) -> bool {
        self.asked_at
            .is_none_or(|asked_at| now.since_s(asked_at) >= ASKED_S_MIN)
    }
}

fn classified<R>(error: &SdkError<GetParameterError, R>) -> SecretsError {
    match error.code() {
        Some("ParameterNotFound") => SecretsError::Missing,
        Some("AccessDeniedException") => SecretsError::Denied,
        _ => SecretsError::Unavailable,
    }
}
