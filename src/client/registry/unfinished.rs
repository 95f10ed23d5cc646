//! Notes of uploads under way: what a killed run has sent of a large blob, the next one need not send again.
//!
//! Each upload has a file of its own, named by a hash of registry, repository and digest, with the address to
//! go on at. It is locked while the upload is under way: a run that is killed loses the lock, and one that is
//! at work is left alone by others. Registries sign such addresses, so the files are for their owner alone.
//! They go when the upload ends, or when they are old. An upload never fails for want of a note.

use super::{BlobUpload, Hasher};
use acr_api::oci::Algorithm;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Smaller blobs are soon sent again.
const LEAST_BYTES: u64 = 16 * 1024 * 1024;
/// Registries do not keep for longer what was begun.
const LONGEST_KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// More uploads than these are not under way in three days.
const MOST_NOTES: usize = 256;
/// No address is longer.
const LONGEST_ADDRESS_BYTES: u64 = 16 * 1024;

/// A folder for the notes of all uploads.
#[derive(Debug, Clone)]
pub struct Unfinished {
    folder: PathBuf,
}

/// The note of one upload, which nobody else has meanwhile.
#[derive(Debug)]
pub(super) struct Note {
    file: File,
    path: PathBuf,
}

impl Unfinished {
    /// Notes in a folder, which is made when it is needed.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The note of an upload; `None` if its blob is not worth one, or somebody else is at it.
    pub(super) fn note(&self, host: &str, upload: &BlobUpload<'_>) -> Option<Note> {
        if upload.size() < LEAST_BYTES {
            return None;
        }
        let key = format!("{host}/{}@{}", upload.repository, upload.digest);
        let name = Hasher::digest(Algorithm::Sha256, key.as_bytes()).encoded();
        self.open(&name).unwrap_or_else(|error| {
            tracing::debug!(%error, "no note is taken of the upload");
            None
        })
    }

    fn open(&self, name: &str) -> io::Result<Option<Note>> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        let path = self.folder.join(name);
        if self.sweep()? >= MOST_NOTES && !path.exists() {
            return Ok(None);
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Note { file, path })),
            Err(_) => Ok(None),
        }
    }

    /// Clears old notes away and counts the others.
    fn sweep(&self) -> io::Result<usize> {
        // The clock that counts is the one that dates the notes.
        let now = tempfile::tempfile_in(&self.folder)?
            .metadata()?
            .modified()?;
        let mut kept = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let age = now.duration_since(entry.metadata()?.modified()?);
            match age.is_ok_and(|age| age > LONGEST_KEPT) {
                true => std::fs::remove_file(entry.path())?,
                false => kept += 1,
            }
        }
        Ok(kept)
    }
}

impl Note {
    /// Where an earlier run has left off.
    pub(super) fn address(&mut self) -> Option<String> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        let file = &mut self.file;
        file.take(LONGEST_ADDRESS_BYTES)
            .read_to_string(&mut text)
            .ok()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Notes where to go on.
    pub(super) fn write(&mut self, address: &Url) {
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(address.as_str().as_bytes())
        };
        if let Err(error) = write(&mut self.file) {
            tracing::debug!(%error, "the note of the upload is not kept up");
        }
    }

    /// Forgets the upload.
    pub(super) fn erase(&mut self) {
        // What cannot be erased is found wrong by the registry, should anybody go by it.
        let _ = self.file.set_len(0);
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if self.file.metadata().is_ok_and(|file| file.len() == 0) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(notes: &Unfinished) -> Vec<String> {
        let entries = std::fs::read_dir(&notes.folder).unwrap();
        let name = |entry: io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_note_is_of_one_run_at_a_time_and_goes_with_its_upload() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Unfinished::in_folder(folder.path().join("notes"));
        let take = |name| notes.open(name).unwrap();
        let mut first = take("a").unwrap();
        assert_eq!(first.address(), None);
        assert!(take("a").is_none());
        first.write(&"https://h/uploads/a-long-one".parse().unwrap());
        first.write(&"https://h/uploads/1".parse().unwrap());
        drop(first);
        let mut second = take("a").unwrap();
        assert_eq!(second.address().unwrap(), "https://h/uploads/1");
        second.erase();
        drop(second);
        drop(take("b"));
        assert_eq!(names(&notes), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn notes_are_for_their_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let notes = Unfinished::in_folder(folder.path().join("notes"));
        let note = notes.open("a").unwrap().unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&notes.folder), mode(&note.path)), (0o700, 0o600));
    }

    #[test]
    fn old_notes_go_and_there_are_never_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Unfinished::in_folder(folder.path().to_owned());
        let write = |name: &str| File::create(folder.path().join(name)).unwrap();
        let old = write("old");
        let written = old.metadata().unwrap().modified().unwrap();
        old.set_modified(written - LONGEST_KEPT - Duration::from_secs(60))
            .unwrap();
        for at in 0..MOST_NOTES {
            write(&at.to_string());
        }
        assert!(notes.open("new").unwrap().is_none());
        assert!(notes.open("7").unwrap().is_some());
        assert!(!names(&notes).contains(&"old".to_owned()));
    }
}
