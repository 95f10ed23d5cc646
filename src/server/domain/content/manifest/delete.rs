//! Deletes a manifest with its tags and with the manifests that are about it.

use acr_api::oci::{Digest, Reference, RepositoryName};

use super::super::{
    Repository,
    collection::{TAG_OF, key, last_part},
    commit::{MOST_ATTEMPTS, lost},
    lock, refusal, repository,
    tag::{self, Tagged},
};
use super::{
    group::with_referrers,
    record::{Found, look_up},
    removal::{AT_ONCE, remove},
};
use crate::{
    app::App,
    domain::{Error, access::Registry, scan::Slices},
};

/// Tags of one manifest that are read at a time.
const SLICE: u32 = 1000;

/// Deletes a manifest, unless it, one of its tags or one of its referrers is locked.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<(), Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find_whole(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(found) = look_up(app, &repository, digest).await? else {
            return Err(refusal::manifest_unknown(&Reference::Digest(*digest)));
        };
        let group = with_referrers(app, &repository, found).await?;
        let tags = check(app, &repository, &group).await?;
        if remove(app, &repository, &group, &tags).await? {
            return Ok(());
        }
    }
    Err(lost())
}

/// Looks for locks on all that goes, and gives the tags: all of them, or more than go by one batch.
async fn check(app: &App, repository: &Repository, group: &[Found]) -> Result<Vec<Tagged>, Error> {
    let mut tags = Vec::new();
    for found in group {
        lock::check_delete(&found.record.attributes)?;
        let all = format!("{}/", key(repository.id(), found.digest()));
        let mut slices = Slices::new(TAG_OF, &all, SLICE);
        while let Some(documents) = slices.next(app).await? {
            for document in documents {
                let name = last_part(&document.key).parse().map_err(Error::internal)?;
                let Some(tagged) = tag::find(app, repository, &name).await? else {
                    continue;
                };
                lock::check_delete(&tagged.record.attributes)?;
                if tags.len() <= AT_ONCE {
                    tags.push(tagged);
                }
            }
        }
    }
    Ok(tags)
}
