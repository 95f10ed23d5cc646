//! The server's folder: what lies where, and how files get there without ever being half written.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::Error;

const FOLDER_MODE: u32 = 0o700;
/// Mode of files that hold a secret.
pub(crate) const OWNER_ONLY: u32 = 0o600;
/// Mode of files that other users' programs may need.
pub(crate) const READABLE: u32 = 0o644;

/// The folder and the names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The folder at this path, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Certificate of the local authority.
    pub fn ca_file(&self) -> PathBuf {
        self.0.join("ca.pem")
    }

    /// The platform's trusted certificates and the local authority's, in one file.
    pub fn ca_bundle_file(&self) -> PathBuf {
        self.0.join("ca-bundle.pem")
    }

    /// What a script needs to work as the administrator.
    pub fn admin_file(&self) -> PathBuf {
        self.0.join("admin.json")
    }

    /// What a server in the background writes.
    pub fn log_file(&self) -> PathBuf {
        self.0.join("serve.log")
    }

    pub(crate) fn ca_key_file(&self) -> PathBuf {
        self.0.join("ca-key.pem")
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.0.join("serve.lock")
    }

    pub(super) fn record_file(&self) -> PathBuf {
        self.0.join("serve.json")
    }

    pub(super) fn az_dir(&self) -> PathBuf {
        self.0.join("az")
    }

    pub(super) fn create(&self) -> Result<(), Error> {
        create_private(&self.0)
    }
}

/// Makes a folder that only its owner may enter; one that is there stays as it is.
pub(super) fn create_private(path: &Path) -> Result<(), Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(|source| Error::file("create the folder", path, source))
}

/// Puts a file in place whole: readers see the old one or the new one, also after a power cut.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let write = || {
        replace(path, bytes, mode, File::sync_all)?;
        match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    write().map_err(|source| Error::file("write", path, source))
}

/// Puts a file in place whole that means nothing after a power cut, so that nothing waits for the disk.
pub(super) fn write_passing(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    replace(path, bytes, mode, |_| Ok(())).map_err(|source| Error::file("write", path, source))
}

fn replace(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    settle: fn(&File) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", uuid::Uuid::new_v4().simple()));
    let temporary = path.with_file_name(name);
    let written = write_new(&temporary, bytes, mode)
        .and_then(|file| settle(&file))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first failure is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Reads a text file; `None` if it is not there.
pub(crate) fn read_if_present(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::file("read", path, source)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_whole_private_and_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("a/b"));
        data.create().unwrap();
        data.create().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(data.path()), FOLDER_MODE);
        write_whole(&data.admin_file(), b"one", OWNER_ONLY).unwrap();
        write_whole(&data.admin_file(), b"two", OWNER_ONLY).unwrap();
        assert_eq!(mode(&data.admin_file()), OWNER_ONLY);
        let text = read_if_present(&data.admin_file()).unwrap();
        assert_eq!(text.as_deref(), Some("two"));
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_folder_clean() {
        let dir = tempfile::tempdir().unwrap();
        let taken = dir.path().join("taken");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("x"), "x").unwrap();
        assert!(write_whole(&taken, b"new", READABLE).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
