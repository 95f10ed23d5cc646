//! The stored forms of a blob and how one is found: through a repository that has it.

use std::ops::RangeBounds;

use acr_api::oci::Digest;
use acr_store::blob::{Content, Key};
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{BLOB_LINK, key},
    lock, refusal,
};
use crate::{app::App, domain::Error};

/// A blob in a repository.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Its digest.
    pub digest: Digest,
    pub(in super::super) record: Record,
    pub(in super::super) revision: i64,
}

/// What is stored under `blob` and, the same, under `blob-link`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Record {
    pub(in super::super) storage: Key,
    pub(in super::super) size: u64,
}

impl Linked {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.record.size
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
    let stored = app
        .meta()
        .get(BLOB_LINK, &key(repository.id(), digest))
        .await?;
    let Some(document) = stored else {
        return Ok(None);
    };
    Ok(Some(Linked {
        digest: *digest,
        record: document.parse()?,
        revision: document.revision,
    }))
}

/// The bytes of a blob, or a range of them that is inside it.
pub async fn read(
    app: &App,
    linked: &Linked,
    range: impl RangeBounds<u64>,
) -> Result<Content, Error> {
    let read = app.blobs().read(&linked.record.storage, range).await;
    read.map_err(refusal::blob_store)
}
