//! Clears away uploads that were given up, and tells what those that were not have written.

use acr_store::{Batch, Document, blob::Key};

use super::super::{collection::UPLOAD, commit::commit};
use super::session::{Record, Written};
use crate::{app::App, domain::Error};

/// An upload as a scan finds it.
#[derive(Debug)]
pub(in super::super) struct Begun {
    place: String,
    revision: i64,
    record: Record,
}

impl Begun {
    pub(in super::super) fn of(document: &Document) -> Result<Self, Error> {
        Ok(Self {
            place: document.key.clone(),
            revision: document.revision,
            record: document.parse()?,
        })
    }

    /// Whether nothing was received for so long that it cannot go on.
    pub(in super::super) fn is_over(&self, app: &App) -> bool {
        self.record.is_over(app)
    }

    /// How many bytes it has received.
    pub(in super::super) fn received(&self) -> u64 {
        let written = self.record.written.as_ref();
        written.map_or(0, |written| written.state.size())
    }

    /// All it needs in the store of blobs.
    pub(in super::super) fn storages(&self) -> impl Iterator<Item = &Key> {
        let written = self.record.written.iter();
        written.flat_map(|written| {
            [Some(&written.storage), written.state.tail_key()]
                .into_iter()
                .flatten()
        })
    }

    /// Forgets the upload and then removes its bytes; false if it went on meanwhile.
    pub(in super::super) async fn clear(&self, app: &App) -> Result<bool, Error> {
        let batch = Batch::new().remove_if(UPLOAD, &self.place, self.revision);
        if !commit(app, batch).await? {
            return Ok(false);
        }
        if let Some(Written { storage, state, .. }) = &self.record.written
            && let Err(error) = app.blobs().discard(storage, state).await
        {
            // It is forgotten already; what is left is found by its age.
            tracing::warn!(%error, "the bytes of an upload that was given up are still there");
        }
        Ok(true)
    }
}
