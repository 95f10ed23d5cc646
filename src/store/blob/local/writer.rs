//! Writes the file of one upload.

use std::fs::File;
use std::io::{self, IoSlice, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use crate::blob::Error;
use crate::blob::off_thread::off_thread;

use super::slot::Slot;

/// Hashed and written at once.
const BATCH_BYTES: usize = 1024 * 1024;
/// After so many bytes the disk is set to work, so that little is left for the end.
const FLUSH_BYTES: u64 = 64 * 1024 * 1024;
/// Buffers handed to the kernel by one call; it takes at most 1,024.
const SLICES: usize = 256;

pub(in crate::blob) fn batch_bytes(_: usize) -> usize {
    BATCH_BYTES
}

/// The file, locked as long as this lives.
#[derive(Debug)]
pub(in crate::blob) struct Writer {
    slot: Slot,
    file: Arc<File>,
    unflushed: u64,
    flush: Option<JoinHandle<io::Result<()>>>,
}

impl Writer {
    pub(super) fn create(slot: Slot) -> Result<Self, Error> {
        let file = slot.create()?;
        Ok(Self::new(slot, file))
    }

    /// Goes on after `size` bytes, whatever was written behind them.
    pub(super) fn reopen(slot: Slot, size: u64) -> Result<Self, Error> {
        let mut file = slot.reopen()?;
        let cause = |error: io::Error| slot.cause(&error);
        let written = file.metadata().map_err(cause)?.len();
        if written < size {
            let what = format!("{written} of {size} bytes of upload {} are left", slot.key);
            return Err(Error::corrupt(what));
        }
        file.set_len(size).map_err(cause)?;
        file.seek(SeekFrom::Start(size)).map_err(cause)?;
        Ok(Self::new(slot, file))
    }

    fn new(slot: Slot, file: File) -> Self {
        Self {
            slot,
            file: Arc::new(file),
            unflushed: 0,
            flush: None,
        }
    }

    pub(in crate::blob) async fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        self.unflushed += pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
        let file = Arc::clone(&self.file);
        let written = off_thread(move || write_all(&file, &pieces)).await?;
        written.map_err(|error| self.slot.cause(&error))?;
        if self.unflushed >= FLUSH_BYTES && self.flush.as_ref().is_none_or(JoinHandle::is_finished)
        {
            self.flushed().await?;
            self.unflushed = 0;
            let file = Arc::clone(&self.file);
            self.flush = Some(tokio::task::spawn_blocking(move || file.sync_data()));
        }
        Ok(())
    }

    /// Makes what is written durable, and the file with it.
    pub(in crate::blob) async fn sync(&mut self) -> Result<(), Error> {
        self.flushed().await?;
        let (slot, file) = (self.slot.clone(), Arc::clone(&self.file));
        off_thread(move || {
            file.sync_data().map_err(|error| slot.cause(&error))?;
            slot.sync_folder()
        })
        .await?
    }

    pub(in crate::blob) async fn finish(&mut self, last: Vec<Bytes>) -> Result<(), Error> {
        self.flushed().await?;
        let (slot, file) = (self.slot.clone(), Arc::clone(&self.file));
        off_thread(move || {
            write_all(&file, &last)
                .and_then(|()| file.sync_data())
                .map_err(|error| slot.cause(&error))?;
            slot.complete()
        })
        .await?
    }

    pub(in crate::blob) async fn abort(self) -> Result<(), Error> {
        off_thread(move || self.slot.remove_part()).await?
    }

    /// Waits for the flush under way: the kernel tells of a failure only once.
    async fn flushed(&mut self) -> Result<(), Error> {
        let Some(flush) = self.flush.take() else {
            return Ok(());
        };
        let flushed = flush
            .await
            .map_err(|error| Error::unavailable(format!("a flush was given up: {error}")))?;
        flushed.map_err(|error| self.slot.cause(&error))
    }
}

fn write_all(mut file: &File, pieces: &[Bytes]) -> io::Result<()> {
    for pieces in pieces.chunks(SLICES) {
        let mut slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        let mut rest = slices.as_mut_slice();
        while !rest.is_empty() {
            match file.write_vectored(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut rest, written),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
