//! What can go wrong in a store, named by what it means to the caller.

/// A failed operation of the store.
///
/// No variant holds a driver's type, a document's body or a credential, so every one of them can be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key was to be new and is taken.
    #[error("`{key}` already exists in `{collection}`")]
    Exists { collection: String, key: String },
    /// The document is gone or has another revision than the caller saw.
    #[error("`{key}` in `{collection}` has changed or is gone")]
    Precondition { collection: String, key: String },
    /// What is stored cannot be read.
    #[error("stored data is damaged: {what}")]
    Corrupt { what: String },
    /// The disk is full; reads go on working, writes do again once there is space.
    #[error("no space is left for the database")]
    Full,
    /// The database cannot be reached or is busy; a later attempt may succeed.
    ///
    /// A write that ends so may have happened if the connection broke while it was being committed.
    #[error("the database is unavailable: {reason}")]
    Unavailable { reason: String },
    /// The database was written by a later version of the program.
    #[error(
        "the database has schema version {found}, this program knows versions up to {known}: use a newer program"
    )]
    Newer { found: i64, known: i64 },
    /// The caller asked for something that can never be stored or opened.
    #[error("invalid {what}")]
    Invalid { what: String },
    /// A part of a document is over its limit.
    #[error("the {what} has {bytes} bytes, at most {limit} are allowed")]
    TooLarge {
        what: &'static str,
        bytes: usize,
        limit: usize,
    },
}

impl Error {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    pub(crate) fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable {
            reason: reason.into(),
        }
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid { what: what.into() }
    }
}
