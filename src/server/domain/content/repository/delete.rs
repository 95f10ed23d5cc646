//! Deletes a repository with all it holds.

use acr_api::{acr::RepositoryDeletion, oci::RepositoryName};
use acr_store::{Batch, Document, Scan};

use super::super::{
    Repository,
    collection::{
        BLOB_HOLDER, BLOB_LINK, MANIFEST, MANIFEST_BY_TIME, MANIFEST_CONTENT, MANIFEST_REFERENCE,
        REFERRER, REPOSITORY, TAG, TAG_BY_TIME, TAG_OF, key3, last_part, prefix,
    },
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, manifest, tag,
};
use super::find;
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Documents that are read at a time.
const PAGE: u32 = 1000;

/// All that lies under the id of a repository.
const HELD: &[&str] = &[
    MANIFEST,
    MANIFEST_CONTENT,
    MANIFEST_BY_TIME,
    MANIFEST_REFERENCE,
    REFERRER,
    TAG,
    TAG_OF,
    TAG_BY_TIME,
    BLOB_LINK,
];

/// Deletes a repository, unless it or anything in it is locked.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<RepositoryDeletion, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let (batch, deletion) = plan(app, &repository).await?;
        if commit(app, batch).await? {
            return Ok(deletion);
        }
    }
    Err(lost())
}

/// Whoever adds to the repository requires its document, so removing that first keeps the rest as it is;
/// what was added since it was read is under the same prefixes.
async fn plan(app: &App, repository: &Repository) -> Result<(Batch, RepositoryDeletion), Error> {
    let mut batch = Batch::new();
    if let Some(revision) = repository.revision {
        batch = batch.remove_if(REPOSITORY, &repository.key(), revision);
    }
    let mut deletion = RepositoryDeletion::default();
    for document in all(app, repository, MANIFEST).await? {
        let record: manifest::Record = document.parse()?;
        lock::check_delete(&record.attributes)?;
        batch = batch.require(MANIFEST, &document.key, document.revision);
        deletion.manifests_deleted.push(record.digest);
    }
    for document in all(app, repository, TAG).await? {
        let record: tag::Record = document.parse()?;
        lock::check_delete(&record.attributes)?;
        batch = batch.require(TAG, &document.key, document.revision);
        deletion
            .tags_deleted
            .push(last_part(&document.key).to_owned());
    }
    for document in all(app, repository, BLOB_LINK).await? {
        let digest = last_part(&document.key);
        let holder = key3(&repository.registry_id, digest, repository.id());
        batch = batch.remove(BLOB_HOLDER, &holder);
    }
    let all = prefix(repository.id());
    let batch = HELD.iter().fold(batch, |batch, collection| {
        batch.remove_prefix(collection, &all)
    });
    Ok((batch, deletion))
}

async fn all(app: &App, repository: &Repository, collection: &str) -> Result<Vec<Document>, Error> {
    let prefix = prefix(repository.id());
    let mut found: Vec<Document> = Vec::new();
    loop {
        let scan = Scan {
            collection,
            prefix: &prefix,
            after: found.last().map(|document| document.key.as_str()),
            limit: PAGE,
        };
        let documents = app.meta().scan(scan).await?;
        let is_last = documents.len() < PAGE as usize;
        found.extend(documents);
        if is_last {
            return Ok(found);
        }
    }
}
