//! The place of one blob in the folder: a file while it is written, and the file it becomes.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::blob::{Error, Key};

use super::cause;

/// What the name of a file that is being written ends with.
///
/// The rename at the end decides nothing, since a key is no name and has one writer. It only lets everybody see
/// which files are whole, a person in the folder included.
pub(super) const PART_SUFFIX: &str = ".part";

/// Paths of a blob, made once.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) key: Key,
    folder: PathBuf,
    whole: PathBuf,
    part: PathBuf,
}

impl Slot {
    pub(super) fn new(root: &Path, key: &Key) -> Self {
        let folder = root.join(key.folder());
        Self {
            whole: folder.join(key.as_str()),
            part: folder.join(format!("{key}{PART_SUFFIX}")),
            folder,
            key: key.clone(),
        }
    }

    pub(super) fn create(&self) -> Result<File, Error> {
        let taken = fs::exists(&self.whole).map_err(|error| self.cause(&error))?;
        if taken {
            return Err(Error::Exists {
                key: self.key.clone(),
            });
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&self.part)
            .map_err(|error| self.cause(&error))?;
        self.lock(&file)?;
        Ok(file)
    }

    /// Opens what is written so far, for one writer at a time.
    pub(super) fn reopen(&self) -> Result<File, Error> {
        let file = OpenOptions::new()
            .write(true)
            .open(&self.part)
            .map_err(|error| self.cause(&error))?;
        self.lock(&file)?;
        // The writer that held the lock until now may have finished: then this file is a blob and must not be touched.
        if fs::exists(&self.part).map_err(|error| self.cause(&error))? {
            Ok(file)
        } else {
            Err(Error::NotFound {
                key: self.key.clone(),
            })
        }
    }

    /// Opens a finished blob.
    pub(super) fn open(&self) -> Result<File, Error> {
        File::open(&self.whole).map_err(|error| self.cause(&error))
    }

    /// Makes the file what is read from now on; it must be durable itself.
    pub(super) fn complete(&self) -> Result<(), Error> {
        fs::rename(&self.part, &self.whole).map_err(|error| self.cause(&error))?;
        self.sync_folder()
    }

    /// Makes it durable that the file exists.
    pub(super) fn sync_folder(&self) -> Result<(), Error> {
        sync_folder(&self.folder)
    }

    pub(super) fn remove_part(&self) -> Result<(), Error> {
        self.unlink(&self.part)
    }

    pub(super) fn remove(&self) -> Result<(), Error> {
        self.unlink(&self.part)?;
        self.unlink(&self.whole)
    }

    pub(super) fn cause(&self, error: &io::Error) -> Error {
        cause::of_blob(&self.key, error)
    }

    fn unlink(&self, path: &Path) -> Result<(), Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.cause(&error)),
            _ => Ok(()),
        }
    }

    fn lock(&self, file: &File) -> Result<(), Error> {
        match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(Error::Busy {
                key: self.key.clone(),
            }),
            Err(TryLockError::Error(error)) => Err(self.cause(&error)),
        }
    }
}

/// Makes the entries of a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), Error> {
    // Elsewhere a folder cannot be opened as a file.
    if cfg!(unix) {
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| cause::of_folder(path, &error))?;
    }
    Ok(())
}
