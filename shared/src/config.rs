//! Frame: the settings of a function, read once at its start. A missing or senseless one stops the start with its name.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::Error;

/// The environment a function was started with: the process's own on Lambda, and in the sandbox the variables that
/// `template.yaml` gives that function.
#[derive(Clone)]
pub struct Env(Arc<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Env {
    /// The environment of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub fn process() -> Self {
        Self(Arc::new(|name| std::env::var(name).ok()))
    }

    /// A given set of variables.
    pub fn of(variables: BTreeMap<String, String>) -> Self {
        Self(Arc::new(move |name| variables.get(name).cloned()))
    }

    /// A variable that may be missing; an empty one counts as missing.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }

    /// A variable without which the function cannot work.
    ///
    /// # Errors
    /// `Internal`, naming the variable, where it is missing or empty.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.optional(name)
            .ok_or_else(|| Error::internal(format!("environment variable {name} is not set")))
    }

    /// A required variable in a type of its own.
    ///
    /// # Errors
    /// `Internal`, naming the variable but not its value, where it is missing or does not parse.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.required(name)?.trim().parse().map_err(|_| {
            Error::internal(format!(
                "environment variable {name} is not a {}",
                std::any::type_name::<T>()
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_an_empty_and_a_senseless_variable_are_named() {
        let env = Env::of(BTreeMap::from([
            ("EMPTY".to_owned(), " ".to_owned()),
            ("COUNT".to_owned(), "many".to_owned()),
        ]));
        assert!(env.required("EMPTY").unwrap_err().inner.contains("EMPTY"));
        assert!(env.required("GONE").unwrap_err().inner.contains("GONE"));
        let error = env.parsed::<u32>("COUNT").unwrap_err();
        assert!(error.inner.contains("COUNT") && !error.inner.contains("many"));
    }
}
