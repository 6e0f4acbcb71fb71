//! All tables as they were at one moment, in a file, from which any number of local clouds can begin: reading it back takes
//! a fraction of the time that creating and filling the tables takes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dynoxide::{Database, DynoxideError};
use shared::clock::Clock;

use super::DynamoDb;

/// The image. A clone is the same one; the file goes with the last.
#[derive(Debug, Clone)]
pub struct Image(Arc<File>);

#[derive(Debug)]
struct File(PathBuf);

/// How many images this process has made, so that each has a file of its own.
static MADE: AtomicU64 = AtomicU64::new(0);

impl DynamoDb {
    /// An image of the tables as they are now.
    pub(crate) fn image(&self) -> Result<Image, DynoxideError> {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("linky-tables-{}-{number}.sqlite", std::process::id());
        let path = std::env::temp_dir().join(name);
        // Left behind by a process that was killed and had this one's number.
        std::fs::remove_file(&path).ok();
        let image = Image(Arc::new(File(path)));
        self.tables.vacuum_into(&image.path().to_string_lossy())?;
        Ok(image)
    }

    /// Tables that are as in `image`, and end with the process.
    pub(crate) fn of_image(image: &Image, clock: Clock) -> Result<Self, DynoxideError> {
        let tables = Database::memory()?;
        tables.restore_from(&image.path().to_string_lossy())?;
        Ok(Self::over(tables, clock))
    }
}

impl Image {
    fn path(&self) -> &Path {
        &self.0.0
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // An error says that there is no such file.
        std::fs::remove_file(&self.0).ok();
    }
}
