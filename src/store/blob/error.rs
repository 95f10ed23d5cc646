//! What can go wrong with a blob, named by what it means to the caller.

use super::Key;

/// A failed operation on blobs; it holds no credential and no content, so it can be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no finished blob, or no upload to go on with, under the key.
    #[error("there is no blob {key}")]
    NotFound { key: Key },
    /// The key was to be new and is taken.
    #[error("blob {key} already exists")]
    Exists { key: Key },
    /// Another upload is writing under the key at this moment.
    #[error("blob {key} is being written by another upload")]
    Busy { key: Key },
    /// The range asked for is not inside the blob.
    #[error("the range is not inside the {size} bytes of the blob")]
    Range { size: u64 },
    /// No space is left; reads go on working, writes do again once there is space.
    #[error("no space is left for blobs")]
    Full,
    /// The program lacks a permission, or its credentials are wrong.
    #[error("access to the blob store is denied: {reason}")]
    Denied { reason: String },
    /// What is stored is not what was written.
    #[error("stored blob data is damaged: {what}")]
    Corrupt { what: String },
    /// The store cannot be reached or failed; a later attempt may succeed.
    #[error("the blob store is unavailable: {reason}")]
    Unavailable { reason: String },
    /// The caller asked for something that can never be stored or opened.
    #[error("invalid {what}")]
    Invalid { what: String },
}

impl Error {
    pub(super) fn denied(reason: impl Into<String>) -> Self {
        Self::Denied {
            reason: reason.into(),
        }
    }

    pub(super) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    pub(super) fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable {
            reason: reason.into(),
        }
    }

    pub(super) fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid { what: what.into() }
    }
}
