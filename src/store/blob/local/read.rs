//! Reads finished blobs: what the system holds in memory at once, the rest off the threads that serve requests.
//!
//! A large blob is a stream of pieces. Each is first asked of the page cache, which costs less than
//! handing it to another thread. What is not there is read slice by slice by a thread that may wait
//! for the disk and has it read on meanwhile, so that the pieces behind the slice are mostly there
//! when their turn comes.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::blob::content::Wanted;
use crate::blob::off_thread::off_thread;
use crate::blob::{Content, Error, Key};

use super::folder::Folder;
use super::slot::Slot;

/// Small enough to be in the processor's cache still when it is sent.
const PIECE_BYTES: u64 = 64 * 1024;
/// Large enough for few visits to the blocking threads.
const SLICE_BYTES: u64 = 512 * 1024;
/// What the disk reads on its own while a slice is sent.
#[cfg(target_os = "linux")]
const AHEAD_BYTES: u64 = 4 * 1024 * 1024;

/// What one visit to the blocking threads brings back.
struct Opened {
    file: File,
    size: u64,
    range: Range<u64>,
    first: Bytes,
}

/// What is still to be read of a blob.
struct Rest {
    file: Arc<File>,
    slot: Slot,
    range: Range<u64>,
}

impl Folder {
    pub(in crate::blob) async fn read(&self, key: &Key, wanted: Wanted) -> Result<Content, Error> {
        let slot = self.slot(key);
        let target = slot.clone();
        let opened = off_thread(move || open(&target, wanted)).await??;
        let (size, range, first) = (opened.size, opened.range, opened.first);
        let start = range.start + first.len() as u64;
        if start == range.end {
            return Ok(Content::once(size, range, first));
        }
        let rest = Rest {
            file: Arc::new(opened.file),
            slot,
            range: start..range.end,
        };
        let rest = stream::try_unfold(rest, Rest::next);
        let stream = stream::iter([Ok(first)]).chain(rest).boxed();
        Ok(Content::new(size, range, stream))
    }
}

impl Rest {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        if self.range.is_empty() {
            return Ok(None);
        }
        let bytes = match read_cached(&self.file, &head(&self.range, PIECE_BYTES)) {
            Some(bytes) => bytes,
            None => self.load().await?,
        };
        self.range.start += bytes.len() as u64;
        Ok(Some((bytes, self)))
    }

    async fn load(&self) -> Result<Bytes, Error> {
        let (file, slice) = (Arc::clone(&self.file), head(&self.range, SLICE_BYTES));
        let read = off_thread(move || {
            read_ahead(&file, slice.end);
            read(&file, &slice)
        });
        read.await?.map_err(|error| self.slot.cause(&error))
    }
}

/// The beginning of a range.
fn head(range: &Range<u64>, most: u64) -> Range<u64> {
    range.start..range.end.min(range.start + most)
}

fn open(slot: &Slot, wanted: Wanted) -> Result<Opened, Error> {
    let cause = |error| slot.cause(&error);
    let file = slot.open()?;
    let size = file.metadata().map_err(cause)?.len();
    let range = wanted.within(size)?;
    let first = read(&file, &head(&range, SLICE_BYTES)).map_err(cause)?;
    Ok(Opened {
        file,
        size,
        range,
        first,
    })
}

/// What the system has in memory of a piece, from its first byte on; `None` if that would have to
/// come from the disk.
#[cfg(target_os = "linux")]
fn read_cached(file: &File, piece: &Range<u64>) -> Option<Bytes> {
    use rustix::io::{ReadWriteFlags, preadv2};
    let mut bytes = vec![0; usize::try_from(piece.end - piece.start).ok()?];
    let mut target = [io::IoSliceMut::new(&mut bytes)];
    // Whatever the reason of a failure: the reading that may wait meets it again, and tells it.
    let read = preadv2(file, &mut target, piece.start, ReadWriteFlags::NOWAIT).ok()?;
    bytes.truncate(read);
    (read > 0).then(|| bytes.into())
}

#[cfg(not(target_os = "linux"))]
fn read_cached(_: &File, _: &Range<u64>) -> Option<Bytes> {
    None
}

/// Has the disk read what will be asked for next. Without it everything is only slower.
#[cfg(target_os = "linux")]
fn read_ahead(file: &File, from: u64) {
    use rustix::fs::{Advice, fadvise};
    let length = std::num::NonZeroU64::new(AHEAD_BYTES);
    let _ = fadvise(file, from, length, Advice::WillNeed);
}

#[cfg(not(target_os = "linux"))]
fn read_ahead(_: &File, _: u64) {}

/// Reads a slice that lies inside the file. Blocks.
fn read(file: &File, slice: &Range<u64>) -> io::Result<Bytes> {
    let length = usize::try_from(slice.end - slice.start).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        match read_on(file, &mut bytes, slice.start) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // An allocation may be larger than was asked for.
    bytes.truncate(length);
    Ok(bytes.into())
}

/// Reads into what is free of the buffer, whose first byte lies at `start`.
#[cfg(unix)]
fn read_on(file: &File, bytes: &mut Vec<u8>, start: u64) -> io::Result<usize> {
    let at = start + bytes.len() as u64;
    let read = rustix::io::pread(file, rustix::buffer::spare_capacity(bytes), at)?;
    Ok(read)
}

/// Reads into what is free of the buffer, whose first byte lies at `start`.
#[cfg(windows)]
fn read_on(file: &File, bytes: &mut Vec<u8>, start: u64) -> io::Result<usize> {
    let filled = bytes.len();
    bytes.resize(bytes.capacity(), 0);
    let at = start + filled as u64;
    let read = std::os::windows::fs::FileExt::seek_read(file, &mut bytes[filled..], at);
    bytes.truncate(filled + read.as_ref().copied().unwrap_or(0));
    read
}
