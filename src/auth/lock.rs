//! The lock that MSAL puts beside a token cache, so that `az` and this program take turns.
//!
//! The protocol: create `<file>.lockfile` exclusively, trying for five seconds; lock it; on release
//! unlock and delete it. A lock file left behind by a crash only costs those five seconds.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long MSAL waits for the other side.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// A held lock; it is released when dropped.
#[derive(Debug)]
pub(crate) struct LockFile {
    path: PathBuf,
    file: File,
}

impl LockFile {
    /// Waits until the lock of `target` is ours.
    pub(crate) async fn acquire(target: &Path, patience: Duration) -> io::Result<Self> {
        let path = lock_path(target);
        if let Some(folder) = path.parent() {
            crate::file::create_folder(folder)?;
        }
        if let Ok(created) = tokio::time::timeout(patience, create(&path)).await {
            created?;
        }
        let file = OpenOptions::new().append(true).create(true).open(&path)?;
        tokio::time::timeout(patience, lock(&file))
            .await
            .map_err(|_| {
                let message = format!("another program holds {}", path.display());
                io::Error::new(io::ErrorKind::TimedOut, message)
            })??;
        let mut lock = Self { path, file };
        lock.file.set_len(0)?;
        write!(lock.file, "{} acr", std::process::id())?;
        Ok(lock)
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Another process may have taken a stale lock over and removed the file; then nothing is left to do.
        let _ = self.file.unlock();
        let _ = std::fs::remove_file(&self.path);
    }
}

fn lock_path(target: &Path) -> PathBuf {
    let mut path = target.as_os_str().to_owned();
    path.push(".lockfile");
    path.into()
}

async fn create(path: &Path) -> io::Result<()> {
    loop {
        match File::create_new(path) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn lock(file: &File) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_holder_waits_until_the_first_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("cache.json");
        let first = LockFile::acquire(&target, PATIENCE).await.unwrap();
        let refused = LockFile::acquire(&target, Duration::from_millis(60)).await;
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(first);
        assert!(!lock_path(&target).exists());
        LockFile::acquire(&target, PATIENCE).await.unwrap();
    }

    #[tokio::test]
    async fn a_lock_file_left_by_a_crash_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("cache.json");
        std::fs::write(lock_path(&target), "4711 az").unwrap();
        let lock = LockFile::acquire(&target, Duration::from_millis(60)).await;
        let text = std::fs::read_to_string(lock_path(&target)).unwrap();
        assert_eq!(text, format!("{} acr", std::process::id()));
        drop(lock.unwrap());
        assert!(!lock_path(&target).exists());
    }
}
