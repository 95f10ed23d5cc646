//! Deletes a repository: its name is gone at once, and what it held is cleared away bit by bit.

use acr_api::{acr::RepositoryDeletion, oci::RepositoryName};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{ABANDONED_REPOSITORY, MANIFEST, MARK, REPOSITORY, TAG, key, last_part, prefix},
    commit::{MOST_ATTEMPTS, commit, lost},
    deleted, lock, manifest, tag,
};
use super::find_whole;
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
        let repository = find_whole(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let deletion = look(app, &repository).await?;
        if !commit(app, removal(app, &repository)).await? {
            continue;
        }
        if repository.record.has_deleted {
            deleted::bury(app, registry, name).await?;
        }
        return Ok(deletion);
    }
    Err(lost())
}

/// Takes the name off, exactly as the repository was read; from then on it is not there.
pub(super) fn removal(app: &App, repository: &Repository) -> Batch {
    if repository.record.has_deleted {
        return deleted::begin_burial(app, repository, Batch::new());
    }
    let batch = match repository.revision() {
        Some(revision) => Batch::new().remove_if(REPOSITORY, &repository.key(), revision),
        None => Batch::new(),
    };
    abandon(&repository.registry_id, repository.id(), batch)
}

/// Whoever puts something into the repository or changes a lock in it requires its document or writes it, so nothing
/// that would forbid the deletion can come after the look; what else comes goes with the rest.
pub(super) async fn look(app: &App, repository: &Repository) -> Result<RepositoryDeletion, Error> {
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
    Ok(deletion)
}

/// Leaves what lies under the id of a repository to be cleared away; the batch removes the only document that led to
/// it.
pub(in super::super) fn abandon(registry_id: &str, id: &str, batch: Batch) -> Batch {
    batch.put(ABANDONED_REPOSITORY, &key(registry_id, id), &MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::{
        collect::testing::{CONFIG, World, image, name, sha256},
        repository::find_or_begin,
    };

    /// Deletes `a` as it was read before `meanwhile`, and tells whether that was still possible.
    async fn delete_around(world: &World, meanwhile: impl AsyncFnOnce()) -> bool {
        let found = world.repository("a").await;
        look(&world.app, &found).await.unwrap();
        meanwhile().await;
        let is_deleted = commit(&world.app, removal(&world.app, &found)).await;
        world.check().await;
        is_deleted.unwrap()
    }

    #[tokio::test]
    async fn a_push_before_the_deletion_goes_with_the_rest() {
        let world = World::new().await;
        world.push_image("a", "v1", "early").await;
        let is_deleted = delete_around(&world, async || {
            world.push_image("a", "v2", "late").await;
        });
        assert!(is_deleted.await);
        assert!(!world.has_repository("a").await);
    }

    #[tokio::test]
    async fn a_push_behind_the_deletion_is_refused_or_stays() {
        let world = World::new().await;
        world.push_image("a", "v1", "layer").await;
        let a = name("a");
        let read = find_or_begin(&world.app, &world.registry, &a)
            .await
            .unwrap();
        assert!(delete_around(&world, async || {}).await);
        // One that had read the repository looks again, and does not find the blobs that it needs.
        assert!(
            !commit(&world.app, read.require(Batch::new()))
                .await
                .unwrap()
        );
        let refused = world.push("a", "v2", &image("layer")).await;
        assert_eq!(refused.unwrap_err().code(), "MANIFEST_BLOB_UNKNOWN");
        for text in [CONFIG, "layer"] {
            world.push_blob("a", text).await;
        }
        let digest = world.push("a", "v2", &image("layer")).await.unwrap();
        world.collect().await;
        assert!(world.has_manifest("a", &digest).await);
        assert!(world.has_blob("a", &sha256("layer")).await);
    }
}
