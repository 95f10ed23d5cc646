//! What a collection has seen and cleared away.

use serde::{Deserialize, Serialize};

/// The outcome of a collection, or of one that only looked. That one does not foresee which repositories will hold
/// nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether it only looked; then what it says was removed is what would have been.
    pub is_dry_run: bool,
    /// Uploads that were begun; those nobody went on with are removed.
    pub uploads: Count,
    /// Repositories: those that were deleted and those that hold nothing are removed.
    pub repositories: Count,
    /// Blobs as repositories have them.
    pub links: Count,
    /// Blobs as registries have them.
    pub blobs: Count,
    /// Files or objects of the blob store; those that nothing names are removed.
    pub files: Count,
    /// Bytes of the blobs, files and uploads that were removed.
    pub freed_bytes: u64,
}

/// How many there are of something, and how many of them went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many were looked at.
    pub examined: u64,
    /// How many were removed.
    pub removed: u64,
}

impl Count {
    pub(super) fn add(&mut self, is_removed: bool) {
        self.examined += 1;
        self.removed += u64::from(is_removed);
    }
}

impl Report {
    /// Whether something was cleared away.
    pub fn has_removed(&self) -> bool {
        let all = [
            self.uploads,
            self.repositories,
            self.links,
            self.blobs,
            self.files,
        ];
        all.iter().any(|count| count.removed > 0)
    }
}
