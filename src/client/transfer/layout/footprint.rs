//! What a run makes in a layout folder before anything arrives: taken away again if nothing does.

use super::index::{self, Made};
use crate::transfer::Error;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Blobs that are not whole yet, beside those that are. What a broken run leaves here the next one
/// takes up.
const PARTIAL: &str = ".partial";

/// The traces of one run. Dropping it wipes those that nobody has a use for; what has arrived stays.
#[derive(Debug)]
pub(super) struct Footprint {
    folder: PathBuf,
    /// It and the folders it lies in, as far as they were not there, the innermost first.
    folders: Vec<PathBuf>,
    /// Whether the folder was no layout before.
    has_marked: bool,
    partials: Mutex<Vec<PartialFile>>,
}

/// A file for a blob that is not whole yet.
#[derive(Debug)]
struct PartialFile {
    path: PathBuf,
    /// Whether a later run would find it.
    is_resumable: bool,
}

impl Footprint {
    /// Makes a folder a layout, unless it is one.
    pub(super) fn make(folder: &Path) -> Result<Self, Error> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let missing = folder.ancestors().take_while(is_missing);
        let mut made = Self {
            folder: folder.to_owned(),
            folders: missing.map(Path::to_owned).collect(),
            has_marked: false,
            partials: Mutex::default(),
        };
        std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
        made.has_marked = index::prepare(folder)? == Made::Layout;
        Ok(made)
    }

    /// Where the file of a partial blob lies.
    pub(super) fn partial(&self, name: &str, is_resumable: bool) -> Result<PathBuf, Error> {
        let folder = self.folder.join(PARTIAL);
        std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, error))?;
        let path = folder.join(name);
        let partial = PartialFile {
            path: path.clone(),
            is_resumable,
        };
        let mut partials = self.partials.lock().unwrap_or_else(PoisonError::into_inner);
        partials.push(partial);
        Ok(path)
    }
}

impl Drop for Footprint {
    fn drop(&mut self) {
        let partials = self.partials.get_mut();
        for partial in partials.unwrap_or_else(PoisonError::into_inner) {
            let is_empty = |path: &Path| path.metadata().is_ok_and(|found| found.len() == 0);
            if !partial.is_resumable || is_empty(&partial.path) {
                // It is not there any more if its blob became whole.
                let _ = std::fs::remove_file(&partial.path);
            }
        }
        // It stays if there is something in it, and so does everything around what stays.
        let _ = std::fs::remove_dir(self.folder.join(PARTIAL));
        if self.has_marked && index::is_bare(&self.folder) {
            let _ = std::fs::remove_file(self.folder.join(index::MARK_FILE));
        }
        for path in &self.folders {
            let _ = std::fs::remove_dir(path);
        }
    }
}
