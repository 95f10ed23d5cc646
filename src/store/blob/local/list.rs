//! Lists what lies in the folder, a page at a time.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use crate::blob::off_thread::off_thread;
use crate::blob::{Entry, Error, Key};

use super::cause;
use super::folder::{Folder, names};
use super::slot::PART_SUFFIX;

impl Folder {
    pub(in crate::blob) async fn list(
        &self,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<Entry>, Error> {
        let (root, after) = (Arc::clone(&self.root), after.cloned());
        off_thread(move || page(&root, after.as_ref(), limit)).await?
    }
}

fn page(root: &Path, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for name in names() {
        if entries.len() >= limit {
            break;
        }
        if after.is_some_and(|after| name.as_str() < after.folder()) {
            continue;
        }
        let folder = root.join(name);
        let mut found = Vec::new();
        let files = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            files => files.map_err(|error| cause::of_folder(&folder, &error))?,
        };
        for file in files {
            let file = file.map_err(|error| cause::of_folder(&folder, &error))?;
            // Files that are not ours are none of our business.
            if let Some((key, is_finished)) = parse(&file)
                && after.is_none_or(|after| key > *after)
            {
                found.push((key, is_finished, file));
            }
        }
        found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (key, is_finished, file) in found {
            if entries.len() >= limit {
                break;
            }
            entries.extend(entry(key, is_finished, &file)?);
        }
    }
    Ok(entries)
}

fn parse(file: &DirEntry) -> Option<(Key, bool)> {
    let name = file.file_name();
    let name = name.to_str()?;
    let part = name.strip_suffix(PART_SUFFIX);
    let key = part.unwrap_or(name).parse().ok()?;
    Some((key, part.is_none()))
}

/// Answers nothing if the file is gone in the meantime.
fn entry(key: Key, is_finished: bool, file: &DirEntry) -> Result<Option<Entry>, Error> {
    let metadata = match file.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cause::of_blob(&key, &error)),
    };
    let modified = metadata
        .modified()
        .map_err(|error| cause::of_blob(&key, &error))?;
    let modified_ms = match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(_) => 0,
    };
    Ok(Some(Entry {
        key,
        size: metadata.len(),
        modified_ms,
        is_finished,
    }))
}
