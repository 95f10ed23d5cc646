//! Digests of an upload, computed as it streams and carried from one request to the next.
//!
//! The `sha2` crate is used here, not the digests of aws-lc-rs, because its state can be written down: parts sent
//! to an object store cannot be read back before the upload is finished, so nothing could be hashed again. With
//! the CPU's SHA instructions both are equally fast; without them this one is 10 to 30 % slower.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256, Sha512};

use super::Error;

/// The digests an upload computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hashes {
    #[default]
    Sha256,
    Sha256AndSha512,
}

/// A finished blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub size: u64,
    pub sha256: [u8; 32],
    /// Only when the upload was begun with [`Hashes::Sha256AndSha512`].
    pub sha512: Option<[u8; 64]>,
}

#[derive(Clone, Debug)]
pub(super) struct Hasher {
    size: u64,
    sha256: Sha256,
    sha512: Option<Sha512>,
}

/// A [`Hasher`] in the middle of its work, as it is stored.
///
/// Should a later version of the crate read it differently, the digest comes out wrong and the upload is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HasherState {
    size: u64,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha512: Option<String>,
}

impl Hasher {
    pub(super) fn new(hashes: Hashes) -> Self {
        Self {
            size: 0,
            sha256: Sha256::new(),
            sha512: (hashes == Hashes::Sha256AndSha512).then(Sha512::new),
        }
    }

    pub(super) fn resume(state: &HasherState) -> Result<Self, Error> {
        Ok(Self {
            size: state.size,
            sha256: restore(&state.sha256)?,
            sha512: state.sha512.as_deref().map(restore).transpose()?,
        })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn state(&self) -> HasherState {
        HasherState {
            size: self.size,
            sha256: STANDARD.encode(self.sha256.serialize()),
            sha512: self
                .sha512
                .as_ref()
                .map(|hash| STANDARD.encode(hash.serialize())),
        }
    }

    pub(super) fn update(&mut self, pieces: &[Bytes]) {
        for piece in pieces {
            self.size += piece.len() as u64;
            self.sha256.update(piece);
            if let Some(sha512) = &mut self.sha512 {
                sha512.update(piece);
            }
        }
    }

    pub(super) fn finish(self) -> Finished {
        Finished {
            size: self.size,
            sha256: self.sha256.finalize().into(),
            sha512: self.sha512.map(|hash| hash.finalize().into()),
        }
    }
}

impl HasherState {
    pub(super) fn size(&self) -> u64 {
        self.size
    }
}

fn restore<T: SerializableState>(text: impl AsRef<str>) -> Result<T, Error> {
    let damaged = || Error::corrupt("the state of an upload's digest");
    let bytes = STANDARD.decode(text.as_ref()).map_err(|_| damaged())?;
    let state = SerializedState::<T>::try_from(bytes.as_slice()).map_err(|_| damaged())?;
    T::deserialize(&state).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(hashes: Hashes, bytes: &'static [u8]) -> Finished {
        let mut hasher = Hasher::new(hashes);
        hasher.update(&[Bytes::from_static(bytes)]);
        hasher.finish()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        let abc = whole(Hashes::Sha256AndSha512, b"abc");
        assert_eq!(
            hex(&abc.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&abc.sha512.unwrap()[..16]),
            "ddaf35a193617abacc417349ae204131"
        );
        assert_eq!(abc.size, 3);
        let empty = whole(Hashes::Sha256, b"");
        assert_eq!(hex(&empty.sha256[..8]), "e3b0c44298fc1c14");
        assert_eq!(empty.sha512, None);
    }

    #[test]
    fn a_state_goes_on_where_it_was_written_down() {
        let text = include_bytes!("hash.rs");
        for hashes in [Hashes::Sha256, Hashes::Sha256AndSha512] {
            for cut in [0, 1, 63, 64, 65, 127, 128, 1000] {
                let mut hasher = Hasher::new(hashes);
                hasher.update(&[Bytes::from_static(&text[..cut])]);
                let stored = serde_json::to_string(&hasher.state()).unwrap();
                let state: HasherState = serde_json::from_str(&stored).unwrap();
                let mut hasher = Hasher::resume(&state).unwrap();
                hasher.update(&[Bytes::from_static(&text[cut..])]);
                assert_eq!(hasher.finish(), whole(hashes, text), "{cut}");
            }
        }
    }

    #[test]
    fn a_damaged_state_is_an_error() {
        let mut state = Hasher::new(Hashes::Sha256).state();
        state.sha256.pop();
        assert!(matches!(Hasher::resume(&state), Err(Error::Corrupt { .. })));
    }
}
