//! Carries a blob from where it comes to a thread that hashes and writes it.

use super::{Error, Source};
use crate::registry::{Download, Hasher};
use acr_api::oci::Descriptor;
use acr_http::ByteStream;
use bytes::Bytes;
use futures_util::StreamExt;
use std::io;
use tokio::sync::mpsc;

/// So many pieces wait at most for the disk.
const MOST_WAITING: usize = 8;

/// Where the pieces of a blob come from.
pub(super) enum Pieces {
    /// A registry.
    Download(Box<Download>),
    /// A file.
    Stream { place: String, stream: ByteStream },
}

impl Pieces {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        match self {
            Self::Download(download) => Ok(download.next().await?),
            Self::Stream { place, stream } => {
                stream
                    .next()
                    .await
                    .transpose()
                    .map_err(|source| Error::File {
                        place: place.clone(),
                        source,
                    })
            }
        }
    }
}

/// What is written to: a file, a place in an archive.
pub(super) trait Sink: Send + 'static {
    /// What to call it in a message; `None` if only a source can be at fault.
    fn place(&self) -> Option<String>;

    /// Writes all of `piece` behind what was written before.
    fn write(&mut self, piece: &[u8]) -> io::Result<()>;
}

/// Writes what `source` has of `blob` into `sink` and checks that it is right. What has `begun` says of the
/// bytes that are there counts. `tell` gets the number of bytes that are there.
pub(super) async fn pump<S: Sink>(
    source: &Source,
    blob: &Descriptor,
    begun: (Hasher, u64),
    sink: S,
    tell: impl Fn(u64),
) -> Result<S, Error> {
    let (hasher, mut done) = begun;
    let mut pieces = source.pieces(blob, done)?;
    let place = sink.place().unwrap_or_else(|| source.place());
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let writing = tokio::task::spawn_blocking(move || drain(receiver, hasher, sink));
    while let Some(piece) = pieces.next().await? {
        done += piece.len() as u64;
        if done > blob.size {
            return Err(source.wrong_size(blob, done));
        }
        if sender.send(piece).await.is_err() {
            // The thread has ended with an error, which is told below.
            break;
        }
        tell(done);
    }
    drop(sender);
    let ended = match writing.await {
        Ok(ended) => ended,
        Err(error) => Err(io::Error::other(error)),
    };
    let (hasher, sink) = ended.map_err(|source| Error::File { place, source })?;
    if done != blob.size {
        return Err(source.wrong_size(blob, done));
    }
    let actual = hasher.finish();
    if actual == blob.digest {
        return Ok(sink);
    }
    Err(source.damaged(blob, actual))
}

fn drain<S: Sink>(
    mut receiver: mpsc::Receiver<Bytes>,
    mut hasher: Hasher,
    mut sink: S,
) -> io::Result<(Hasher, S)> {
    while let Some(piece) = receiver.blocking_recv() {
        hasher.update(&piece);
        sink.write(&piece)?;
    }
    Ok((hasher, sink))
}

/// Runs code that waits for the disk where it holds up nobody.
pub(super) async fn off_thread<T: Send + 'static>(
    place: &str,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::File {
            place: place.to_owned(),
            source: io::Error::other(error),
        }),
    }
}
