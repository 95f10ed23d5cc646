//! Reads finished blobs: small ranges at once, large ones as slices of a mapping.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::blob::content::Wanted;
use crate::blob::off_thread::off_thread;
use crate::blob::{Content, Error, Key};

use super::folder::Folder;
use super::map;
use super::slot::Slot;

/// Up to here one read costs less than a mapping.
const AT_ONCE_BYTES: u64 = 128 * 1024;
const SLICE_BYTES: u64 = 1024 * 1024;
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
                    let loaded = off_thread(move || map::load(&file, &slice)).await?;
                    loaded.map_err(|error| slot.cause(&error))
                }
            })
            .buffered(LOADING);
        let stream = stream::iter([Ok(first)]).chain(rest).boxed();
        Ok(Content::new(size, range, stream))
    }
}

fn open(slot: &Slot, wanted: Wanted) -> Result<Opened, Error> {
    let cause = |error| slot.cause(&error);
    let mut file = slot.open()?;
    let size = file.metadata().map_err(cause)?.len();
    let range = wanted.within(size)?;
    let length = range.end - range.start;
    let first = if length <= AT_ONCE_BYTES {
        read_exact(&mut file, range.start, length).map_err(cause)?
    } else {
        let end = range.end.min(range.start + SLICE_BYTES);
        map::load(&file, &(range.start..end)).map_err(cause)?
    };
    Ok(Opened {
        file,
        size,
        range,
        first,
    })
}

fn read_exact(file: &mut File, start: u64, length: u64) -> io::Result<Bytes> {
    let mut bytes = vec![0; length as usize];
    if start > 0 {
        file.seek(SeekFrom::Start(start))?;
    }
    file.read_exact(&mut bytes)?;
    Ok(bytes.into())
}

/// Cuts a range into slices.
fn slices(range: Range<u64>) -> impl stream::Stream<Item = Range<u64>> + Send + 'static {
    let starts = range.clone().step_by(SLICE_BYTES as usize);
    stream::iter(starts.map(move |start| start..range.end.min(start + SLICE_BYTES)))
}
