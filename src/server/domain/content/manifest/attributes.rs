//! What is known of a manifest, and the change of its locks.

use acr_api::{
    acr::{ChangeableAttributes, ManifestAttributes},
    oci::{Digest, Reference, RepositoryName},
};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{MANIFEST, MANIFEST_BY_TIME, MARK, key, key3},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, refusal, repository,
    retention::{self, Why},
    tag,
};
use super::record::{Found, Record, look_up};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// What is known of a manifest.
pub async fn attributes(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<ManifestAttributes, Error> {
    match look_up(app, repository, digest).await? {
        Some(found) => shown(app, repository, found).await,
        None => Err(unknown(digest)),
    }
}

/// Changes the locks and the quarantine.
pub async fn change(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
    asked: &ChangeableAttributes,
) -> Result<ManifestAttributes, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find(app, registry, name).await?;
        let Some(mut found) = look_up(app, &repository, digest).await? else {
            return Err(unknown(digest));
        };
        let before = found.record.last_update_time.clone();
        let was_locked = lock::check_delete(&found.record.attributes).is_err();
        let own = ChangeableAttributes {
            teleport_enabled: None,
            ..asked.clone()
        };
        lock::change(&mut found.record.attributes, own);
        found.record.last_update_time = stamp::with_zulu(app.now());
        let batch = update(&repository, &found, &before);
        let batch = match was_locked && lock::check_delete(&found.record.attributes).is_ok() {
            true => retention::note(app, &repository, digest, Why::Left, batch),
            false => batch,
        };
        if commit(app, batch).await? {
            return shown(app, &repository, found).await;
        }
    }
    Err(lost())
}

fn update(repository: &Repository, found: &Found, before: &str) -> Batch {
    let (id, digest) = (repository.id(), found.digest());
    let now = &found.record.last_update_time;
    // A deletion of the repository must not overlook a lock that is set meanwhile.
    repository
        .touch(Batch::new())
        .remove(MANIFEST_BY_TIME, &key3(id, before, digest))
        .put(MANIFEST_BY_TIME, &key3(id, now, digest), &MARK)
        .replace(MANIFEST, &key(id, digest), found.revision, &found.record)
}

fn unknown(digest: &Digest) -> Error {
    refusal::manifest_unknown(&Reference::Digest(*digest))
}

pub(super) async fn shown(
    app: &App,
    repository: &Repository,
    found: Found,
) -> Result<ManifestAttributes, Error> {
    let tags = tag::names_of(app, repository, found.digest()).await?;
    let Record {
        digest,
        media_type,
        image_size,
        created_time,
        last_update_time,
        last_pull_time,
        config_media_type,
        architecture,
        os,
        references,
        attributes,
        ..
    } = found.record;
    Ok(ManifestAttributes {
        digest,
        image_size,
        created_time,
        last_update_time,
        last_pull_time,
        architecture,
        os,
        media_type: Some(media_type),
        config_media_type,
        tags: tags.iter().map(ToString::to_string).collect(),
        changeable_attributes: attributes,
        references,
    })
}
