//! A folder into which a book is being filled. Its Stripe account is written down only at the end, so what a crash leaves is
//! no store: a mark says so, and the next start begins anew.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The mark, beside the files of the store.
const MARK: &str = "demo-unfinished";

/// Held by whoever has the store open.
const LOCK: &str = "journal.lock";

/// What a store consists of.
const FILES: [&str; 9] = [
    "tables.sqlite",
    "tables.sqlite-wal",
    "tables.sqlite-shm",
    "tables.sqlite-journal",
    "journal",
    "journal.new",
    "stripe.json",
    "stripe.new",
    "sandbox.json",
];

/// The mark of a folder, for as long as its book is not finished.
#[derive(Debug)]
pub struct Unfinished(PathBuf);

impl Unfinished {
    /// Marks `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn mark(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mark = folder.join(MARK);
        File::create(&mark)?.sync_all()?;
        Ok(Self(mark))
    }

    /// Takes the mark away: the store is whole.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn finished(self) -> io::Result<()> {
        fs::remove_file(self.0)
    }

    /// Removes what an unfinished book left in `folder`, and says whether there was one.
    ///
    /// # Errors
    /// Where another process is filling it, or the folder cannot be written.
    pub fn clear(folder: &Path) -> io::Result<bool> {
        let mark = folder.join(MARK);
        if !mark.exists() {
            return Ok(false);
        }
        let lock = File::create(folder.join(LOCK))?;
        lock.try_lock().map_err(|problem| {
            io::Error::other(format!("another process has the folder open ({problem})"))
        })?;
        for file in FILES {
            match fs::remove_file(folder.join(file)) {
                Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(problem),
                _ => {}
            }
        }
        // Last, so that whoever is killed here begins anew as well.
        fs::remove_file(mark)?;
        Ok(true)
    }
}

/// Whether there is a store in `folder`.
pub fn holds_something(folder: &Path) -> bool {
    FILES.iter().any(|file| folder.join(file).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("linky-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn put(&self, file: &str) {
            fs::write(self.0.join(file), "kept").unwrap();
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).ok();
        }
    }

    #[test]
    fn what_a_crash_left_is_removed_and_nothing_else_is() {
        let folder = Folder::new("unfinished");
        Unfinished::mark(&folder.0).unwrap();
        for file in ["tables.sqlite", "stripe.json", "a-letter-of-somebody's"] {
            folder.put(file);
        }
        assert!(holds_something(&folder.0));
        assert!(Unfinished::clear(&folder.0).unwrap());
        assert!(!holds_something(&folder.0));
        assert!(folder.0.join("a-letter-of-somebody's").exists());
        assert!(!Unfinished::clear(&folder.0).unwrap(), "the mark is gone");
    }

    #[test]
    fn a_finished_book_is_left_alone() {
        let folder = Folder::new("finished");
        let unfinished = Unfinished::mark(&folder.0).unwrap();
        folder.put("stripe.json");
        unfinished.finished().unwrap();
        assert!(!Unfinished::clear(&folder.0).unwrap());
        assert!(holds_something(&folder.0));
    }

    #[test]
    fn a_book_that_another_process_fills_is_not_removed() {
        let folder = Folder::new("filled-elsewhere");
        Unfinished::mark(&folder.0).unwrap();
        folder.put("stripe.json");
        let lock = File::create(folder.0.join(LOCK)).unwrap();
        lock.lock().unwrap();
        assert!(Unfinished::clear(&folder.0).is_err());
        assert!(holds_something(&folder.0));
    }
}
