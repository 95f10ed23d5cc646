//! Bytes that no blob names: whether one can still come to name them.
//!
//! `blob-storage` has a document for all bytes that a blob names, written by the batch that names them. Bytes that
//! are to be cleared away get one first too. Only one of the two can be new, so bytes are either named or cleared
//! away.

use acr_store::{Batch, blob::Key};
use chrono::TimeDelta;

use super::super::{
    collection::{BLOB_STORAGE, MARK},
    commit::commit,
};
use crate::{app::App, domain::Error};

/// How long it is remembered that bytes were cleared away: longer than a request that began before can last.
const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// Makes sure that no blob will name these bytes; false if one does.
pub(in super::super) async fn condemn(app: &App, storage: &Key) -> Result<bool, Error> {
    let until_ms = (app.now() + REMEMBERED).timestamp_millis();
    let batch = Batch::new()
        .insert(BLOB_STORAGE, storage.as_str(), &MARK)
        .put_until(BLOB_STORAGE, storage.as_str(), &MARK, until_ms);
    Ok(commit(app, batch).await? || is_condemned(app, storage).await?)
}

/// Whether bytes were given up, so that no blob can name them.
pub(in super::super) async fn is_condemned(app: &App, storage: &Key) -> Result<bool, Error> {
    let stored = app.meta().get(BLOB_STORAGE, storage.as_str()).await?;
    // Of those that a blob names, it is kept as long as the blob.
    Ok(stored.is_some_and(|document| document.expires_at_ms.is_some()))
}
