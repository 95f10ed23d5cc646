//! Content that can be read again from any place, as a broken upload needs it.

use acr_http::ByteStream;
use bytes::Bytes;
use futures_util::stream;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How much is read from a file at once.
const PIECE_BYTES: u64 = 512 * 1024;

/// Bytes of known length, read from where they lie.
pub trait Content: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// The bytes of `range`, which lies within the size.
    fn read(&self, range: Range<u64>) -> ByteStream;
}

impl Content for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, range: Range<u64>) -> ByteStream {
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.len());
        let piece = self.slice(within(range.start)..within(range.end));
        Box::pin(stream::iter([Ok(piece)]))
    }
}

/// A part of a file, or all of it: a blob in a folder, or one inside an archive.
#[derive(Debug, Clone)]
pub struct FileSlice {
    file: Arc<File>,
    start: u64,
    length: u64,
}

impl FileSlice {
    /// `length` bytes from `start` on.
    pub fn new(file: Arc<File>, start: u64, length: u64) -> Self {
        Self {
            file,
            start,
            length,
        }
    }

    /// A whole file, as long as it is now.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} is no file", path.display()),
            ));
        }
        Ok(Self::new(Arc::new(file), 0, metadata.len()))
    }

    /// Fills `buffer` from `offset` on, without a place in the file that others could move.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.file, buffer, self.start + offset)
    }

    /// The bytes in order, for code that cannot wait.
    pub fn reader(&self) -> SliceReader {
        SliceReader {
            slice: self.clone(),
            at: 0,
        }
    }
}

impl Content for FileSlice {
    fn size(&self) -> u64 {
        self.length
    }

    /// One piece is read while the one before is sent.
    fn read(&self, range: Range<u64>) -> ByteStream {
        let slice = self.clone();
        let buffers = Buffers::default();
        let read = move |at: u64| {
            let (slice, buffers) = (slice.clone(), buffers.clone());
            let length = PIECE_BYTES.min(range.end.saturating_sub(at));
            (length > 0).then(|| {
                let reading = tokio::task::spawn_blocking(move || {
                    let mut buffer = buffers.take();
                    buffer.resize(length as usize, 0);
                    slice.read_at(&mut buffer, at)?;
                    Ok(Bytes::from_owner(Lent { buffer, buffers }))
                });
                (reading, at + length)
            })
        };
        let first = read(range.start);
        Box::pin(stream::unfold(
            (first, read),
            |(reading, read)| async move {
                let (reading, next) = reading?;
                let piece = match reading.await {
                    Ok(piece) => piece,
                    Err(error) => Err(io::Error::other(error)),
                };
                let ahead = match piece {
                    Ok(_) => read(next),
                    Err(_) => None,
                };
                Some((piece, (ahead, read)))
            },
        ))
    }
}

/// Reads a [`FileSlice`] from its beginning to its end.
#[derive(Debug)]
pub struct SliceReader {
    slice: FileSlice,
    at: u64,
}

impl io::Read for SliceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.slice.length - self.at;
        let length = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        self.slice.read_at(&mut buffer[..length], self.at)?;
        self.at += length as u64;
        Ok(length)
    }
}

/// Buffers that come back when the pieces made of them are sent: fresh memory for each piece would
/// cost as much as the copy into it.
#[derive(Clone, Default)]
struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

impl Buffers {
    fn take(&self) -> Vec<u8> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop().unwrap_or_default()
    }

    fn give_back(&self, buffer: Vec<u8>) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(buffer);
    }
}

struct Lent {
    buffer: Vec<u8>,
    buffers: Buffers,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.buffers.give_back(std::mem::take(&mut self.buffer));
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;
    use std::io::{Read, Write};

    async fn gather(mut stream: ByteStream) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece?);
        }
        Ok(bytes)
    }

    fn file(bytes: &[u8]) -> Arc<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Arc::new(file)
    }

    #[tokio::test]
    async fn gives_the_range_that_is_asked_for() {
        let bytes: Vec<u8> = (0..3_000_000_u32)
            .map(|n| n as u8 ^ (n >> 9) as u8)
            .collect();
        let slice = FileSlice::new(file(&bytes), 1000, 2_500_000);
        assert_eq!(slice.size(), 2_500_000);
        let whole = gather(Content::read(&slice, 0..2_500_000)).await.unwrap();
        assert!(whole == bytes[1000..2_501_000]);
        let part = gather(Content::read(&slice, 7..1_500_007)).await.unwrap();
        assert!(part == bytes[1007..1_501_007]);
        assert!(
            gather(Content::read(&slice, 9..9))
                .await
                .unwrap()
                .is_empty()
        );
        let mut read = Vec::new();
        slice.reader().read_to_end(&mut read).unwrap();
        assert!(read == bytes[1000..2_501_000]);
    }

    #[tokio::test]
    async fn a_file_that_shrank_is_an_error_and_not_an_end() {
        let slice = FileSlice::new(file(b"short"), 0, 50);
        let error = gather(Content::read(&slice, 0..50)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn bytes_in_memory_are_content_too() {
        let bytes = Bytes::from_static(b"hello");
        assert_eq!(gather(Content::read(&bytes, 1..4)).await.unwrap(), b"ell");
    }
}
