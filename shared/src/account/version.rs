//! Fact: which news a record was written from, in one line of text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::EventId;
use crate::time::Timestamp;

/// Which news a record was written from. Two different writes never have the same version, so "the version is still
/// the one I read" is the condition under which a record may be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    /// Stripe's own time of it, in whole seconds: an event's `created`, or the `Date` of the answer to a read.
    pub at: Timestamp,
    /// What it was.
    pub by: Source,
}

/// What a record was written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The object as its first event carried it.
    First(EventId),
    /// The object as a later event carried it.
    Event(EventId),
    /// The object as Stripe answered when it was asked because of an event, at that attempt.
    Read(EventId, u32),
}

impl fmt::Display for Version {
    /// `2026-11-22T09:26:13.000Z#evt_1` for an event, with `#first` behind it for the first, and `#2` for a read at the
    /// second attempt.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            Source::First(event) => write!(out, "{}#{event}#first", self.at),
            Source::Event(event) => write!(out, "{}#{event}", self.at),
            Source::Read(event, attempt) => write!(out, "{}#{event}#{attempt}", self.at),
        }
    }
}

/// The text is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a version: {0}")]
pub struct VersionError(String);

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut parts = text.split('#');
            let at = parts.next()?.parse().ok()?;
            let event: EventId = parts.next()?.parse().ok()?;
            let by = match parts.next() {
                None => Source::Event(event),
                Some("first") => Source::First(event),
                Some(attempt) => Source::Read(event, attempt.parse().ok()?),
            };
            parts.next().is_none().then_some(Self { at, by })
        };
        parse().ok_or_else(|| VersionError(text.to_owned()))
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_back_from_its_text() {
        let event: EventId = "evt_1".parse().unwrap();
        let at = Timestamp::from_s(1_767_225_600);
        for by in [
            Source::First(event.clone()),
            Source::Event(event.clone()),
            Source::Read(event, 2),
        ] {
            let version = Version { at, by };
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        assert!("2026-01-01T00:00:00.000Z".parse::<Version>().is_err());
    }
}
