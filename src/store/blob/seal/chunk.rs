//! Seals chunks and opens them again.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use bytes::{Bytes, BytesMut};

use super::DataKey;
use super::size::{CHUNK_BYTES, NONCE_BYTES, OVERHEAD_BYTES, TAG_BYTES};
use crate::blob::{Error, Key};

/// Seals the bytes of one blob in order.
pub(in crate::blob) struct Sealer {
    key: RandomizedNonceKey,
    next: u64,
}

/// Opens chunks of one blob.
pub(in crate::blob) struct Opener {
    key: RandomizedNonceKey,
    blob: Key,
}

/// What a chunk is sealed together with: its place, and whether it is the last.
fn place(index: u64, is_last: bool) -> Aad<[u8; 9]> {
    let mut place = [u8::from(is_last); 9];
    place[..8].copy_from_slice(&index.to_be_bytes());
    Aad::from(place)
}

fn key_of(data_key: &DataKey, blob: &Key) -> Result<RandomizedNonceKey, Error> {
    RandomizedNonceKey::new(&AES_256_GCM, &data_key.derive(blob)?)
        .map_err(|_| Error::invalid("key of a sealed blob"))
}

impl Sealer {
    /// Goes on after `plain_bytes` that are sealed already, which are whole chunks.
    pub(in crate::blob) fn new(
        data_key: &DataKey,
        blob: &Key,
        plain_bytes: u64,
    ) -> Result<Self, Error> {
        if !plain_bytes.is_multiple_of(CHUNK_BYTES) {
            return Err(Error::corrupt("a sealed upload does not end with a chunk"));
        }
        Ok(Self {
            key: key_of(data_key, blob)?,
            next: plain_bytes / CHUNK_BYTES,
        })
    }

    /// Seals whole chunks.
    pub(in crate::blob) fn seal(&mut self, pieces: &[Bytes]) -> Result<Bytes, Error> {
        let plain = pieces.concat();
        let (sealed, rest) = self.whole_chunks(&plain)?;
        match rest {
            [] => Ok(sealed.freeze()),
            _ => Err(Error::invalid(
                "part of a sealed blob: it ends within a chunk",
            )),
        }
    }

    /// Seals what remains of the blob, which may be nothing.
    pub(in crate::blob) fn seal_last(&mut self, pieces: &[Bytes]) -> Result<Bytes, Error> {
        let plain = pieces.concat();
        let (mut sealed, rest) = self.whole_chunks(&plain)?;
        self.chunk(rest, true, &mut sealed)?;
        Ok(sealed.freeze())
    }

    fn whole_chunks<'a>(&mut self, plain: &'a [u8]) -> Result<(BytesMut, &'a [u8]), Error> {
        let chunks = plain.chunks_exact(CHUNK_BYTES as usize);
        let overhead = (chunks.len() + 1) * OVERHEAD_BYTES as usize;
        let mut sealed = BytesMut::with_capacity(plain.len() + overhead);
        let rest = chunks.remainder();
        for chunk in chunks {
            self.chunk(chunk, false, &mut sealed)?;
        }
        Ok((sealed, rest))
    }

    fn chunk(&mut self, plain: &[u8], is_last: bool, sealed: &mut BytesMut) -> Result<(), Error> {
        let start = sealed.len();
        sealed.extend_from_slice(&[0; NONCE_BYTES]);
        sealed.extend_from_slice(plain);
        let place = place(self.next, is_last);
        let (nonce, tag) = self
            .key
            .seal_in_place_separate_tag(place, &mut sealed[start + NONCE_BYTES..])
            .map_err(|_| Error::unavailable("a chunk could not be sealed"))?;
        sealed[start..start + NONCE_BYTES].copy_from_slice(nonce.as_ref());
        sealed.extend_from_slice(tag.as_ref());
        self.next += 1;
        Ok(())
    }
}

impl Opener {
    pub(in crate::blob) fn new(data_key: &DataKey, blob: &Key) -> Result<Self, Error> {
        Ok(Self {
            key: key_of(data_key, blob)?,
            blob: blob.clone(),
        })
    }

    /// Opens a chunk in its place.
    pub(super) fn open(
        &self,
        mut sealed: BytesMut,
        index: u64,
        is_last: bool,
    ) -> Result<Bytes, Error> {
        let damaged = || Error::corrupt(format!("a chunk of blob {} cannot be opened", self.blob));
        if sealed.len() < NONCE_BYTES + TAG_BYTES {
            return Err(damaged());
        }
        let nonce = sealed.split_to(NONCE_BYTES);
        let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| damaged())?;
        let plain = self
            .key
            .open_in_place(nonce, place(index, is_last), &mut sealed)
            .map_err(|_| damaged())?
            .len();
        sealed.truncate(plain);
        Ok(sealed.freeze())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
