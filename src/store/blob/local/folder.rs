//! The folder of a local store: 256 folders by the first two characters of the key.

use std::collections::HashSet;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::blob::off_thread::off_thread;
use crate::blob::{Error, Health, Key};

use super::cause;
use super::slot::{Slot, sync_folder};
use super::writer::Writer;

/// An open folder; clones share it.
#[derive(Clone, Debug)]
pub(in crate::blob) struct Folder {
    pub(super) root: Arc<Path>,
    /// The inner folders that are there for good, by this process's own doing.
    durable: Arc<Mutex<HashSet<String>>>,
}

impl Folder {
    /// Makes the outer folder, durably; the inner ones are made when they are first written to.
    pub(in crate::blob) fn open(path: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(path).map_err(|error| cause::of_folder(path, &error))?;
        if make_folder(&root)?
            && let Some(parent) = root.parent()
        {
            sync_folder(parent)?;
        }
        Ok(Self {
            root: root.into(),
            durable: Arc::default(),
        })
    }

    /// Makes an inner folder, durably, so that an upload needs to sync its own only.
    fn make_inner(&self, name: &str) -> Result<(), Error> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if !durable.contains(name) {
            make_folder(&self.root.join(name))?;
            // Another process may have made it and not synced it yet.
            sync_folder(&self.root)?;
            durable.insert(name.to_owned());
        }
        Ok(())
    }

    pub(in crate::blob) async fn begin(&self, key: &Key) -> Result<Writer, Error> {
        let (folder, name, slot) = (self.clone(), key.folder().to_owned(), self.slot(key));
        off_thread(move || {
            folder.make_inner(&name)?;
            Writer::create(slot)
        })
        .await?
    }

    pub(in crate::blob) async fn resume(&self, key: &Key, size: u64) -> Result<Writer, Error> {
        let slot = self.slot(key);
        off_thread(move || Writer::reopen(slot, size)).await?
    }

    pub(in crate::blob) async fn discard(&self, key: &Key) -> Result<(), Error> {
        let slot = self.slot(key);
        off_thread(move || slot.remove_part()).await?
    }

    pub(in crate::blob) async fn remove(&self, key: &Key) -> Result<(), Error> {
        let slot = self.slot(key);
        off_thread(move || slot.remove()).await?
    }

    pub(in crate::blob) async fn health(&self) -> Result<Health, Error> {
        let root = Arc::clone(&self.root);
        off_thread(move || {
            let free_bytes = free_bytes(&root).map_err(|error| cause::of_folder(&root, &error))?;
            Ok(Health { free_bytes })
        })
        .await?
    }

    pub(super) fn slot(&self, key: &Key) -> Slot {
        Slot::new(&self.root, key)
    }
}

/// The names of the folders, ascending.
pub(super) fn names() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|number| format!("{number:02x}"))
}

/// Whether the folder had to be made.
fn make_folder(path: &Path) -> Result<bool, Error> {
    let cause = |error: io::Error| cause::of_folder(path, &error);
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            builder.recursive(true).create(path)
        }
        made => made,
    };
    match made {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if fs::metadata(path).map_err(cause)?.is_dir() {
                Ok(false)
            } else {
                Err(Error::invalid(format!(
                    "blob folder {}: it is a file",
                    path.display()
                )))
            }
        }
        Err(error) => Err(cause(error)),
    }
}

#[cfg(unix)]
fn free_bytes(root: &Path) -> io::Result<Option<u64>> {
    let space = rustix::fs::statvfs(root)?;
    Ok(Some(space.f_bavail.saturating_mul(space.f_frsize)))
}

#[cfg(not(unix))]
fn free_bytes(root: &Path) -> io::Result<Option<u64>> {
    fs::metadata(root).map(|_| None)
}
