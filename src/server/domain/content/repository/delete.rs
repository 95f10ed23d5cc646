//! Deletes a repository: its name is gone at once, and what it held is cleared away bit by bit.

use acr_api::{acr::RepositoryDeletion, oci::RepositoryName};
use acr_store::{Batch, Document};

use super::super::{
    Repository,
    collection::{ABANDONED_REPOSITORY, MANIFEST, MARK, REPOSITORY, TAG, key, last_part, prefix},
    commit::{MOST_ATTEMPTS, commit, lost},
    deleted, lock, manifest, tag,
};
use super::find;
use crate::{
    app::App,
    domain::{Error, access::Registry, scan::Slices},
};

/// Documents that are read at a time.
const PAGE: u32 = 1000;

/// Deletes a repository, unless it or anything in it is locked.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<RepositoryDeletion, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let (batch, deletion) = match repository.record.has_deleted {
            true if !commit(app, repository.close(Batch::new())).await? => continue,
            true => {
                let closed = find(app, registry, name).await?;
                // Whoever came in between has opened it again.
                if !closed.record.is_closing {
                    continue;
                }
                deleted::bury(app, &closed).await?
            }
            false => plan(app, &repository).await?,
        };
        if commit(app, batch).await? {
            return Ok(deletion);
        }
    }
    Err(lost())
}

/// Whoever puts something into the repository or changes a lock in it requires its document or writes it, so nothing
/// that would forbid the deletion can come after the look; what else comes goes with the rest.
async fn plan(app: &App, repository: &Repository) -> Result<(Batch, RepositoryDeletion), Error> {
    let mut deletion = RepositoryDeletion::default();
    let all = prefix(repository.id());
    let mut manifests = Slices::new(MANIFEST, &all, PAGE);
    while let Some(documents) = manifests.next(app).await? {
        for document in documents {
            let record: manifest::Record = document.parse()?;
            lock::check_delete(&record.attributes)?;
            deletion.manifests_deleted.push(record.digest);
        }
    }
    let mut tags = Slices::new(TAG, &all, PAGE);
    while let Some(documents) = tags.next(app).await? {
        for document in documents {
            let record: tag::Record = document.parse()?;
            lock::check_delete(&record.attributes)?;
            let name = last_part(&document.key).to_owned();
            deletion.tags_deleted.push(name);
        }
    }
    let mut batch = Batch::new();
    if let Some(revision) = repository.revision() {
        batch = batch.remove_if(REPOSITORY, &repository.key(), revision);
    }
    let batch = abandon(&repository.registry_id, repository.id(), batch);
    Ok((batch, deletion))
}

/// Leaves what lies under the id of a repository to be cleared away; the batch removes the only document that led to
/// it.
pub(in super::super) fn abandon(registry_id: &str, id: &str, batch: Batch) -> Batch {
    batch.put(ABANDONED_REPOSITORY, &key(registry_id, id), &MARK)
}

/// All documents of a collection that lie under the id of a repository.
pub(in super::super) async fn documents(
    app: &App,
    id: &str,
    collection: &str,
) -> Result<Vec<Document>, Error> {
    let all = prefix(id);
    let mut slices = Slices::new(collection, &all, PAGE);
    let mut found: Vec<Document> = Vec::new();
    while let Some(documents) = slices.next(app).await? {
        found.extend(documents);
    }
    Ok(found)
}
