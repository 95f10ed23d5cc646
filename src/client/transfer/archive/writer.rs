//! Writes a tar: into a file at several places at once, or into a stream one member after the other.

use crate::transfer::Error;
use crate::transfer::layout::make_readable;
use crate::transfer::pump::{Sink, off_thread};
use crate::transfer::target::Output;
use bytes::Bytes;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tar::{EntryType, Header};
use tempfile::{NamedTempFile, TempPath};

const BLOCK_BYTES: u64 = 512;

/// An archive that is being written.
pub(in crate::transfer) struct ArchiveWriter {
    place: String,
    state: Arc<Mutex<State>>,
    /// The file while it is not whole, and where it belongs.
    unfinished: Mutex<Option<(TempPath, PathBuf)>>,
}

struct State {
    out: Out,
    names: HashSet<String>,
}

enum Out {
    File { file: Arc<File>, end: u64 },
    Stream(Box<dyn Write + Send>),
}

/// The place of one member.
pub(super) struct Slot {
    place: String,
    way: Way,
    padding: u64,
}

enum Way {
    File { file: Arc<File>, at: u64 },
    Stream(Arc<Mutex<State>>),
}

impl ArchiveWriter {
    pub(in crate::transfer) fn create(output: Output) -> Result<Self, Error> {
        let (place, out, unfinished) = match output {
            Output::Stream(stream) => ("the archive".to_owned(), Out::Stream(stream), None),
            Output::File(path) => {
                let (file, temporary) = beside(&path).map_err(|error| Error::file(&path, error))?;
                let out = Out::File {
                    file: Arc::new(file),
                    end: 0,
                };
                (path.display().to_string(), out, Some((temporary, path)))
            }
        };
        let state = State {
            out,
            names: HashSet::new(),
        };
        Ok(Self {
            place,
            state: Arc::new(Mutex::new(state)),
            unfinished: Mutex::new(unfinished),
        })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// How many members may be written at once.
    pub(in crate::transfer) fn most_parallel(&self, offered: usize) -> usize {
        match lock(&self.state).out {
            Out::File { .. } => offered,
            Out::Stream(_) => 1,
        }
    }

    /// Begins a member of a length that is known; `None` if there is one of this name.
    pub(super) fn begin(&self, name: &str, length: u64) -> Result<Option<Slot>, Error> {
        let mut state = lock(&self.state);
        if !state.names.insert(name.to_owned()) {
            return Ok(None);
        }
        let padding = length.next_multiple_of(BLOCK_BYTES) - length;
        let failed = |source| Error::File {
            place: self.place.clone(),
            source,
        };
        let head = head(name, length).map_err(failed)?;
        let way = match &mut state.out {
            Out::Stream(stream) => {
                stream.write_all(&head).map_err(failed)?;
                Way::Stream(self.state.clone())
            }
            Out::File { file, end } => {
                write_all_at(file, &head, *end).map_err(failed)?;
                let at = *end + head.len() as u64;
                *end = at + length + padding;
                Way::File {
                    file: file.clone(),
                    at,
                }
            }
        };
        Ok(Some(Slot {
            place: self.place.clone(),
            way,
            padding,
        }))
    }

    /// Writes a small member whole.
    pub(super) async fn append(&self, name: &str, bytes: Bytes) -> Result<(), Error> {
        let Some(mut slot) = self.begin(name, bytes.len() as u64)? else {
            return Ok(());
        };
        off_thread(&self.place, move || {
            slot.write(&bytes).map_err(|source| Error::File {
                place: slot.place.clone(),
                source,
            })?;
            slot.complete()
        })
        .await
    }

    /// Writes the end, and lets the file appear.
    pub(in crate::transfer) async fn finish(&self) -> Result<(), Error> {
        let state = self.state.clone();
        let unfinished = self
            .unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let place = self.place.clone();
        off_thread(&self.place, move || {
            end(&mut lock(&state).out, unfinished).map_err(|source| Error::File { place, source })
        })
        .await
    }
}

impl Sink for Slot {
    fn place(&self) -> Option<String> {
        Some(self.place.clone())
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match &mut self.way {
            Way::File { file, at } => {
                write_all_at(file, piece, *at)?;
                *at += piece.len() as u64;
                Ok(())
            }
            Way::Stream(state) => match &mut lock(state).out {
                Out::Stream(stream) => stream.write_all(piece),
                Out::File { .. } => Ok(()),
            },
        }
    }
}

impl Slot {
    /// Fills up to the next block.
    pub(super) fn complete(mut self) -> Result<(), Error> {
        let padding = [0; BLOCK_BYTES as usize];
        let result = self.write(&padding[..self.padding as usize]);
        result.map_err(|source| Error::File {
            place: self.place,
            source,
        })
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn beside(path: &Path) -> io::Result<(File, TempPath)> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let (file, temporary) = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?.into_parts();
    make_readable(&file)?;
    Ok((file, temporary))
}

fn end(out: &mut Out, unfinished: Option<(TempPath, PathBuf)>) -> io::Result<()> {
    let blocks = [0; 2 * BLOCK_BYTES as usize];
    match out {
        Out::Stream(stream) => {
            stream.write_all(&blocks)?;
            stream.flush()?;
        }
        Out::File { file, end } => write_all_at(file, &blocks, *end)?,
    }
    match unfinished {
        Some((temporary, path)) => Ok(temporary.persist(path)?),
        None => Ok(()),
    }
}

/// The header of a file, the same for the same content. A name too long for it goes before it, as
/// GNU tar does it.
fn head(name: &str, length: u64) -> io::Result<Vec<u8>> {
    const LONG: &str = "././@LongLink";
    let mut head = Vec::new();
    let mut header = plain_header(length, EntryType::Regular);
    if header.set_path(name).is_err() {
        let mut long = plain_header(name.len() as u64 + 1, EntryType::GNULongName);
        long.set_path(LONG)?;
        long.set_cksum();
        head.extend_from_slice(long.as_bytes());
        head.extend_from_slice(name.as_bytes());
        let size = (head.len() as u64 + 1).next_multiple_of(BLOCK_BYTES);
        head.resize(usize::try_from(size).unwrap_or(usize::MAX), 0);
        header.set_path(&name[name.len() - 64..])?;
    }
    header.set_cksum();
    head.extend_from_slice(header.as_bytes());
    Ok(head)
}

fn plain_header(length: u64, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(length);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

impl fmt::Debug for ArchiveWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArchiveWriter({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::head;
    use std::io::Read;

    #[test]
    fn names_of_any_length_are_read_back() {
        for name in ["a".to_owned(), format!("blobs/sha512/{}", "f".repeat(128))] {
            let mut bytes = head(&name, 3).unwrap();
            bytes.extend_from_slice(b"abc");
            bytes.resize(bytes.len().next_multiple_of(512) + 1024, 0);
            let mut archive = tar::Archive::new(bytes.as_slice());
            let mut entry = archive.entries().unwrap().next().unwrap().unwrap();
            assert_eq!(entry.path_bytes(), name.as_bytes());
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            assert_eq!(content, "abc");
        }
    }
}
