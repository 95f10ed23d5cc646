//! Takes a blob away from a repository.

use acr_api::oci::{Digest, RepositoryName};
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{BLOB_HOLDER, BLOB_LINK, MANIFEST_REFERENCE, key, key3},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, refusal, repository,
};
use super::record::look_up;
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Takes a blob away, unless a manifest of the repository needs it.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<(), Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(linked) = look_up(app, &repository, digest).await? else {
            return Err(refusal::blob_unknown(digest));
        };
        if is_needed(app, &repository, digest).await? {
            return Err(refusal::disallowed());
        }
        // A push that named the blob since it was read has the same revision of it, so
        // the repository is written too: then one of the two looks again.
        let batch = repository
            .touch(Batch::new())
            .remove_if(BLOB_LINK, &key(repository.id(), digest), linked.revision)
            .remove(
                BLOB_HOLDER,
                &key3(&registry.registry_id, digest, repository.id()),
            );
        if commit(app, batch).await? {
            return Ok(());
        }
    }
    Err(lost())
}

async fn is_needed(app: &App, repository: &Repository, digest: &Digest) -> Result<bool, Error> {
    let scan = Scan {
        collection: MANIFEST_REFERENCE,
        prefix: &format!("{}/", key(repository.id(), digest)),
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}
