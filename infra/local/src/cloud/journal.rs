//! The file in which queues and mails outlive the process: one line a change, the last line of a key counts. Appending
//! costs the same however much is kept, and a line is with the operating system before the caller is answered, so a
//! killed process loses nothing it acknowledged.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An open journal.
pub(crate) struct Journal {
    lines: Mutex<File>,
    /// Held for as long as the journal is open, so that no other process writes into the folder.
    _lock: File,
}

#[derive(Serialize, Deserialize)]
struct Line<T> {
    key: String,
    /// `null` where the key was removed.
    value: Option<T>,
}

impl Journal {
    /// Opens the journal at `path`, or starts one, and returns what it keeps. What later lines replaced is dropped on
    /// the way: the shorter journal is written beside the old one and takes its place in one step.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, BTreeMap<String, Value>)> {
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock().map_err(|problem| {
            io::Error::other(format!("another process has the folder open ({problem})"))
        })?;
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => String::new(),
            Err(problem) => return Err(problem),
        };
        let kept = replay(&text)?;
        let shorter = path.with_extension("new");
        let mut file = File::create(&shorter)?;
        for (key, value) in &kept {
            write_line(&mut file, key, Some(value))?;
        }
        file.sync_all()?;
        fs::rename(&shorter, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        let journal = Self {
            lines: Mutex::new(file),
            _lock: lock,
        };
        Ok((journal, kept))
    }

    /// Writes down that `key` is now `value`, or is gone.
    pub(crate) fn record(&self, key: &str, value: Option<&impl Serialize>) -> io::Result<()> {
        let mut file = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        write_line(&mut file, key, value)
    }
}

fn write_line(file: &mut File, key: &str, value: Option<&impl Serialize>) -> io::Result<()> {
    let mut line = serde_json::to_vec(&Line {
        key: key.to_owned(),
        value,
    })?;
    line.push(b'\n');
    file.write_all(&line)
}

/// A last line without its end was being written when the process was killed: nobody was told of it.
fn replay(text: &str) -> io::Result<BTreeMap<String, Value>> {
    let mut kept = BTreeMap::new();
    for line in text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
    {
        let Line { key, value } = serde_json::from_str(line)?;
        match value {
            Some(value) => kept.insert(key, value),
            None => kept.remove(&key),
        };
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_key_counts_and_a_torn_line_does_not() {
        let text = "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":2}\n{\"key\":\"a\",\"value\":3}\n\
                    {\"key\":\"b\",\"value\":null}\n{\"key\":\"c\",\"va";
        assert_eq!(
            replay(text).unwrap(),
            BTreeMap::from([("a".to_owned(), Value::from(3))])
        );
    }

    #[test]
    fn a_line_that_is_whole_and_unreadable_is_an_error() {
        assert!(replay("nonsense\n").is_err());
    }
}
