//! Keeps what is deleted, as part of the batch that deletes it.

use acr_api::oci::{Digest, RepositoryName};
use acr_store::{Batch, Document};
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{DELETED_MANIFEST, DELETED_TAG, DELETED_TAG_OF, DELETION, MARK, key, key3},
    commit::absent,
    manifest, refusal,
};
use crate::{app::App, domain::Error};

/// What is stored of a manifest that was deleted, besides its bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Buried {
    pub(super) record: manifest::Record,
    pub(super) deleted_at: String,
}

/// What is stored of each deletion, under its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Deletion {
    pub(super) id: String,
    pub(super) repository: RepositoryName,
    pub(super) digest: Digest,
    /// The tag that was deleted; without one it was the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tag: Option<String>,
}

/// Keeps a manifest that the batch removes.
pub(in super::super) fn keep_manifest(
    app: &App,
    repository: &Repository,
    record: &manifest::Record,
    batch: Batch,
) -> Batch {
    let deleted_at = repository.time_of_deletion(app);
    let deletion = Deletion::of(repository, &record.digest, None);
    let place = deletion.key(&repository.registry_id, &deleted_at);
    let buried = Buried {
        record: record.clone(),
        deleted_at,
    };
    let batch = batch.put(DELETION, &place, &deletion);
    batch.put(
        DELETED_MANIFEST,
        &key(repository.id(), record.digest),
        &buried,
    )
}

/// Keeps that a tag named a manifest, which the batch ends.
pub(in super::super) fn keep_tag(
    app: &App,
    repository: &Repository,
    name: &str,
    digest: &Digest,
    batch: Batch,
) -> Batch {
    let time = repository.time_of_deletion(app);
    let id = repository.id();
    let deletion = Deletion::of(repository, digest, Some(name));
    batch
        .put(DELETED_TAG, &tag_key(id, &time, name, digest), &MARK)
        .put(DELETED_TAG_OF, &tag_of_key(id, digest, name, &time), &MARK)
        .put(
            DELETION,
            &deletion.key(&repository.registry_id, &time),
            &deletion,
        )
}

/// No longer keeps that a tag named a manifest.
pub(super) fn forget_tag(
    registry_id: &str,
    deletion: &Deletion,
    time: &str,
    batch: Batch,
) -> Batch {
    let (id, digest) = (&*deletion.id, &deletion.digest);
    let name = deletion.tag.as_deref().unwrap_or_default();
    batch
        .remove(DELETED_TAG, &tag_key(id, time, name, digest))
        .remove(DELETED_TAG_OF, &tag_of_key(id, digest, name, time))
        .remove(DELETION, &deletion.key(registry_id, time))
}

/// The manifest of this digest that was deleted, with its revision.
pub(super) async fn look_up(
    app: &App,
    id: &str,
    digest: &Digest,
) -> Result<Option<(Buried, i64)>, Error> {
    let stored = app.meta().get(DELETED_MANIFEST, &key(id, digest)).await?;
    let read = |document: Document| Ok((document.parse()?, document.revision));
    stored.map(read).transpose()
}

/// Refuses a manifest that was deleted and is kept: it is to be restored instead, with all that is known of it.
pub(in super::super) async fn check_not_deleted(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    batch: Batch,
) -> Result<Batch, Error> {
    if !repository.record.has_deleted {
        return Ok(batch);
    }
    match look_up(app, repository.id(), digest).await? {
        Some(_) => Err(refusal::manifest_deleted(digest)),
        None => Ok(absent(
            DELETED_MANIFEST,
            &key(repository.id(), digest),
            batch,
        )),
    }
}

impl Deletion {
    pub(super) fn of(repository: &Repository, digest: &Digest, tag: Option<&str>) -> Self {
        Self {
            id: repository.id().to_owned(),
            repository: repository.name.clone(),
            digest: *digest,
            tag: tag.map(str::to_owned),
        }
    }

    /// Where it stands among the deletions of its registry.
    pub(super) fn key(&self, registry_id: &str, time: &str) -> String {
        let place = key(&self.id, self.digest);
        match &self.tag {
            Some(tag) => format!("{}/{tag}", key3(registry_id, time, place)),
            None => key3(registry_id, time, place),
        }
    }
}

fn tag_key(id: &str, time: &str, name: &str, digest: &Digest) -> String {
    format!("{}/{digest}", key3(id, time, name))
}

fn tag_of_key(id: &str, digest: &Digest, name: &str, time: &str) -> String {
    format!("{}/{time}", key3(id, digest, name))
}
