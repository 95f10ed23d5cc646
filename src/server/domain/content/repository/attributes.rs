//! What is known of a repository, and the change of its locks.

use acr_api::{
    acr::{ChangeableAttributes, RepositoryAttributes},
    oci::RepositoryName,
};
use acr_store::{Batch, Scan};

use super::super::{
    collection::{MANIFEST, MANIFEST_BY_TIME, TAG, TAG_BY_TIME, TAG_OF, key, prefix},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock,
};
use super::{Repository, find};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// What is known of a repository.
pub async fn attributes(app: &App, repository: &Repository) -> Result<RepositoryAttributes, Error> {
    let all = prefix(repository.id());
    let created_time = repository.record.created_time.clone();
    let newest = [
        newest(app, MANIFEST_BY_TIME, &all).await?,
        newest(app, TAG_BY_TIME, &all).await?,
    ];
    let (manifest_count, tag_count) = counts(app, repository).await?;
    Ok(RepositoryAttributes {
        registry: repository.login_server.clone(),
        image_name: repository.name.to_string(),
        last_update_time: newest
            .into_iter()
            .flatten()
            .max()
            .unwrap_or_else(|| created_time.clone()),
        created_time,
        manifest_count,
        tag_count,
        changeable_attributes: repository.attributes().clone(),
    })
}

/// How many manifests and tags there are, without those that are being deleted.
async fn counts(app: &App, repository: &Repository) -> Result<(u64, u64), Error> {
    let (id, meta) = (repository.id(), app.meta());
    let all = prefix(id);
    let mut manifests = meta.count(MANIFEST, &all).await?;
    let mut tags = meta.count(TAG, &all).await?;
    if let Some(dying) = &repository.record.dying {
        manifests = manifests.saturating_sub(dying.manifests.len() as u64);
        for digest in &dying.manifests {
            let of_dying = format!("{}/", key(id, digest));
            tags = tags.saturating_sub(meta.count(TAG_OF, &of_dying).await?);
        }
    }
    Ok((manifests, tags))
}

/// Changes the locks.
pub async fn change(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    asked: &ChangeableAttributes,
) -> Result<Repository, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let mut repository = find(app, registry, name).await?;
        lock::change(&mut repository.record.attributes, asked.clone());
        let batch = repository.touch(Batch::new());
        if commit(app, batch).await? {
            return Ok(repository);
        }
    }
    Err(lost())
}

/// The time in the last key of an index by time.
async fn newest(app: &App, collection: &str, all: &str) -> Result<Option<String>, Error> {
    let scan = Scan {
        collection,
        prefix: all,
        after: None,
        limit: 1,
    };
    let last = app.meta().scan_back(scan).await?;
    Ok(last
        .first()
        .and_then(|document| document.key.split('/').nth(1))
        .map(str::to_owned))
}
