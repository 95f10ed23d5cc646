//! Sealed blobs: encrypted and authenticated in chunks, so that any range can be read without the rest.
//!
//! ```text
//! data key ──HKDF(key of the blob)──▶ AES-256-GCM key of this blob alone
//!
//! chunk 0                        chunk 1               last chunk, 0 to 65,535 bytes
//! nonce(12) sealed(65,536) tag(16) │ nonce sealed tag │ … │ nonce sealed tag
//! ```
//!
//! Each chunk is sealed together with its place and with whether it is the last, so chunks cannot be exchanged,
//! left out or cut off, and a blob cannot be given another one's bytes. There always is a last chunk, if an
//! empty one: it is what [`Upload::finish`](super::Upload::finish) writes. Nonces are random, because an upload that
//! goes on after a crash seals other bytes at the same place.
//!
//! What an upload has written so far is whole chunks; the rest is put aside, sealed as well, until it goes on.

mod chunk;
mod data_key;
mod reader;
mod size;

pub(super) use chunk::{Opener, Sealer};
pub use data_key::DataKey;
pub(super) use reader::{read, sealed_range};
pub(super) use size::of_whole_chunks;
