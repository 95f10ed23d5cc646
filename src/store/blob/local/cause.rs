//! What an error of the file system means for a blob.

use std::io;
use std::path::Path;

use crate::blob::{Error, Key};

/// An error of work on one blob.
pub(super) fn of_blob(key: &Key, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::NotFound { key: key.clone() },
        io::ErrorKind::AlreadyExists => Error::Exists { key: key.clone() },
        _ => meaning(error, &format!("blob {key}")),
    }
}

/// An error of work on a folder.
pub(super) fn of_folder(path: &Path, error: &io::Error) -> Error {
    meaning(error, &path.display().to_string())
}

fn meaning(error: &io::Error, what: &str) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Error::denied(format!("{what}: {error}"))
        }
        _ => Error::unavailable(format!("{what}: {error}")),
    }
}
