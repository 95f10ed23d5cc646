//! Reads a range of a sealed blob: the chunks that hold it, opened and trimmed.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::Opener;
use super::size::{CHUNK_BYTES, SEALED_CHUNK_BYTES, plain};
use crate::blob::content::Wanted;
use crate::blob::{Content, Error};

/// What of the sealed bytes holds a range of the plain ones; the blob may end before it.
pub(in crate::blob) fn sealed_range(wanted: Wanted) -> Wanted {
    let first = wanted.start / CHUNK_BYTES;
    let after = |end: u64| end.saturating_sub(1).max(wanted.start) / CHUNK_BYTES + 1;
    Wanted {
        start: first.saturating_mul(SEALED_CHUNK_BYTES),
        end: wanted
            .end
            .map(|end| after(end).saturating_mul(SEALED_CHUNK_BYTES)),
        is_cut: true,
    }
}

/// Opens what was read for [`sealed_range`].
pub(in crate::blob) fn read(
    opener: Opener,
    wanted: Wanted,
    sealed: Result<Content, Error>,
) -> Result<Content, Error> {
    let cut_off = || Error::corrupt("a sealed blob was cut off");
    let sealed = match sealed {
        Err(Error::Range { size }) => {
            let size = plain(size).ok_or_else(cut_off)?;
            return Err(Error::Range { size });
        }
        sealed => sealed?,
    };
    let size = plain(sealed.size()).ok_or_else(cut_off)?;
    let range = wanted.within(size)?;
    let reader = Reader {
        opener,
        next: sealed.range().start / SEALED_CHUNK_BYTES,
        last: size / CHUNK_BYTES,
        range: range.clone(),
        sealed,
        pending: BytesMut::new(),
    };
    let stream = stream::try_unfold(reader, async |mut reader: Reader| {
        Ok(reader.next().await?.map(|plain| (plain, reader)))
    });
    let plain = stream.try_filter(|plain| std::future::ready(!plain.is_empty()));
    Ok(Content::new(size, range, plain.boxed()))
}

struct Reader {
    opener: Opener,
    /// The chunk that comes next, and the last one of the blob.
    next: u64,
    last: u64,
    /// What of the plain bytes is wanted.
    range: Range<u64>,
    sealed: Content,
    pending: BytesMut,
}

impl Reader {
    /// The wanted part of the next chunk; nothing after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while (self.pending.len() as u64) < SEALED_CHUNK_BYTES {
            match self.sealed.try_next().await? {
                Some(bytes) => self.pending.extend_from_slice(&bytes),
                None if self.pending.is_empty() => return self.end(),
                None => break,
            }
        }
        let length = self.pending.len().min(SEALED_CHUNK_BYTES as usize);
        let (index, chunk) = (self.next, self.pending.split_to(length));
        self.next += 1;
        let plain = self.opener.open(chunk, index, index == self.last)?;
        let start = index * CHUNK_BYTES;
        let within = |place: u64| place.saturating_sub(start).min(plain.len() as u64) as usize;
        Ok(Some(
            plain.slice(within(self.range.start)..within(self.range.end)),
        ))
    }

    fn end(&self) -> Result<Option<Bytes>, Error> {
        match self.next * CHUNK_BYTES >= self.range.end {
            true => Ok(None),
            false => Err(Error::corrupt("a sealed blob ended early")),
        }
    }
}
