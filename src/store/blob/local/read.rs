//! Reads finished blobs: small ones at once, large ones slice by slice.

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

/// Small enough to be in the processor's cache still when it is sent, large enough for few calls.
const SLICE_BYTES: u64 = 512 * 1024;
/// Slices that come from the disk at the same time: the next one while one is sent.
const LOADING: usize = 2;

/// What one visit to the blocking threads brings back.
struct Opened {
    file: File,
    size: u64,
    range: Range<u64>,
    first: Bytes,
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
        let file = Arc::new(opened.file);
        let rest = slices(start..range.end)
            .map(move |slice| {
                let (file, slot) = (Arc::clone(&file), slot.clone());
                async move {
                    let read = off_thread(move || read(&file, &slice)).await?;
                    read.map_err(|error| slot.cause(&error))
                }
            })
            .buffered(LOADING);
        let stream = stream::iter([Ok(first)]).chain(rest).boxed();
        Ok(Content::new(size, range, stream))
    }
}

fn open(slot: &Slot, wanted: Wanted) -> Result<Opened, Error> {
    let cause = |error| slot.cause(&error);
    let file = slot.open()?;
    let size = file.metadata().map_err(cause)?.len();
    let range = wanted.within(size)?;
    let end = range.end.min(range.start + SLICE_BYTES);
    let first = read(&file, &(range.start..end)).map_err(cause)?;
    Ok(Opened {
        file,
        size,
        range,
        first,
    })
}

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

/// Cuts a range into slices.
fn slices(range: Range<u64>) -> impl stream::Stream<Item = Range<u64>> + Send + 'static {
    let starts = range.clone().step_by(SLICE_BYTES as usize);
    stream::iter(starts.map(move |start| start..range.end.min(start + SLICE_BYTES)))
}
