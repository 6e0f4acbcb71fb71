//! Frame: the one error of the project, by what the caller can do about it.
//!
//! It carries two texts. `message` is written for the person outside and is the only one an answer shows. `inner` is
//! for us: it goes to the log where the error is handled, and has no other way out.

use std::fmt;

/// What the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: mend the request. Shown to the caller.
    Invalid,
    /// 401: sign in. Shown to the caller.
    Unauthenticated,
    /// 403: ask somebody who may. Shown to the caller.
    Forbidden,
    /// 404: it is not there, or not the caller's. Shown to the caller.
    NotFound,
    /// 409: the state is another than the request assumes. Shown to the caller.
    Conflict,
    /// 413: send less. Shown to the caller.
    TooLarge,
    /// 429: slow down. Shown to the caller.
    TooMany,
    /// 503: nothing is wrong with the request, a service behind us does not answer; try again. Shown without reasons.
    Unavailable,
    /// 500: a defect or a setting of ours; trying again does not help. Shown without reasons.
    Internal,
}

impl ErrorKind {
    /// The HTTP status this becomes.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// A failure with its kind, a stable code for programs, and a text for each side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What the caller can do.
    pub kind: ErrorKind,
    /// A stable name in snake case, for programs and tests.
    pub code: &'static str,
    /// For the person outside: what is wrong and what to do.
    pub message: String,
    /// For us, in the log only.
    pub inner: String,
}

impl Error {
    /// An error that its message explains wholly.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            inner: String::new(),
        }
    }

    /// A 400 with the code and the words for the caller.
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, code, message)
    }

    /// A 409 with the code and the words for the caller.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, message)
    }

    /// A service behind us did not answer as it should; `inner` says which call and what it said.
    pub fn unavailable(inner: impl fmt::Display) -> Self {
        Self {
            inner: inner.to_string(),
            ..Self::new(
                ErrorKind::Unavailable,
                "unavailable",
                "The service is briefly unavailable. Nothing was changed that you need to undo; please try again.",
            )
        }
    }

    /// A defect or a wrong setting of ours; `inner` says which.
    pub fn internal(inner: impl fmt::Display) -> Self {
        Self {
            inner: inner.to_string(),
            ..Self::new(
                ErrorKind::Internal,
                "internal",
                "Something is wrong on our side. Please contact support with the request id.",
            )
        }
    }

    /// The same error, with the words for the log put behind what was being done.
    #[must_use]
    pub fn while_doing(mut self, context: impl fmt::Display) -> Self {
        self.inner = format!("{context}: {}", self.inner);
        self
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn retryable(&self) -> bool {
        match self.kind {
            ErrorKind::TooMany | ErrorKind::Unavailable => true,
            ErrorKind::Invalid
            | ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::TooLarge
            | ErrorKind::Internal => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.inner.is_empty() {
            &self.message
        } else {
            &self.inner
        };
        write!(out, "{}: {words}", self.code)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_us_never_stand_in_the_words_for_the_caller() {
        let error = Error::unavailable("table linky-users timed out").while_doing("read account");
        assert!(!error.message.contains("linky-users"));
        assert_eq!(
            error.to_string(),
            "unavailable: read account: table linky-users timed out"
        );
        assert_eq!(error.kind.status(), 503);
        assert!(error.retryable());
        assert!(!Error::internal("bug").retryable());
    }
}
