//! What is read of a blob: a stream of bytes that knows its length.

use std::fmt;
use std::ops::{Bound, Range, RangeBounds};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, TryStreamExt};

use super::Error;

/// A range of a blob, streamed.
pub struct Content {
    size: u64,
    range: Range<u64>,
    bytes: Source,
}

/// Where the bytes come from.
enum Source {
    /// They are here, unless they were taken.
    Memory(Option<Bytes>),
    Stream(BoxStream<'static, Result<Bytes, Error>>),
}

impl Content {
    pub(super) fn new(
        size: u64,
        range: Range<u64>,
        stream: BoxStream<'static, Result<Bytes, Error>>,
    ) -> Self {
        Self {
            size,
            range,
            bytes: Source::Stream(stream),
        }
    }

    /// Content that is in memory already.
    pub(super) fn once(size: u64, range: Range<u64>, bytes: Bytes) -> Self {
        Self {
            size,
            range,
            bytes: Source::Memory(Some(bytes)),
        }
    }

    /// The size of the whole blob.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What of the blob is streamed.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// All bytes, if they are in memory and none was taken.
    pub fn in_memory(&self) -> Option<&Bytes> {
        match &self.bytes {
            Source::Memory(bytes) => bytes.as_ref(),
            Source::Stream(_) => None,
        }
    }

    /// Gathers everything, which is for small blobs; over `limit` bytes it is refused.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Error> {
        let length = self.range.end - self.range.start;
        if length > limit as u64 {
            return Err(Error::invalid(format!(
                "read of {length} bytes at once, at most {limit} are allowed"
            )));
        }
        let first = self.try_next().await?.unwrap_or_default();
        if first.len() as u64 == length {
            return Ok(first);
        }
        let mut whole = BytesMut::from(first.as_ref());
        while let Some(more) = self.try_next().await? {
            whole.extend_from_slice(&more);
        }
        Ok(whole.freeze())
    }
}

impl Stream for Content {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.bytes {
            Source::Memory(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Source::Stream(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("size", &self.size)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

/// A range as asked for, before the size of the blob is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) start: u64,
    pub(super) end: Option<u64>,
    /// Whether an end behind that of the blob stands for it.
    pub(super) is_cut: bool,
}

impl Wanted {
    pub(super) fn new(range: &impl RangeBounds<u64>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        Self {
            start,
            end,
            is_cut: false,
        }
    }

    /// The range within a blob of `size` bytes, whole or not at all.
    pub(super) fn within(self, size: u64) -> Result<Range<u64>, Error> {
        let end = match self.end {
            Some(end) if self.is_cut => end.min(size),
            Some(end) => end,
            None => size,
        };
        if self.start <= end && end <= size {
            Ok(self.start..end)
        } else {
            Err(Error::Range { size })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_whole_or_refused() {
        let within = |wanted: Wanted| wanted.within(10);
        assert_eq!(within(Wanted::new(&..)), Ok(0..10));
        assert_eq!(within(Wanted::new(&(3..))), Ok(3..10));
        assert_eq!(within(Wanted::new(&(3..=4))), Ok(3..5));
        assert_eq!(within(Wanted::new(&(10..))), Ok(10..10));
        assert_eq!(within(Wanted::new(&(4..4))), Ok(4..4));
        let refused = Err(Error::Range { size: 10 });
        for wanted in [
            Wanted::new(&(11..)),
            Wanted::new(&(0..11)),
            Wanted::new(&(0..=u64::MAX)),
            Wanted {
                start: 5,
                end: Some(4),
                is_cut: false,
            },
        ] {
            assert_eq!(within(wanted), refused);
        }
    }
}
