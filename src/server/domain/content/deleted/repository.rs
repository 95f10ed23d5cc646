//! Deletes a repository so that all it held can be brought back: some of it at a time, by whoever comes.

use acr_api::oci::RepositoryName;
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{
        BURIAL, DELETED_MANIFEST, DELETED_REPOSITORY, DELETED_TAG, MANIFEST, MARK, REPOSITORY, TAG,
        key, last_part, prefix,
    },
    commit::commit,
    manifest::{self, AT_ONCE, Found},
    repository::{self, Burial, Deleted},
    tag,
};
use crate::{
    app::App,
    domain::{Error, access::Registry, scan::Slices, stamp},
};

/// Burials that are read at a time.
const SLICE: u32 = 100;

/// A repository whose deletion was begun, as it was read.
pub(super) struct Grave {
    repository: Repository,
    deleted: Deleted,
    place: String,
    revision: i64,
}

/// Adds to a batch what takes a repository out of sight, exactly as it was read. What it held is left to [`bury`].
pub(in super::super) fn begin_burial(app: &App, repository: &Repository, batch: Batch) -> Batch {
    let place = repository.key();
    let deleted = Deleted {
        record: repository.record.clone(),
        deleted_at: stamp::with_zulu(app.now()),
        burial: Some(Burial {
            keeps: repository.keeps_deleted,
        }),
        has_blobs: false,
    };
    let batch = match repository.revision() {
        Some(revision) => batch.remove_if(REPOSITORY, &place, revision),
        None => batch,
    };
    batch
        .insert(DELETED_REPOSITORY, &place, &deleted)
        .put(BURIAL, &place, &MARK)
}

/// Completes the deletion of a repository that was begun, if there is one. Whoever else does so at the same time only
/// helps: a slice that fails was somebody's success.
pub(in super::super) async fn bury(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<(), Error> {
    while let Some(grave) = Grave::find(app, registry, name).await? {
        let batch = match grave.slice(app).await? {
            Some(batch) => batch,
            None => grave.close(app).await?,
        };
        commit(app, batch).await?;
    }
    Ok(())
}

/// Completes all deletions that were begun in a registry: of repositories, and of manifests in them.
pub(super) async fn bury_all(app: &App, registry: &Registry) -> Result<(), Error> {
    let all = prefix(&registry.registry_id);
    let mut slices = Slices::new(BURIAL, &all, SLICE);
    while let Some(documents) = slices.next(app).await? {
        for document in documents {
            let name = document.key.strip_prefix(&all).unwrap_or_default();
            let name = name.parse().map_err(Error::internal)?;
            repository::find_any(app, registry, &name).await?;
        }
    }
    Ok(())
}

impl Grave {
    pub(super) async fn find(
        app: &App,
        registry: &Registry,
        name: &RepositoryName,
    ) -> Result<Option<Self>, Error> {
        let place = key(&registry.registry_id, name);
        let Some(document) = app.meta().get(DELETED_REPOSITORY, &place).await? else {
            return Ok(None);
        };
        let deleted: Deleted = document.parse()?;
        Ok(deleted.burial.map(|burial| Self {
            repository: Repository::dying(registry, name, &deleted, burial),
            revision: document.revision,
            deleted,
            place,
        }))
    }

    /// What buries some of what is left; none if there is nothing. Tags go before what they name.
    pub(super) async fn slice(&self, app: &App) -> Result<Option<Batch>, Error> {
        let all = prefix(self.repository.id());
        let scan = |collection| Scan {
            collection,
            prefix: &all,
            after: None,
            limit: u32::try_from(AT_ONCE).unwrap_or(u32::MAX),
        };
        let mut batch = Batch::new().require(DELETED_REPOSITORY, &self.place, self.revision);
        let tags = app.meta().scan(scan(TAG)).await?;
        for document in &tags {
            let tagged = tag::of(last_part(&document.key), document)?;
            batch = tag::removal(app, &self.repository, &tagged, batch);
        }
        if !tags.is_empty() {
            return Ok(Some(batch));
        }
        let manifests = app.meta().scan(scan(MANIFEST)).await?;
        for document in &manifests {
            let found = Found::of(document)?;
            batch = manifest::removal(app, &self.repository, &found, batch).await?;
        }
        Ok(Some(batch).filter(|_| !manifests.is_empty()))
    }

    /// Ends the burial: the repository can be used again, or is forgotten if nothing of it is kept.
    async fn close(&self, app: &App) -> Result<Batch, Error> {
        let batch = Batch::new().remove(BURIAL, &self.place);
        if holds_deleted(app, self.repository.id()).await? {
            let deleted = Deleted {
                burial: None,
                ..self.deleted.clone()
            };
            return Ok(batch.replace(DELETED_REPOSITORY, &self.place, self.revision, &deleted));
        }
        let batch = batch.remove_if(DELETED_REPOSITORY, &self.place, self.revision);
        let registry_id = &self.repository.registry_id;
        Ok(repository::abandon(
            registry_id,
            self.repository.id(),
            batch,
        ))
    }
}

/// Whether anything that was deleted is kept under this id.
pub(in super::super) async fn holds_deleted(app: &App, id: &str) -> Result<bool, Error> {
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
