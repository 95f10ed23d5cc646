//! The lock that gives a SQLite store to one program; the system drops it when its holder ends, however it ends.
//!
//! SQLite has locks of its own, which let programs write in turns. This one is held as long as a store is open, because
//! what it has in memory must not be changed behind its back.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::cause;
use crate::Error;

const PAUSE: Duration = Duration::from_millis(10);

/// Takes the lock of the database, and waits for its holder to end, but not for ever. Blocks.
pub(super) fn take(database: &Path, patience: Duration) -> Result<File, Error> {
    let path = path_of(database);
    let failed = |error| cause::of_io(&path.display().to_string(), &error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(failed)?;
    let deadline = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(Error::unavailable("another program has the file open"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

fn path_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("meta.db");
        let held = take(&path, Duration::ZERO).unwrap();
        let refused = take(&path, Duration::ZERO).unwrap_err();
        assert!(matches!(refused, Error::Unavailable { .. }), "{refused:?}");
        let waiting = thread::spawn(move || take(&path, Duration::MAX / 4));
        drop(held);
        assert!(waiting.join().unwrap().is_ok());
    }
}
