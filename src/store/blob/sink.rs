//! Where the batches of an upload go: one of the stores' writers, behind a seal if there is one.

use bytes::Bytes;

use super::off_thread::off_thread;
use super::seal::Sealer;
use super::state::Parts;
use super::{Error, local, object};

#[derive(Debug)]
pub(super) struct Sink {
    writer: Writer,
    /// Away while a thread seals with it.
    sealer: Option<Box<Sealer>>,
    is_sealed: bool,
}

#[derive(Debug)]
pub(super) enum Writer {
    Local(local::Writer),
    Object(object::Writer),
}

impl Sink {
    pub(super) fn new(writer: Writer, sealer: Option<Sealer>) -> Self {
        Self {
            writer,
            is_sealed: sealer.is_some(),
            sealer: sealer.map(Box::new),
        }
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.is_sealed
    }

    /// The size of each batch by its place among the batches written so far.
    pub(super) fn batch_bytes(&self) -> fn(usize) -> usize {
        match &self.writer {
            Writer::Local(_) => local::batch_bytes,
            Writer::Object(writer) => writer.part_bytes(),
        }
    }

    pub(super) fn batches_written(&self) -> usize {
        match &self.writer {
            Writer::Local(_) => 0,
            Writer::Object(writer) => writer.parts_written(),
        }
    }

    /// Whether only whole batches can be written before the last.
    pub(super) fn keeps_tail(&self) -> bool {
        self.is_sealed || matches!(self.writer, Writer::Object(_))
    }

    /// Takes a full batch, or any of a sink that keeps no tail.
    pub(super) async fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        let pieces = self.seal(pieces, Sealer::seal).await?;
        match &mut self.writer {
            Writer::Local(writer) => writer.write(pieces).await,
            Writer::Object(writer) => writer.write(pieces).await,
        }
    }

    /// Makes what was written durable.
    pub(super) async fn suspend(&mut self) -> Result<Option<Parts>, Error> {
        match &mut self.writer {
            Writer::Local(writer) => writer.sync().await.map(|()| None),
            Writer::Object(writer) => Ok(Some(writer.parts())),
        }
    }

    /// Takes what remains, which may be nothing, and makes the blob durable and readable.
    pub(super) async fn finish(&mut self, last: Vec<Bytes>) -> Result<(), Error> {
        let last = self.seal(last, Sealer::seal_last).await?;
        match &mut self.writer {
            Writer::Local(writer) => writer.finish(last).await,
            Writer::Object(writer) => writer.finish(last).await,
        }
    }

    pub(super) async fn abort(self) -> Result<(), Error> {
        match self.writer {
            Writer::Local(writer) => writer.abort().await,
            Writer::Object(writer) => writer.abort().await,
        }
    }

    async fn seal(
        &mut self,
        pieces: Vec<Bytes>,
        seal: fn(&mut Sealer, &[Bytes]) -> Result<Bytes, Error>,
    ) -> Result<Vec<Bytes>, Error> {
        if !self.is_sealed {
            return Ok(pieces);
        }
        let given_up = || Error::unavailable("the sealing of an upload was given up");
        let mut sealer = self.sealer.take().ok_or_else(given_up)?;
        let (sealer, sealed) = off_thread(move || {
            let sealed = seal(&mut sealer, &pieces);
            (sealer, sealed)
        })
        .await?;
        self.sealer = Some(sealer);
        Ok(vec![sealed?])
    }
}
