//! An upload put aside, as it is stored until it goes on.

use serde::{Deserialize, Serialize};

use super::Key;
use super::hash::HasherState;

/// What [`Blobs::resume`](super::Blobs::resume) needs to go on with an upload, perhaps in another process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) hasher: HasherState,
    /// Only of object stores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parts: Option<Parts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tail: Option<Tail>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_sealed: bool,
}

/// What an object store has received of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parts {
    /// The store's name of the upload; none before the first part is full.
    pub(super) upload: Option<String>,
    pub(super) ids: Vec<String>,
}

/// Bytes too few for a part or a sealed chunk, kept as a blob of their own and not yet in the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tail {
    pub(super) key: Key,
    pub(super) bytes: u64,
}

impl State {
    /// How many bytes of the upload are durable.
    pub fn size(&self) -> u64 {
        let tail = self.tail.as_ref().map_or(0, |tail| tail.bytes);
        self.hasher.size() + tail
    }

    /// A second blob that the upload needs: garbage collection must spare it as long as this state is kept.
    pub fn tail_key(&self) -> Option<&Key> {
        self.tail.as_ref().map(|tail| &tail.key)
    }
}
