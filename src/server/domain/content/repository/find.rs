//! How a repository is found, and how one begins.

use acr_api::oci::RepositoryName;

use super::super::{
    collection::{BARE_REPOSITORY, DELETED_REPOSITORY, REPOSITORY, key},
    deleted::bury,
    identifier, manifest, refusal,
};
use super::record::{Deleted, Origin, Record, Repository, unlocked};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// The repository with this name, which has a manifest.
pub async fn find(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    match stored(app, registry, name).await? {
        Some(repository) if is_seen(app, &repository.record).await? => Ok(repository),
        _ => Err(refusal::name_unknown(name)),
    }
}

/// The repository with this name, be there a manifest in it or only blobs.
pub async fn find_holder(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    match look_up(app, registry, name).await? {
        Some(Place::There(repository) | Place::Bare(repository)) => Ok(repository),
        Some(Place::Gone(gone)) if gone.has_blobs => Ok(gone.repository),
        Some(Place::Gone(_)) | None => Err(refusal::name_unknown(name)),
    }
}

/// The repository with this name, from which nothing is being deleted: what was begun is completed first.
pub(in super::super) async fn find_whole(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    loop {
        match stored(app, registry, name).await? {
            Some(repository) if repository.record.dying.is_none() => return Ok(repository),
            Some(repository) => manifest::bury(app, &repository).await?,
            None => return Err(refusal::name_unknown(name)),
        }
    }
}

/// The repository with this name, or a new one that is there once [`Repository::require`] or [`Repository::fill`] is
/// committed.
pub(in super::super) async fn find_or_begin(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    if let Some(repository) = find_any(app, registry, name).await? {
        return Ok(repository);
    }
    let record = Record {
        id: identifier::new()?,
        created_time: stamp::with_zulu(app.now()),
        attributes: unlocked(),
        has_deleted: registry.keeps_deleted(),
        is_closing: false,
        dying: None,
    };
    Ok(Repository::new(registry, name, record, Origin::Nowhere))
}

/// The repository with this name, be it there or deleted. A deletion that somebody has begun is completed first: what
/// was in the repository does not come back with its name.
pub(in super::super) async fn find_any(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Repository>, Error> {
    loop {
        match look_up(app, registry, name).await? {
            Some(Place::There(repository)) if repository.record.dying.is_some() => {
                manifest::bury(app, &repository).await?;
            }
            Some(Place::There(repository) | Place::Bare(repository)) => {
                return Ok(Some(repository));
            }
            Some(Place::Gone(gone)) if gone.is_buried => return Ok(Some(gone.repository)),
            Some(Place::Gone(_)) => bury(app, registry, name).await?,
            None => return Ok(None),
        }
    }
}

/// Whether it has a manifest that is not being deleted: only then it is seen.
pub(super) async fn is_seen(app: &App, record: &Record) -> Result<bool, Error> {
    match &record.dying {
        Some(dying) => manifest::has_other(app, &record.id, &dying.manifests).await,
        None => Ok(true),
    }
}

/// Where a name was found.
enum Place {
    There(Repository),
    Bare(Repository),
    Gone(Departed),
}

/// One that was deleted.
struct Departed {
    repository: Repository,
    /// Whether that is complete.
    is_buried: bool,
    has_blobs: bool,
}

/// Looks first where most are, and then everywhere at once: from one look to the next it could go to another place.
async fn look_up(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Place>, Error> {
    if let Some(repository) = stored(app, registry, name).await? {
        return Ok(Some(Place::There(repository)));
    }
    let places = [REPOSITORY, BARE_REPOSITORY, DELETED_REPOSITORY];
    let place = key(&registry.registry_id, name);
    let found = app.meta().get_among(places, &place).await?;
    let Some((held, document)) = found.into_iter().next() else {
        return Ok(None);
    };
    let revision = document.revision;
    if held == DELETED_REPOSITORY {
        let deleted: Deleted = document.parse()?;
        return Ok(Some(Place::Gone(Departed {
            is_buried: deleted.burial.is_none(),
            has_blobs: deleted.has_blobs,
            repository: Repository::of_deleted(registry, name, deleted, revision),
        })));
    }
    let (mut record, is_stale) = opened(registry, document.parse()?);
    if held == REPOSITORY {
        let origin = Origin::Stored { revision, is_stale };
        let repository = Repository::new(registry, name, record, origin);
        return Ok(Some(Place::There(repository)));
    }
    // It begins with its first manifest.
    record.created_time = stamp::with_zulu(app.now());
    let origin = Origin::Bare { revision, is_stale };
    let repository = Repository::new(registry, name, record, origin);
    Ok(Some(Place::Bare(repository)))
}

async fn stored(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Repository>, Error> {
    let place = key(&registry.registry_id, name);
    let stored = app.meta().get_as::<Record>(REPOSITORY, &place).await?;
    Ok(stored.map(|stored| {
        let (record, is_stale) = opened(registry, Record::clone(&stored));
        let origin = Origin::Stored {
            revision: stored.revision,
            is_stale,
        };
        Repository::new(registry, name, record, origin)
    }))
}

/// A record as it has to be when something is put into the repository, and whether it differs from what is stored.
fn opened(registry: &Registry, mut record: Record) -> (Record, bool) {
    let is_first = registry.keeps_deleted() && !record.has_deleted;
    record.has_deleted |= is_first;
    let is_stale = is_first || record.is_closing;
    (record, is_stale)
}
