//! The stored forms of a blob and how one is found: through a repository that has it.
//!
//! A blob and a link to it are taken away in two steps, [`release`](super::release) and [`forget`](super::forget):
//! first they are written as leaving, which gives them a new revision; then, if nothing is found that needs them,
//! exactly that revision is removed. Whoever comes to need one that is leaving writes it as staying, instead of only
//! requiring it. So either the look finds the need, or the removal does not find the revision.

use std::ops::RangeBounds;

use acr_api::oci::Digest;
use acr_store::{
    Batch, Document,
    blob::{Blobs, Content, Key},
};
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{BLOB_LINK, key},
    lock, refusal,
};
use crate::{
    app::App,
    domain::{
        Error,
        sealing::{self, Seal},
    },
};

/// A blob in a repository.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Its digest.
    pub digest: Digest,
    pub(in super::super) record: Record,
    pub(in super::super) revision: i64,
    pub(in super::super) touched_ms: i64,
    pub(super) is_leaving: bool,
}

/// What is stored under `blob-link`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    #[serde(flatten)]
    pub(super) record: Record,
    /// When somebody was told last that the repository has the blob, give or take: see [`announce`](super::announce).
    #[serde(default)]
    pub(super) touched_ms: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_leaving: bool,
}

/// What is stored under `blob`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    #[serde(flatten)]
    pub(super) record: Record,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_leaving: bool,
}

/// Where the bytes of a blob lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Record {
    pub(in super::super) storage: Key,
    /// Only if its bytes are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) seal: Option<Seal>,
    pub(in super::super) size: u64,
}

impl Record {
    /// The store as the bytes were written to it.
    pub(in super::super) async fn blobs(&self, app: &App) -> Result<Blobs, Error> {
        sealing::blobs(app, self.seal.as_ref()).await
    }
}

impl Linked {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.record.size
    }

    pub(in super::super) fn of(digest: Digest, document: &Document) -> Result<Self, Error> {
        Ok(Self::new(digest, &document.parse()?, document.revision))
    }

    fn new(digest: Digest, link: &Link, revision: i64) -> Self {
        Self {
            digest,
            record: link.record.clone(),
            revision,
            touched_ms: link.touched_ms,
            is_leaving: link.is_leaving,
        }
    }

    /// Wants the repository of this id to go on having the blob, because the batch comes to need it.
    pub(in super::super) fn require(&self, repository_id: &str, batch: Batch) -> Batch {
        match self.is_leaving {
            true => self.write(repository_id, self.touched_ms, false, batch),
            false => batch.require(BLOB_LINK, &key(repository_id, self.digest), self.revision),
        }
    }

    /// Writes the link again as it was read, but for its time and whether it stays.
    pub(super) fn write(
        &self,
        repository_id: &str,
        touched_ms: i64,
        is_leaving: bool,
        batch: Batch,
    ) -> Batch {
        let link = Link {
            record: self.record.clone(),
            touched_ms,
            is_leaving,
        };
        let place = key(repository_id, self.digest);
        batch.replace(BLOB_LINK, &place, self.revision, &link)
    }
}

/// The blob, if the repository has it and may be read.
pub async fn find(app: &App, repository: &Repository, digest: &Digest) -> Result<Linked, Error> {
    lock::check_read(repository.attributes())?;
    match look_up(app, repository, digest).await? {
        Some(linked) => Ok(linked),
        None => Err(refusal::blob_unknown(digest)),
    }
}

/// The blob, if the repository has it.
pub(in super::super) async fn look_up(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<Linked>, Error> {
    linked(app, repository.id(), digest).await
}

/// The blob, if the repository of this id has it.
pub(super) async fn linked(
    app: &App,
    repository_id: &str,
    digest: &Digest,
) -> Result<Option<Linked>, Error> {
    let place = key(repository_id, digest);
    let stored = app.meta().get_as::<Link>(BLOB_LINK, &place).await?;
    Ok(stored.map(|link| Linked::new(*digest, &link, link.revision)))
}

/// The bytes of a blob, or a range of them that is inside it.
pub async fn read(
    app: &App,
    linked: &Linked,
    range: impl RangeBounds<u64>,
) -> Result<Content, Error> {
    let blobs = linked.record.blobs(app).await?;
    let read = blobs.read(&linked.record.storage, range).await;
    read.map_err(refusal::blob_store)
}
