//! Where the batches of an upload go: one of the stores' writers.

use bytes::Bytes;

use super::state::Parts;
use super::{Error, local, object};

#[derive(Debug)]
pub(super) enum Sink {
    Local(local::Writer),
    Object(object::Writer),
}

impl Sink {
    /// The size of each batch by its place among the batches written so far.
    pub(super) fn batch_bytes(&self) -> fn(usize) -> usize {
        match self {
            Self::Local(_) => local::batch_bytes,
            Self::Object(writer) => writer.part_bytes(),
        }
    }

    pub(super) fn batches_written(&self) -> usize {
        match self {
            Self::Local(_) => 0,
            Self::Object(writer) => writer.parts_written(),
        }
    }

    /// Whether a batch that is not full must be handed to [`Sink::suspend`], outside of the digest.
    pub(super) fn keeps_tail(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Takes a full batch, or any of a sink that keeps no tail.
    pub(super) async fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        match self {
            Self::Local(writer) => writer.write(pieces).await,
            Self::Object(writer) => writer.write(pieces).await,
        }
    }

    pub(super) async fn suspend(&mut self, tail: Vec<Bytes>) -> Result<Option<Parts>, Error> {
        match self {
            Self::Local(writer) => writer.sync().await.map(|()| None),
            Self::Object(writer) => writer.suspend(tail).await.map(Some),
        }
    }

    /// Takes what remains, which may be nothing, and makes the blob durable and readable.
    pub(super) async fn finish(&mut self, last: Vec<Bytes>) -> Result<(), Error> {
        match self {
            Self::Local(writer) => writer.finish(last).await,
            Self::Object(writer) => writer.finish(last).await,
        }
    }

    pub(super) async fn abort(self) -> Result<(), Error> {
        match self {
            Self::Local(writer) => writer.abort().await,
            Self::Object(writer) => writer.abort().await,
        }
    }
}
