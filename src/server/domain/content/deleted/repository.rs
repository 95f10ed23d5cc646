//! Deletes a repository so that all it held can be brought back.

use acr_api::acr::RepositoryDeletion;
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{
        DELETED_MANIFEST, DELETED_REPOSITORY, DELETED_TAG, MANIFEST, REPOSITORY, TAG, last_part,
        prefix,
    },
    manifest::{self, Found},
    repository,
};
use crate::{
    app::App,
    domain::{Error, stamp},
};

/// What deletes a repository that may keep what is deleted. It must have been closed before it was read: then nothing
/// was put into it since.
pub(in super::super) async fn bury(
    app: &App,
    repository: &Repository,
) -> Result<(Batch, RepositoryDeletion), Error> {
    let mut batch = Batch::new();
    let mut deletion = RepositoryDeletion::default();
    for document in repository::documents(app, repository.id(), MANIFEST).await? {
        let found = Found::of(&document)?;
        deletion.manifests_deleted.push(*found.digest());
        // Its tags go with it.
        batch = manifest::removal(app, repository, &found, batch).await?;
    }
    for document in repository::documents(app, repository.id(), TAG).await? {
        deletion
            .tags_deleted
            .push(last_part(&document.key).to_owned());
    }
    let place = repository.key();
    if let Some(revision) = repository.revision() {
        batch = batch.remove_if(REPOSITORY, &place, revision);
    }
    let is_kept = repository.keeps_deleted && !deletion.manifests_deleted.is_empty();
    if is_kept || holds_deleted(app, repository.id()).await? {
        let deleted = repository::Deleted {
            record: repository.record.clone(),
            deleted_at: stamp::with_zulu(app.now()),
        };
        batch = batch.insert(DELETED_REPOSITORY, &place, &deleted);
    } else {
        batch = repository::abandon(&repository.registry_id, repository.id(), batch);
    }
    Ok((batch, deletion))
}

/// Whether anything that was deleted is kept under this id.
pub(super) async fn holds_deleted(app: &App, id: &str) -> Result<bool, Error> {
    for collection in [DELETED_MANIFEST, DELETED_TAG] {
        let scan = Scan {
            collection,
            prefix: &prefix(id),
            after: None,
            limit: 1,
        };
        if !app.meta().scan(scan).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
