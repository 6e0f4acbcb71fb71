//! What goes wrong, in words that say what to do.

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error(
        "{0} is not set. Take the credentials from the AWS CLI with\n  eval \"$(aws configure export-credentials --format env)\"\n\
         or ask a running sandbox with --sandbox."
    )]
    NoCredentials(&'static str),
    #[error(
        "AWS_REGION is not set. Name the region of the installation, as in\n  export AWS_REGION=eu-central-1\n\
         or ask a running sandbox with --sandbox."
    )]
    NoRegion,
    #[error("AWS_REGION is {0:?}, which is no region. Write it as eu-central-1.")]
    Region(String),
    #[error(
        "--sandbox={0} is no address of a sandbox. Write it as --sandbox=http://127.0.0.1:4242."
    )]
    SandboxUrl(String),
    #[error(
        "No sandbox answers at {url} ({reason}). Start it with ./dev run, or name its address with --sandbox=URL."
    )]
    NoSandbox { url: String, reason: String },
    #[error(
        "{host} cannot be reached ({reason}). See that AWS_REGION names the installation's region and that this machine has a \
         network. Whether anything was done is not known."
    )]
    Unreachable { host: String, reason: String },
    #[error(
        "{function} did not answer in {minutes} minutes, which is longer than it may run. Its log says what became of it."
    )]
    NoAnswer { function: String, minutes: u64 },
    #[error(
        "There is no function {function} in {place}. See that the region is the installation's, and that --prefix is its \
         parameter TablePrefix."
    )]
    NoFunction { function: String, place: String },
    #[error(
        "There is no queue {queue} in {place}. See that the region is the installation's, and that --prefix is its parameter \
         TablePrefix."
    )]
    NoQueue { queue: String, place: String },
    #[error("These credentials may not do this: allow {action} on {resource}. AWS says: {words}")]
    Denied {
        action: &'static str,
        resource: String,
        words: String,
    },
    #[error(
        "AWS does not take these credentials ({code}). Where they have expired, take them anew with\n  \
         eval \"$(aws configure export-credentials --format env)\""
    )]
    Credentials { code: String },
    #[error("{service} refuses the call: {code}: {words}")]
    Service {
        service: &'static str,
        code: String,
        words: String,
    },
    #[error(
        "{service} is busy or briefly unavailable ({code}). Give the command again in a minute."
    )]
    Busy { service: &'static str, code: String },
    #[error("{words} ({code})")]
    Refused { code: String, words: String },
    #[error("{function} failed: {code}: {words}\nIts log says more, `error` lines first.")]
    Failed {
        function: String,
        code: String,
        words: String,
    },
    #[error(
        "{function} ran out of its time and was ended by Lambda. Give the same command again: what was done is not done twice. \
         If it comes again, narrow the order."
    )]
    TimedOut { function: String },
    #[error(
        "{function} answered what this command cannot read ({reason}). See that both are of the same version."
    )]
    Unreadable { function: String, reason: String },
    #[error("The function answers and gets no further. Its log says why.")]
    NoProgress,
    #[error(
        "There is no terminal to ask on. Say --yes if it is to be done, or leave --execute out to be told what it would change."
    )]
    NobodyToAsk,
    #[error("Nothing was done.")]
    NotAgreed,
    #[error("Something is failing.")]
    Failing,
    #[error("Interrupted.")]
    Interrupted,
    #[error("{problem}\n{go_on}")]
    UnderWay {
        problem: Box<Problem>,
        go_on: String,
    },
    #[error("The output cannot be written: {0}")]
    Screen(#[from] std::io::Error),
}

impl Problem {
    /// With which code to exit.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::UnderWay { problem, .. } => problem.exit_code(),
            _ => 1,
        }
    }

    /// The same, with how to go on from where it stopped.
    pub(crate) fn under_way(self, go_on: impl Into<String>) -> Self {
        Self::UnderWay {
            problem: Box::new(self),
            go_on: go_on.into(),
        }
    }
}
