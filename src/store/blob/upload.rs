//! An upload in progress: batches are filled, hashed and written with back-pressure and bounded memory.

use std::mem;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::batch::Batch;
use super::hash::{Finished, Hasher};
use super::off_thread::off_thread;
use super::sink::Sink;
use super::state::Tail;
use super::{Blobs, Error, Key, State};

/// Bytes one upload may hold, filling and being written, unless a single part has to be larger.
const HELD_BYTES: usize = 8 * 1024 * 1024;

/// A blob being written.
///
/// A caller that stops waiting in the middle of [`Upload::append`] may go on or suspend: [`Upload::size`] says how much
/// was taken. One that drops the upload leaves what a crash leaves, and in a local store the key is
/// [`Error::Busy`] until the write under way ends.
#[derive(Debug)]
pub struct Upload {
    /// Where bytes are put aside.
    blobs: Blobs,
    tail: Option<Tail>,
    size: u64,
    pending: Batch,
    batch_bytes: fn(usize) -> usize,
    batches: usize,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Idle(Box<Hasher>, Sink),
    Writing {
        batch: usize,
        task: JoinHandle<Written>,
    },
    /// The sink is kept so that the upload can be aborted; there is none once the upload is over.
    Broken(Error, Option<Sink>),
}

/// What a task that writes a batch gives back.
type Written = (Result<Box<Hasher>, Error>, Sink);

impl Upload {
    pub(super) fn new(blobs: Blobs, hasher: Hasher, sink: Sink) -> Self {
        Self {
            blobs,
            tail: None,
            size: hasher.size(),
            pending: Batch::default(),
            batch_bytes: sink.batch_bytes(),
            batches: sink.batches_written(),
            stage: Stage::Idle(Box::new(hasher), sink),
        }
    }

    /// Takes back what was put aside when the upload was suspended.
    pub(super) async fn take_up(&mut self, tail: &Tail) -> Result<(), Error> {
        let limit = (self.batch_bytes)(self.batches);
        let aside = self.blobs.read(&tail.key, 0..tail.bytes).await?;
        self.tail = Some(tail.clone());
        self.append(aside.bytes(limit).await?).await
    }

    /// How many bytes were taken so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes, and waits while the store is slower than the caller.
    pub async fn append(&mut self, mut bytes: Bytes) -> Result<(), Error> {
        loop {
            let room = (self.batch_bytes)(self.batches).saturating_sub(self.pending.bytes());
            if room == 0 {
                self.write_pending().await?;
                continue;
            }
            if bytes.is_empty() {
                return Ok(());
            }
            let piece_bytes = room.min(bytes.len());
            if self.pending.bytes() + self.writing_bytes() + piece_bytes > HELD_BYTES {
                self.settle().await?;
            }
            self.size += piece_bytes as u64;
            self.pending.push(bytes.split_to(piece_bytes));
        }
    }

    /// Makes everything taken so far durable and puts the upload aside; nothing else can be done with it then.
    pub async fn suspend(&mut self) -> Result<State, Error> {
        self.settle().await?;
        if matches!(&self.stage, Stage::Idle(_, sink) if !sink.keeps_tail()) {
            self.write_pending().await?;
            self.settle().await?;
        }
        let (hasher, mut sink) = self.take_idle()?;
        let pending = self.pending.take();
        let (parts, tail) = match tokio::join!(sink.suspend(), put_aside(&self.blobs, pending)) {
            (Ok(parts), Ok(tail)) => (parts, tail),
            (Err(error), _) | (_, Err(error)) => return Err(self.fail(error, sink)),
        };
        Ok(State {
            hasher: hasher.state(),
            parts,
            tail,
            is_sealed: sink.is_sealed(),
        })
    }

    /// Makes the blob durable and readable; after an error the upload can only be aborted.
    pub async fn finish(&mut self) -> Result<Finished, Error> {
        self.settle().await?;
        let (hasher, mut sink) = self.take_idle()?;
        let last = self.pending.take();
        let (hasher, written) = tokio::join!(hash(hasher, last.clone()), sink.finish(last));
        match written.and(hasher) {
            Ok(hasher) => {
                // The blob is whole: a tail that stays is found by its age.
                let _ = self.remove_tail().await;
                Ok(hasher.finish())
            }
            Err(error) => Err(self.fail(error, sink)),
        }
    }

    /// Removes what was written.
    pub async fn abort(mut self) -> Result<(), Error> {
        // That the upload is broken is no reason to leave its bytes behind.
        let _ = self.settle().await;
        self.remove_tail().await?;
        match self.stage {
            Stage::Idle(_, sink) | Stage::Broken(_, Some(sink)) => sink.abort().await,
            Stage::Broken(error, None) => Err(error),
            Stage::Writing { .. } => Err(over()),
        }
    }

    async fn remove_tail(&self) -> Result<(), Error> {
        match &self.tail {
            Some(tail) => self.blobs.remove(&tail.key).await,
            None => Ok(()),
        }
    }

    fn writing_bytes(&self) -> usize {
        match self.stage {
            Stage::Writing { batch, .. } => batch,
            _ => 0,
        }
    }

    /// Starts to hash and write the batch, once the one before it is written.
    async fn write_pending(&mut self) -> Result<(), Error> {
        self.settle().await?;
        if self.pending.is_empty() {
            return Ok(());
        }
        let (hasher, mut sink) = self.take_idle()?;
        let batch = self.pending.bytes();
        let pieces = self.pending.take();
        self.batches += 1;
        let task = tokio::spawn(async move {
            let (hasher, written) = tokio::join!(hash(hasher, pieces.clone()), sink.write(pieces));
            (written.and(hasher), sink)
        });
        self.stage = Stage::Writing { batch, task };
        Ok(())
    }

    /// Waits until nothing is being written.
    async fn settle(&mut self) -> Result<(), Error> {
        if let Stage::Writing { task, .. } = &mut self.stage {
            self.stage = match task.await {
                Ok((Ok(hasher), sink)) => Stage::Idle(hasher, sink),
                Ok((Err(error), sink)) => Stage::Broken(error, Some(sink)),
                Err(error) => {
                    let reason = format!("a write was given up: {error}");
                    Stage::Broken(Error::unavailable(reason), None)
                }
            };
        }
        match &self.stage {
            Stage::Broken(error, _) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Whoever takes these puts them back, or the upload is over.
    fn take_idle(&mut self) -> Result<(Box<Hasher>, Sink), Error> {
        match mem::replace(&mut self.stage, Stage::Broken(over(), None)) {
            Stage::Idle(hasher, sink) => Ok((hasher, sink)),
            other => {
                self.stage = other;
                Err(over())
            }
        }
    }

    fn fail(&mut self, error: Error, sink: Sink) -> Error {
        self.stage = Stage::Broken(error.clone(), Some(sink));
        error
    }
}

fn over() -> Error {
    Error::invalid("use of an upload that is over")
}

/// Keeps bytes that cannot be written yet as a blob of their own.
async fn put_aside(blobs: &Blobs, pieces: Vec<Bytes>) -> Result<Option<Tail>, Error> {
    if pieces.is_empty() {
        return Ok(None);
    }
    let key = Key::random();
    let bytes = pieces.iter().map(|piece| piece.len() as u64).sum();
    blobs.sink(&key).await?.finish(pieces).await?;
    Ok(Some(Tail { key, bytes }))
}

async fn hash(mut hasher: Box<Hasher>, pieces: Vec<Bytes>) -> Result<Box<Hasher>, Error> {
    if pieces.is_empty() {
        return Ok(hasher);
    }
    off_thread(move || {
        hasher.update(&pieces);
        hasher
    })
    .await
}
