//! A piece of an upload as a request brings it.

use acr_api::oci::ByteRange;
use acr_store::blob::Upload;
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};

use super::super::refusal;
use crate::domain::Error;

/// Bytes as they arrive; an error is where they broke off.
pub type Body = BoxStream<'static, Result<Bytes, String>>;

/// A piece of an upload.
pub struct Chunk {
    /// Which bytes of the blob it has, if the client says so.
    pub range: Option<ByteRange>,
    /// How many there are, if that is known before they arrive.
    pub length: Option<u64>,
    /// The bytes.
    pub body: Body,
}

/// How the bytes of a chunk came to their end.
pub(super) enum End {
    /// All are there.
    Whole,
    /// The client went away, with this reason.
    Broken(String),
}

impl Chunk {
    /// Refuses a chunk that cannot follow the bytes received, or with which there would be more than a blob can have,
    /// before any of it is read.
    pub(super) fn check(&self, received: u64, most_bytes: u64) -> Result<(), Error> {
        let length = self.length.unwrap_or_default();
        if received.saturating_add(length) > most_bytes {
            return Err(refusal::blob_too_large(most_bytes));
        }
        let Some(range) = self.range else {
            return Ok(());
        };
        if range.first != received {
            return Err(refusal::out_of_order(received));
        }
        match self.length {
            Some(length) if length != range.len() => {
                Err(refusal::chunk_length_differs(range.len(), length))
            }
            _ => Ok(()),
        }
    }

    /// Appends the bytes; refuses more or fewer than were announced, and more than a blob can have.
    pub(super) async fn append_to(
        mut self,
        upload: &mut Upload,
        most_bytes: u64,
    ) -> Result<End, Error> {
        let before = upload.size();
        while let Some(bytes) = self.body.next().await {
            match bytes {
                Ok(bytes) if upload.size().saturating_add(bytes.len() as u64) > most_bytes => {
                    return Err(refusal::blob_too_large(most_bytes));
                }
                Ok(bytes) => upload.append(bytes).await.map_err(refusal::blob_store)?,
                Err(reason) => return Ok(End::Broken(reason)),
            }
        }
        let sent = upload.size() - before;
        match self.range {
            Some(range) if range.len() != sent => {
                Err(refusal::chunk_length_differs(range.len(), sent))
            }
            _ => Ok(End::Whole),
        }
    }
}
