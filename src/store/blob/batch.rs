//! Pieces of an upload that are hashed and written together.

use std::mem;

use bytes::{Bytes, BytesMut};

/// Pieces below this are copied together: each costs bookkeeping and may hold a larger buffer alive.
const SMALL_BYTES: usize = 4 * 1024;

/// Bytes in order, kept in the buffers they arrived in.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pieces: Vec<Bytes>,
    small: BytesMut,
    bytes: usize,
}

impl Batch {
    pub(super) fn push(&mut self, piece: Bytes) {
        self.bytes += piece.len();
        if piece.len() < SMALL_BYTES {
            self.small.extend_from_slice(&piece);
        } else {
            self.seal();
            self.pieces.push(piece);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Leaves an empty batch behind.
    pub(super) fn take(&mut self) -> Vec<Bytes> {
        self.seal();
        self.bytes = 0;
        mem::take(&mut self.pieces)
    }

    fn seal(&mut self) {
        if !self.small.is_empty() {
            self.pieces.push(self.small.split().freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_small_pieces_are_joined() {
        let mut batch = Batch::default();
        let large = Bytes::from(vec![b'L'; SMALL_BYTES]);
        for piece in [Bytes::from("a"), Bytes::from("b"), large.clone()] {
            batch.push(piece);
        }
        batch.push(Bytes::from("c"));
        assert_eq!(batch.bytes(), SMALL_BYTES + 3);
        let pieces = batch.take();
        assert_eq!(pieces, [Bytes::from("ab"), large, Bytes::from("c")]);
        assert!(batch.is_empty());
        assert!(batch.take().is_empty());
    }
}
