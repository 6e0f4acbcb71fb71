//! What outlives the process besides tables, queues and mails: the clock, Stripe and the schedules, in one file
//! that is replaced in one step.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;
use stripe_sim::StripeSim;

/// The whole content of the file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// What the clock showed.
    pub now: Timestamp,
    /// When each schedule runs next.
    pub next_runs: BTreeMap<String, Timestamp>,
    /// The Stripe account.
    pub stripe: StripeSim,
}

/// Where the file stands within the folder of a sandbox.
pub fn file_in(folder: &Path) -> PathBuf {
    folder.join("sandbox.json")
}

/// The snapshot in `file`, or none where there is no such file.
///
/// # Errors
/// Where the file is unreadable.
pub fn load(file: &Path) -> io::Result<Option<Snapshot>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces `file` by `snapshot`. Whoever dies in the middle leaves the old one.
///
/// # Errors
/// Where the folder cannot be written.
pub fn save(file: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let beside = file.with_extension("new");
    let mut new = fs::File::create(&beside)?;
    new.write_all(&serde_json::to_vec(snapshot)?)?;
    new.sync_all()?;
    fs::rename(beside, file)
}
