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
            return Err(Error::internal(format!(
                "neither {name} nor {parameter_name} is set"
            )));
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
        let call = self.ssm.get_parameter().name(&self.name);
        let answer = call.with_decryption(true).send().await;
        // Only now: an invocation that is ended while it waits has learnt nothing, and the next one may ask at once.
        cache.asked_at = Some(now);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Aws, AwsSettings};
    use crate::script::{Naps, Script, Step, answer};

    struct Bed {
        script: Script,
        clock: Clock,
        source: SecretSource,
    }

    impl Bed {
        fn new(steps: impl IntoIterator<Item = Step>) -> Self {
            let script = Script::new(steps);
            let clock = Clock::manual(Timestamp::from_s(1_000_000));
            // The SDK's own pauses must not move the clock that these tests are about.
            let naps = Naps::new(Clock::manual(Timestamp::from_s(0)));
            let settings = AwsSettings {
                region: "eu-central-1".to_owned(),
                access_key_id: "AKID".to_owned(),
                secret_access_key: Secret::new("secret"),
                session_token: None,
                endpoint_url: None,
            };
            let ssm = Aws::new(settings, script.connector(), naps.shared()).ssm();
            let source = SecretSource::parameter(ssm, "/linky/signing", clock.clone());
            Self {
                script,
                clock,
                source,
            }
        }

        fn later(&self, seconds: i64) {
            self.clock.advance_to(self.clock.now().plus_s(seconds));
        }

        async fn current(&self) -> Result<String, SecretsError> {
            let secret = self.source.current().await?;
            Ok(secret.reveal().to_owned())
        }

        async fn refreshed(&self) -> Result<Option<String>, SecretsError> {
            let secret = self.source.refreshed().await?;
            Ok(secret.map(|secret| secret.reveal().to_owned()))
        }

        fn calls(&self) -> usize {
            self.script.seen().len()
        }
    }

    fn value(text: &str) -> Step {
        let body = serde_json::json!({"Parameter": {"Name": "/linky/signing", "Value": text}});
        answer(200, &body.to_string())
    }

    fn refusal(kind: &str) -> Step {
        answer(400, &format!(r#"{{"__type":"{kind}","message":"no"}}"#))
    }

    /// One call that fails for good, after the SDK's own tries.
    fn outage() -> Vec<Step> {
        vec![Step::Broken; 3]
    }

    #[tokio::test]
    async fn a_value_is_asked_for_decrypted_and_kept_for_five_minutes() {
        let bed = Bed::new([value(" whsec_1\n"), value("whsec_2")]);
        assert_eq!(bed.current().await, Ok("whsec_1".to_owned()));
        let request = r#"{"Name":"/linky/signing","WithDecryption":true}"#;
        assert_eq!(bed.script.seen()[0].body, request);
        bed.later(299);
        assert_eq!(bed.current().await, Ok("whsec_1".to_owned()));
        assert_eq!(bed.calls(), 1);
        bed.later(1);
        assert_eq!(bed.current().await, Ok("whsec_2".to_owned()));
        assert_eq!(bed.calls(), 2);
    }

    #[tokio::test]
    async fn a_rolled_secret_is_fetched_at_once_but_not_more_than_every_thirty_seconds() {
        let bed = Bed::new([value("a"), value("a"), value("b")]);
        assert_eq!(bed.current().await, Ok("a".to_owned()));
        assert_eq!(bed.refreshed().await, Ok(None), "asked a moment ago");
        bed.later(30);
        assert_eq!(bed.refreshed().await, Ok(None), "the same as before");
        assert_eq!(bed.calls(), 2);
        bed.later(29);
        assert_eq!(bed.refreshed().await, Ok(None));
        assert_eq!(bed.calls(), 2);
        bed.later(1);
        assert_eq!(bed.refreshed().await, Ok(Some("b".to_owned())));
        assert_eq!(bed.current().await, Ok("b".to_owned()));
        assert_eq!(bed.calls(), 3);
    }

    #[tokio::test]
    async fn an_outage_is_bridged_for_an_hour_and_not_hammered() {
        let bed = Bed::new([value("a")]);
        assert_eq!(bed.current().await, Ok("a".to_owned()));
        bed.later(CACHED_S_MAX);
        bed.script.then(outage());
        assert_eq!(bed.current().await, Ok("a".to_owned()));
        assert_eq!(bed.current().await, Ok("a".to_owned()));
        assert_eq!(bed.calls(), 1 + 3, "the second time it does not ask");

        bed.later(STALE_S_MAX);
        bed.script.then(outage());
        assert_eq!(bed.current().await, Err(SecretsError::Unavailable));
        assert_eq!(bed.current().await, Err(SecretsError::Unavailable));
        assert_eq!(bed.calls(), 1 + 3 + 3);
        bed.later(ASKED_S_MIN);
        bed.script.then([value("b")]);
        assert_eq!(bed.current().await, Ok("b".to_owned()));
    }

    #[tokio::test]
    async fn a_parameter_that_is_gone_empty_or_forbidden_is_told_apart() {
        use SecretsError::{Denied, Empty, Missing};
        for (step, error) in [
            (refusal("ParameterNotFound"), Missing),
            (refusal("AccessDeniedException"), Denied),
            (value(" "), Empty),
        ] {
            let bed = Bed::new([step]);
            assert_eq!(bed.current().await, Err(error));
            assert!(!error.retryable());
        }
    }

    #[tokio::test]
    async fn a_given_secret_is_always_the_same() {
        let source = SecretSource::given(Secret::new("a"));
        assert_eq!(source.current().await, Ok(Secret::new("a")));
        assert_eq!(source.refreshed().await, Ok(None));
        assert_eq!(
            format!("{source:?}"),
            "SecretSource(Given(Secret(redacted)))"
        );
    }
}
