//! Forgets a blob that no repository of the registry has, and then removes its bytes.

use acr_store::{Batch, Document, Scan};

use super::super::{
    collection::{BLOB, BLOB_HOLDER, BLOB_STORAGE, MARK},
    commit::commit,
};
use super::record::{Known, Record};
use crate::{
    app::App,
    domain::{Error, usage},
};

/// A blob of a registry as it was read.
#[derive(Debug, Clone)]
pub(in super::super) struct Orphan {
    /// Its key: registry and digest.
    place: String,
    known: Known,
    revision: i64,
}

impl Known {
    pub(super) fn staying(record: Record) -> Self {
        Self {
            record,
            is_leaving: false,
        }
    }

    /// Wants the registry to go on having the blob, because the batch gives it to a repository.
    pub(super) fn require(&self, place: &str, revision: i64, batch: Batch) -> Batch {
        match self.is_leaving {
            true => batch.replace(BLOB, place, revision, &Self::staying(self.record.clone())),
            false => batch.require(BLOB, place, revision),
        }
    }
}

impl Orphan {
    pub(in super::super) fn of(document: &Document) -> Result<Self, Error> {
        Ok(Self {
            place: document.key.clone(),
            known: document.parse()?,
            revision: document.revision,
        })
    }

    pub(in super::super) fn size(&self) -> u64 {
        self.known.record.size
    }

    /// Makes sure that the bytes are known as named, which those that an earlier version wrote are not.
    pub(in super::super) async fn keep_bytes(&self, app: &App) -> Result<(), Error> {
        let storage = self.known.record.storage.as_str();
        if app.meta().get(BLOB_STORAGE, storage).await?.is_some() {
            return Ok(());
        }
        let batch = Batch::new()
            .require(BLOB, &self.place, self.revision)
            .insert(BLOB_STORAGE, storage, &MARK);
        // Whoever came in between has written it or removed the blob.
        commit(app, batch).await.map(drop)
    }

    /// The first step: the blob is leaving. `None` if somebody else wrote it meanwhile.
    pub(in super::super) async fn mark(self, app: &App) -> Result<Option<Self>, Error> {
        if self.known.is_leaving {
            return Ok(Some(self));
        }
        let leaving = Known {
            is_leaving: true,
            ..self.known
        };
        let batch = Batch::new().replace(BLOB, &self.place, self.revision, &leaving);
        if !commit(app, batch).await? {
            return Ok(None);
        }
        let Some(document) = app.meta().get(BLOB, &self.place).await? else {
            return Ok(None);
        };
        Ok(Some(Self::of(&document)?).filter(|again| again.known.is_leaving))
    }

    /// The second step: forgets the blob exactly as it was marked, if still no repository has it, and then removes
    /// its bytes.
    pub(in super::super) async fn remove(self, app: &App) -> Result<bool, Error> {
        if is_held(app, &self.place).await? {
            return Ok(false);
        }
        let Record { storage, size, .. } = &self.known.record;
        let registry_id = self.place.split('/').next().unwrap_or_default();
        let batch = Batch::new()
            .remove_if(BLOB, &self.place, self.revision)
            .remove(BLOB_STORAGE, storage.as_str());
        if !commit(app, usage::shrunk(registry_id, *size, batch)).await? {
            return Ok(false);
        }
        if let Err(error) = app.blobs().remove(storage).await {
            // It is forgotten already; what is left is found by its age.
            tracing::warn!(%error, "the bytes of a blob that was forgotten are still there");
        }
        Ok(true)
    }
}

/// Whether a repository has the blob under this key.
pub(in super::super) async fn is_held(app: &App, place: &str) -> Result<bool, Error> {
    let scan = Scan {
        collection: BLOB_HOLDER,
        prefix: &format!("{place}/"),
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}
