//! Small blobs that were read, kept in memory as they lie in the store.
//!
//! A key is used for one content only, so what is kept can be superfluous but never wrong: it does not matter whether a
//! reader or a removal comes first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{Content, Key};
use crate::recent::Recent;

/// The largest blob that is kept: configurations of images, signatures, charts.
const LARGEST_BYTES: u64 = 64 * 1024;
/// What all of them may take of the memory, and what each takes beside its bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
const FIXED_BYTES: usize = 256;

/// The small blobs of an open store.
pub(super) struct Small(Mutex<Recent<Key, Bytes>>);

impl Default for Small {
    fn default() -> Self {
        Self(Mutex::new(Recent::new(MOST_BYTES)))
    }
}

impl Small {
    pub(super) fn get(&self, key: &Key) -> Option<Bytes> {
        self.recent().get(key)
    }

    /// Keeps what was read, if it is a whole blob and a small one.
    pub(super) fn keep(&self, key: &Key, content: &Content) {
        let is_whole = content.range() == (0..content.size());
        if let Some(bytes) = content.in_memory()
            && is_whole
            && content.size() <= LARGEST_BYTES
        {
            let weight = FIXED_BYTES + bytes.len();
            // A copy, because what was read may be a piece of something larger.
            let bytes = Bytes::copy_from_slice(bytes);
            self.recent().insert(key.clone(), bytes, weight);
        }
    }

    pub(super) fn forget(&self, key: &Key) {
        self.recent().remove(key);
    }

    fn recent(&self) -> MutexGuard<'_, Recent<Key, Bytes>> {
        // Nothing under this lock panics halfway through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Small {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Small").finish_non_exhaustive()
    }
}
