//! Commits what was decided, unless something it rests on has changed meanwhile.

use acr_store::Batch;

use super::collection::MARK;
use crate::{
    app::App,
    domain::{Error, ErrorKind},
};

/// How often a change that lost a race is decided anew. In every round one of the rivals wins.
pub(super) const MOST_ATTEMPTS: u32 = 64;

/// Whether the batch has happened; if not, the decision has to be taken again.
pub(super) async fn commit(app: &App, batch: Batch) -> Result<bool, Error> {
    match app.meta().commit(batch).await {
        Ok(()) => Ok(true),
        Err(acr_store::Error::Precondition { .. } | acr_store::Error::Exists { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Wants a document not to be there: one that is written new and removed at once says so.
pub(super) fn absent(collection: &str, key: &str, batch: Batch) -> Batch {
    batch.insert(collection, key, &MARK).remove(collection, key)
}

/// The refusal of a change that lost every race.
pub(super) fn lost() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "UNAVAILABLE",
        "Too many other requests change the same content at the same time. Try again.",
    )
}
