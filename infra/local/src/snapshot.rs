//! What outlives the process besides tables, queues and mails: the clock and the schedules in one file, Stripe in another,
//! each replaced in one step.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

use crate::runtime::Attempt;

/// The clock and the schedules.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// What the clock showed.
    pub now: Timestamp,
    /// When each schedule runs next.
    pub next_runs: BTreeMap<String, Timestamp>,
    /// Invocations that failed and are tried again.
    #[serde(default)]
    pub retries: Vec<Attempt>,
}

/// Where the file stands within the folder of a sandbox.
pub fn file_in(folder: &Path) -> PathBuf {
    folder.join("sandbox.json")
}

/// Where Stripe's file stands.
pub fn stripe_file_in(folder: &Path) -> PathBuf {
    folder.join("stripe.json")
}

/// What is kept in `file`, or none where there is no such file.
///
/// # Errors
/// Where the file is unreadable.
pub fn load<T: DeserializeOwned>(file: &Path) -> io::Result<Option<T>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces `file` by `kept`. Whoever dies in the middle leaves the old one.
///
/// # Errors
/// Where the folder cannot be written.
pub fn save(file: &Path, kept: &impl Serialize) -> io::Result<()> {
    let beside = file.with_extension("new");
    let mut new = fs::File::create(&beside)?;
    new.write_all(&serde_json::to_vec(kept)?)?;
    new.sync_all()?;
    fs::rename(beside, file)
}
